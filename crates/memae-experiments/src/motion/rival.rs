use std::fmt;

use burn::tensor::Device;
use memae_core::addressing::{Shrinkage, Similarity};
use memae_data::encode::MotionLayout;
use memae_models::network::Variant;

use super::data::MotionVideo;
use super::mixture_per_place::MixturePerPlace;
use super::network::Rebuilt;
use super::per_place::GaussianPerPlace;
use super::place_scores::{OfQuery, PlaceScores, mean_speed, norm};
use crate::ExperimentError;

/// How normal motion is learned, if it is.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Rival {
    /// Nothing: the norm of the query.
    Norm,
    /// Nothing: its sum, the mean speed.
    MeanSpeed,
    /// A normal distribution of the norm for each place.
    NormPerPlace,
    /// Normal distributions of the values for each place.
    GaussianPerPlace,
    /// A mixture of normal distributions for each place.
    MixturePerPlace {
        /// Normal distributions of a place.
        components: usize,
    },
    /// A memory alone, read by its nearest item.
    Nearest {
        /// Items that move.
        items: usize,
    },
    /// A memory alone, read by the mean of its nearest items.
    NearestOf {
        /// Items that move.
        items: usize,
        /// Of which so many are read.
        neighbors: usize,
    },
    /// A memory alone, read softly and sparsely: cosine similarity, λ = 1/N.
    SoftSparse {
        /// Items that move.
        items: usize,
    },
    /// An autoencoder 8-32-8-32-8 that is trained.
    Autoencoder,
    /// The same with a memory.
    MemAe {
        /// Items.
        items: usize,
    },
}

impl fmt::Display for Rival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Norm => f.write_str("norm of the query"),
            Self::MeanSpeed => f.write_str("mean speed"),
            Self::NormPerPlace => f.write_str("norm, beside what is usual at its place"),
            Self::GaussianPerPlace => f.write_str("Gaussian per place"),
            Self::MixturePerPlace { components } => {
                write!(f, "mixture of {components} Gaussians per place")
            }
            Self::Nearest { items } => write!(f, "memory, nearest of {items} items"),
            Self::NearestOf { items, neighbors } => {
                write!(f, "memory, {neighbors} nearest of {items} items")
            }
            Self::SoftSparse { items } => write!(f, "memory, {items} items, soft and sparse"),
            Self::Autoencoder => f.write_str("autoencoder, trained"),
            Self::MemAe { items } => write!(f, "MemAE, {items} items, trained"),
        }
    }
}

impl Rival {
    /// Those that are set beside each other by default.
    pub const ALL: [Self; 11] = [
        Self::Norm,
        Self::MeanSpeed,
        Self::NormPerPlace,
        Self::GaussianPerPlace,
        Self::MixturePerPlace { components: 3 },
        Self::Nearest { items: 10 },
        Self::Nearest { items: 100 },
        Self::NearestOf {
            items: 100,
            neighbors: 5,
        },
        Self::SoftSparse { items: 100 },
        Self::Autoencoder,
        Self::MemAe { items: 100 },
    ];

    /// Whether weights are trained, which takes longer.
    pub fn is_trained(self) -> bool {
        matches!(self, Self::Autoencoder | Self::MemAe { .. })
    }

    /// Learns from normal videos.
    pub(crate) fn learn(
        self,
        layout: &MotionLayout,
        train: &[&MotionVideo],
        seed: u64,
        device: &Device,
    ) -> Result<Box<dyn PlaceScores>, ExperimentError> {
        Ok(match self {
            Self::Norm => Box::new(OfQuery(norm)),
            Self::MeanSpeed => Box::new(OfQuery(mean_speed)),
            Self::NormPerPlace => Box::new(GaussianPerPlace::of_norm(train)),
            Self::GaussianPerPlace => Box::new(GaussianPerPlace::of_values(train)),
            Self::MixturePerPlace { components } => {
                Box::new(MixturePerPlace::fit(train, components, seed, device)?)
            }
            Self::Nearest { items } => {
                Box::new(Rebuilt::nearest(layout, train, items, seed, device)?)
            }
            Self::NearestOf { items, neighbors } => {
                let read = |memory: memae_core::MemoryModuleConfig| {
                    memory.with_shrinkage(Shrinkage::TopK(neighbors))
                };
                Box::new(Rebuilt::mean_of_items(
                    layout, train, items, read, seed, device,
                )?)
            }
            Self::SoftSparse { items } => {
                let read = |memory: memae_core::MemoryModuleConfig| {
                    memory
                        .with_similarity(Similarity::Cosine)
                        .with_temperature(1.0)
                        .with_shrinkage(Shrinkage::relative(1.0))
                };
                Box::new(Rebuilt::mean_of_items(
                    layout, train, items, read, seed, device,
                )?)
            }
            Self::Autoencoder => Box::new(Rebuilt::trained(
                layout,
                train,
                Variant::Ae,
                1,
                seed,
                device,
            )?),
            Self::MemAe { items } => Box::new(Rebuilt::trained(
                layout,
                train,
                Variant::MemAe,
                items,
                seed,
                device,
            )?),
        })
    }
}
