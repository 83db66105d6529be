//! Queries that go through an autoencoder, or through a memory alone.

use burn::tensor::Device;
use memae_core::MemoryModuleConfig;
use memae_data::encode::{MotionDraw, MotionField, MotionLayout};
use memae_data::sample::{VectorShape, Vectors};
use memae_models::network::{
    Variant, VectorAutoencoder, VectorAutoencoderConfig, VectorLayerConfig,
};
use memae_models::score::reconstruct_samples;
use memae_models::train::{MotionMemoryConfig, ProgressDisplay, TrainConfig, TrainError, Trainer};

use super::data::MotionVideo;
use super::place_scores::{PlaceScores, norm};
use crate::ExperimentError;

/// Queries that the network takes at once.
const BATCH_SIZE: usize = 8192;
/// Queries that are learned from.
const QUERIES: usize = 60_000;

/// The distance of a query to what comes back.
pub(super) struct Rebuilt {
    model: VectorAutoencoder,
    layout: MotionLayout,
    /// What queries are multiplied by before.
    scale: f32,
    device: Device,
}

impl Rebuilt {
    /// By the nearest of so many items that move.
    pub(super) fn nearest(
        layout: &MotionLayout,
        train: &[&MotionVideo],
        items: usize,
        seed: u64,
        device: &Device,
    ) -> Result<Self, ExperimentError> {
        let config = MotionMemoryConfig::default()
            .with_items(items)
            .with_seed(seed);
        let (model, _) = config.fit(layout, &drawn(layout, train, seed), device)?;
        Ok(Self::of(model, layout, 1.0, device))
    }

    /// By a mean of several items, as `read` weighs them.
    pub(super) fn mean_of_items(
        layout: &MotionLayout,
        train: &[&MotionVideo],
        items: usize,
        read: impl FnOnce(MemoryModuleConfig) -> MemoryModuleConfig,
        seed: u64,
        device: &Device,
    ) -> Result<Self, ExperimentError> {
        let config = MotionMemoryConfig::default()
            .with_items(items)
            .with_seed(seed);
        let queries = drawn(layout, train, seed);
        let (nearest, network) = config.fit(layout, &queries, device)?;
        let found = nearest.memory.zip(network.memory);
        let (memory, settings) = found.ok_or(ExperimentError::NoMemory)?;
        let network = VectorAutoencoderConfig::memory_alone(network.input, read(settings));
        let model = network.try_init_with_items(memory.items.val())?;
        Ok(Self::of(model, layout, 1.0, device))
    }

    /// By an autoencoder that is trained, with a memory or without.
    pub(super) fn trained(
        layout: &MotionLayout,
        train: &[&MotionVideo],
        variant: Variant,
        items: usize,
        seed: u64,
        device: &Device,
    ) -> Result<Self, ExperimentError> {
        let queries = moving(&drawn(layout, train, seed));
        if queries.is_empty() {
            return Err(TrainError::NoMotion { queries: 0 }.into());
        }
        let width = queries.width();
        let layer = VectorLayerConfig::new;
        let network = VectorAutoencoderConfig::new(
            VectorShape { width },
            vec![layer(32), layer(width)],
            vec![layer(32), layer(width)],
        )
        .with_variant(variant, items);
        let norms: f32 = (0..queries.len()).map(|row| norm(queries.row(row))).sum();
        let scale = queries.len() as f32 / norms;
        let scaled = queries.values().iter().map(|value| value * scale);
        let scaled =
            Vectors::new(width, scaled.collect()).map_err(|_| ExperimentError::NothingToMeasure)?;
        let config = TrainConfig::new()
            .with_epochs(10)
            .with_batch_size(256)
            .with_seed(seed);
        let trained = Trainer::new(config, device.clone())
            .with_display(ProgressDisplay::Silent)
            .fit(&network, &scaled)?;
        Ok(Self::of(trained.model, layout, scale, device))
    }

    fn of(model: VectorAutoencoder, layout: &MotionLayout, scale: f32, device: &Device) -> Self {
        let device = device.clone().without_autodiff();
        Self {
            model,
            layout: layout.clone(),
            scale,
            device,
        }
    }
}

impl PlaceScores for Rebuilt {
    fn of(&self, field: &MotionField) -> Result<Vec<f32>, ExperimentError> {
        let queries = self.layout.queries(field).into_iter();
        let values: Vec<f32> = queries.map(|value| value * self.scale).collect();
        let width = self.layout.query_len();
        let queries =
            Vectors::new(width, values.clone()).map_err(|_| ExperimentError::NothingToMeasure)?;
        let rebuilt = reconstruct_samples(&self.model, &queries, BATCH_SIZE, &self.device)
            .map_err(TrainError::from)?;
        let pairs = values.chunks_exact(width).zip(rebuilt.chunks_exact(width));
        let distances = pairs.map(|(query, rebuilt)| {
            let squares = query.iter().zip(rebuilt).map(|(a, b)| (a - b) * (a - b));
            squares.sum::<f32>().sqrt() / self.scale
        });
        Ok(distances.collect())
    }
}

fn drawn(layout: &MotionLayout, train: &[&MotionVideo], seed: u64) -> Vectors {
    let mut drawn = MotionDraw::new(layout, QUERIES, seed);
    for field in train.iter().flat_map(|video| video.known()) {
        drawn.push(field);
    }
    drawn.vectors()
}

/// Queries that move more than the median.
fn moving(queries: &Vectors) -> Vectors {
    let motion = |row| &queries.row(row)[..MotionField::DIRECTIONS];
    let norms: Vec<f32> = (0..queries.len()).map(|row| norm(motion(row))).collect();
    let mut sorted = norms.clone();
    sorted.sort_by(f32::total_cmp);
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or(0.0);
    let indices: Vec<usize> = (0..norms.len())
        .filter(|&row| norms[row] > median)
        .collect();
    queries.select(&indices)
}
