use burn::tensor::{Device, Tensor, TensorData};
use memae_core::MemoryConfigError;
use memae_core::items::KMeansConfig;
#[cfg(feature = "files")]
use memae_data::encode::{MotionDraw, MotionPreprocessing};
use memae_data::encode::{MotionField, MotionLayout};
use memae_data::protocol::quantile;
#[cfg(feature = "files")]
use memae_data::sample::Video;
use memae_data::sample::{VectorShape, Vectors};
use serde::{Deserialize, Serialize};

use super::error::TrainError;
use super::sample_memory::SampleMemoryConfig;
use crate::network::{VectorAutoencoder, VectorAutoencoderConfig};

/// A memory of normal motion, without encoder and decoder: what moves as something normal did is normal.
///
/// Its items are centres of clusters ([`KMeansConfig`]) of queries of normal videos, of those that move more than half of all do,
/// and one for what does not move, or one for each place where the [position](memae_data::encode::MotionConfig::position) of a place
/// is part of its query. A query reads its nearest item, and the reconstruction error is its squared distance to that.
///
/// ```
/// use burn::tensor::Device;
/// use memae_data::encode::MotionConfig;
/// use memae_data::sample::Vectors;
/// use memae_models::train::MotionMemoryConfig;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // To the right, slowly or fast, and nothing at all.
/// let to_the_right = |speed: f32| [speed, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
/// let normal = Vectors::new(8, [0.1, 0.3, 0.0, 0.0, 0.0].map(to_the_right).concat())?;
/// let layout = MotionConfig::default().layout(240, 360, 10.0)?;
/// let config = MotionMemoryConfig::default().with_items(2);
/// let (model, network) = config.fit(&layout, &normal, &Device::flex())?;
/// assert_eq!(network.memory.unwrap().num_items, 3);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct MotionMemoryConfig {
    /// Items that move, at least 1; where fewer queries do, as many as these. Default: 10.
    pub items: usize,
    /// Queries to be drawn from all that normal videos have, of which those that move more than the median are clustered; at
    /// least 1. Default: 60,000.
    pub queries: usize,
    /// Seed of what is drawn. Default: 0.
    pub seed: u64,
}

impl Default for MotionMemoryConfig {
    fn default() -> Self {
        Self {
            items: 10,
            queries: 60_000,
            seed: 0,
        }
    }
}

impl MotionMemoryConfig {
    /// Makes so many items that move.
    pub fn with_items(self, items: usize) -> Self {
        Self { items, ..self }
    }

    /// Draws so many queries.
    pub fn with_queries(self, queries: usize) -> Self {
        Self { queries, ..self }
    }

    /// Draws by another seed.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The memory of the motion in normal videos, with its settings: that of queries drawn from them.
    ///
    /// # Errors
    ///
    /// As of [`fit`](Self::fit); a video that does not go the way.
    #[cfg(feature = "files")]
    pub fn fit_videos(
        &self,
        way: &MotionPreprocessing,
        normal: &[Video],
        device: &Device,
    ) -> Result<(VectorAutoencoder, VectorAutoencoderConfig), TrainError> {
        let layout = way.layout()?;
        let mut drawn = MotionDraw::new(&layout, self.queries, self.seed);
        for video in normal {
            for frame in way.frames(video)? {
                if let Some(field) = frame?.field {
                    drawn.push(&field);
                }
            }
        }
        self.fit(&layout, &drawn.vectors(), device)
    }

    /// The memory of these queries, `[queries, values]`, of frames of this layout, with its settings.
    ///
    /// # Errors
    ///
    /// No items asked for; no query that moves.
    ///
    /// # Panics
    ///
    /// Panics if the queries are of another width than those of the layout.
    pub fn fit(
        &self,
        layout: &MotionLayout,
        queries: &Vectors,
        device: &Device,
    ) -> Result<(VectorAutoencoder, VectorAutoencoderConfig), TrainError> {
        if self.items == 0 {
            return Err(MemoryConfigError::NoItems.into());
        }
        let shape = VectorShape {
            width: layout.query_len(),
        };
        assert!(
            queries.width() == shape.width,
            "queries of {} values, expected {}",
            queries.width(),
            shape.width
        );
        let moving = moving(queries);
        let count = moving.len() / shape.width;
        if count == 0 {
            return Err(TrainError::NoMotion {
                queries: queries.len(),
            });
        }
        let data = TensorData::new(moving, [count, shape.width]);
        let centers = KMeansConfig::new()
            .with_seed(self.seed)
            .centers(Tensor::from_data(data, device), self.items.min(count))?;
        let still = layout.still_queries();
        let size = [still.len(), shape.width];
        let still = Tensor::from_data(TensorData::new(still.values().to_vec(), size), device);
        SampleMemoryConfig::of_items(Tensor::cat(vec![centers, still], 0), shape, 1)
    }
}

/// The queries, flattened, whose motion is above the median of all, by its norm.
fn moving(queries: &Vectors) -> Vec<f32> {
    let norm = |query: &[f32]| -> f64 {
        let motion = &query[..MotionField::DIRECTIONS];
        let squares = motion.iter().map(|value| f64::from(*value).powi(2));
        squares.sum::<f64>().sqrt()
    };
    let rows = || (0..queries.len()).map(|index| queries.row(index));
    let norms: Vec<f64> = rows().map(norm).collect();
    let median = quantile(&norms, 0.5).unwrap_or(0.0);
    let moving = rows().zip(norms).filter(|(_, norm)| *norm > median);
    moving.flat_map(|(query, _)| query).copied().collect()
}
