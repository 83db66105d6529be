use burn::tensor::{Device, Tensor};
use memae_core::MemoryUsage;
use memae_core::addressing::cosine_distance;
use memae_core::loss::reconstruction_errors;
use memae_data::LabeledImages;

use super::Scores;
use crate::network::{AutoencoderOutput, ImageAutoencoder};
use crate::train::ImageBatcher;

/// How a network did on a set of images.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// Scores of each image.
    pub scores: Scores,
    /// How the memory was used; `None` without a memory.
    pub usage: Option<MemoryUsage>,
}

/// Scores images and counts how the memory is used.
///
/// # Panics
///
/// Panics if the images don't have the shape of the network's input, or `batch_size` is 0.
pub fn evaluate(
    model: &ImageAutoencoder,
    images: &LabeledImages,
    batch_size: usize,
    device: &Device,
) -> Evaluation {
    let mut scores = Scores {
        reconstruction: Vec::with_capacity(images.len()),
        read_distance: model.memory.as_ref().map(|_| Vec::new()),
    };
    let mut usage = model
        .memory
        .as_ref()
        .map(|memory| MemoryUsage::new(memory.num_items()));
    for_each_batch(images, batch_size, device, |batch| {
        let [size, ..] = batch.dims();
        let AutoencoderOutput {
            reconstruction,
            memory,
        } = model.forward(batch.clone());
        scores
            .reconstruction
            .extend(to_host(reconstruction_errors(reconstruction, batch)));
        if let (Some(memory), Some(distances), Some(usage)) =
            (memory, &mut scores.read_distance, &mut usage)
        {
            let per_query = cosine_distance(memory.queries, memory.read);
            let [queries] = per_query.dims();
            let per_image = per_query.reshape([size, queries / size]).mean_dim(1);
            // Rounding can take 1 − cos a hair below 0.
            distances.extend(to_host(per_image.clamp_min(0.0)));
            usage.update(memory.entropy, memory.statistics);
        }
    });
    Evaluation { scores, usage }
}

/// Rebuilds images: values `[images, channels, height, width]`.
///
/// # Panics
///
/// Panics if the images don't have the shape of the network's input, or `batch_size` is 0.
pub fn reconstruct(
    model: &ImageAutoencoder,
    images: &LabeledImages,
    batch_size: usize,
    device: &Device,
) -> Vec<f32> {
    let mut values = Vec::with_capacity(images.len() * images.shape().len());
    for_each_batch(images, batch_size, device, |batch| {
        let rebuilt = model.forward(batch).reconstruction;
        values.extend(to_host(rebuilt).into_iter().map(|value| value as f32));
    });
    values
}

/// Squared error at each pixel, summed over channels: values `[images, height, width]`, ≥ 0.
///
/// # Panics
///
/// Panics if the images don't have the shape of the network's input, or `batch_size` is 0.
pub fn error_maps(
    model: &ImageAutoencoder,
    images: &LabeledImages,
    batch_size: usize,
    device: &Device,
) -> Vec<f32> {
    let shape = images.shape();
    let mut values = Vec::with_capacity(images.len() * shape.height * shape.width);
    for_each_batch(images, batch_size, device, |batch| {
        let rebuilt = model.forward(batch.clone()).reconstruction;
        let map = (batch - rebuilt).square().sum_dim(1);
        values.extend(to_host(map).into_iter().map(|value| value as f32));
    });
    values
}

/// Calls `visit` with the images in order, `[batch, channels, height, width]` at a time.
pub(crate) fn for_each_batch(
    images: &LabeledImages,
    batch_size: usize,
    device: &Device,
    mut visit: impl FnMut(Tensor<4>),
) {
    assert!(batch_size > 0, "batch_size is 0, expected at least 1");
    let batcher = ImageBatcher::new(images.shape());
    for start in (0..images.len()).step_by(batch_size) {
        let end = (start + batch_size).min(images.len());
        let indices: Vec<usize> = (start..end).collect();
        visit(batcher.batch_of(&images.select(&indices), device).images);
    }
}

pub(crate) fn to_host<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor
        .try_into_vec_as()
        .unwrap_or_else(|error| panic!("values can't be read from their device: {error}"))
}
