use std::ops::Range;

use burn::data::dataset::DatasetError;
use burn::tensor::{Bool, Device, Tensor, TensorData};
use memae_core::MemoryUsage;
use memae_core::addressing::cosine_distance;
use memae_core::loss::reconstruction_errors;
use memae_data::sample::LabeledImages;

use super::error_map::squared_errors;
use super::host::to_host;
use super::scores::Scores;
use crate::network::{Autoencoder, AutoencoderOutput, ImageAutoencoder, SampleShape};
use crate::samples::{Samples, for_each_batch, for_each_batch_in};

/// How a network did on a set of samples.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// Scores of each sample.
    pub scores: Scores,
    /// How the memory was used; `None` without a memory.
    pub usage: Option<MemoryUsage>,
}

impl Evaluation {
    /// Adds that of further samples by the same network.
    pub(crate) fn append(&mut self, other: Self) {
        let both = |all: &mut Option<Vec<f64>>, more: Option<Vec<f64>>| {
            if let (Some(all), Some(more)) = (all, more) {
                all.extend(more);
            }
        };
        let scores = &mut self.scores;
        scores.reconstruction.extend(other.scores.reconstruction);
        both(&mut scores.read_distance, other.scores.read_distance);
        both(
            &mut scores.encoding_distance,
            other.scores.encoding_distance,
        );
        if let (Some(usage), Some(more)) = (&mut self.usage, &other.usage) {
            usage.merge(more);
        }
    }
}

/// Scores samples of any kind and counts how the memory is used.
///
/// # Errors
///
/// A sample can't be read.
///
/// # Panics
///
/// Panics if the samples don't have as many values as the network's input, or `batch_size` is 0.
pub fn evaluate_samples<A: Autoencoder, S: Samples>(
    model: &A,
    samples: &S,
    batch_size: usize,
    device: &Device,
) -> Result<Evaluation, DatasetError> {
    let all = 0..samples.len();
    evaluate_with(model, samples, all, batch_size, device, true, None)
}

/// The same of the samples in a range, with the encoding distance or without, which saves the encoder's time once.
///
/// What lies outside is known, so that the network has no say in it: of samples with positions that are not `inside`
/// (`[positions]` of all samples, or `[samples, positions]`) the reconstruction there is what was given.
pub(crate) fn evaluate_with<A: Autoencoder, S: Samples>(
    model: &A,
    samples: &S,
    range: Range<usize>,
    batch_size: usize,
    device: &Device,
    with_encoding_distance: bool,
    inside: Option<&[bool]>,
) -> Result<Evaluation, DatasetError> {
    let channels = samples.shape().dims()[0];
    let mut row = 0;
    let mut scores = Scores {
        reconstruction: Vec::with_capacity(range.len()),
        read_distance: model.memory().map(|_| Vec::new()),
        encoding_distance: with_encoding_distance.then(Vec::new),
    };
    let mut usage = model
        .memory()
        .map(|memory| MemoryUsage::new(memory.num_items()));
    for_each_batch_in(samples, range, batch_size, device, |batch| {
        let [size, _] = batch.dims();
        let AutoencoderOutput {
            reconstruction,
            memory,
        } = model.forward_rows(batch.clone());
        let reconstruction = match inside {
            Some(inside) => {
                let outside = outside(inside, row, batch.dims(), channels, device);
                reconstruction.mask_where(outside, batch.clone())
            }
            None => reconstruction,
        };
        row += size;
        if let Some(distances) = &mut scores.encoding_distance {
            let queries = match &memory {
                Some(memory) => memory.queries.clone(),
                None => model.queries_of_rows(batch.clone()),
            };
            let again = model.queries_of_rows(reconstruction.clone());
            distances.extend(mean_distances(queries, again, size));
        }
        scores
            .reconstruction
            .extend(to_host(reconstruction_errors(reconstruction, batch)));
        if let (Some(memory), Some(distances), Some(usage)) =
            (memory, &mut scores.read_distance, &mut usage)
        {
            distances.extend(mean_distances(memory.queries, memory.read, size));
            usage.update(memory.entropy, memory.statistics);
        }
    })?;
    Ok(Evaluation { scores, usage })
}

/// Which values of samples, `[size, channels · positions]`, the first of which is number `row`, are not inside.
fn outside(
    inside: &[bool],
    row: usize,
    [size, values]: [usize; 2],
    channels: usize,
    device: &Device,
) -> Tensor<2, Bool> {
    let positions = values / channels;
    let of_row = |row: usize| {
        let start = row * positions % inside.len();
        &inside[start..start + positions]
    };
    let rows = (row..row + size).flat_map(|row| std::iter::repeat_n(of_row(row), channels));
    let outside: Vec<bool> = rows.flatten().map(|inside| !inside).collect();
    Tensor::from_data(TensorData::new(outside, [size, values]), device)
}

/// `1 − cos` of two sets of vectors `[queries, item_dim]`; the mean over the queries of each of `samples`
/// samples.
fn mean_distances(first: Tensor<2>, second: Tensor<2>, samples: usize) -> Vec<f64> {
    let per_query = cosine_distance(first, second);
    let [queries] = per_query.dims();
    let per_sample = per_query.reshape([samples, queries / samples]).mean_dim(1);
    // Rounding can take 1 − cos a hair below 0.
    to_host(per_sample.clamp_min(0.0))
}

/// Rebuilds samples of any kind: values `[samples, …]`, flattened.
///
/// # Errors
///
/// A sample can't be read.
///
/// # Panics
///
/// Panics if the samples don't have as many values as the network's input, or `batch_size` is 0.
pub fn reconstruct_samples<A: Autoencoder, S: Samples>(
    model: &A,
    samples: &S,
    batch_size: usize,
    device: &Device,
) -> Result<Vec<f32>, DatasetError> {
    let mut values = Vec::new();
    for_each_batch(samples, batch_size, device, |batch| {
        let rebuilt = model.forward_rows(batch).reconstruction;
        values.extend(to_host(rebuilt).into_iter().map(|value| value as f32));
    })?;
    Ok(values)
}

/// Squared error at each position of samples of any kind, summed over channels: values
/// `[samples, …]` without the channel axis, flattened, ≥ 0. Of vectors that is one value each, the error of all.
///
/// # Errors
///
/// A sample can't be read.
///
/// # Panics
///
/// Panics if the samples don't have as many values as the network's input, or `batch_size` is 0.
pub fn error_maps_of_samples<A: Autoencoder, S: Samples>(
    model: &A,
    samples: &S,
    batch_size: usize,
    device: &Device,
) -> Result<Vec<f32>, DatasetError> {
    let mut values = Vec::new();
    let all = 0..samples.len();
    visit_error_maps(model, samples, all, batch_size, device, |map| {
        values.extend(map);
    })?;
    Ok(values)
}

/// Calls `visit` with the error map of each sample in a range, in order; see [`error_maps_of_samples`].
pub(crate) fn visit_error_maps<A: Autoencoder, S: Samples>(
    model: &A,
    samples: &S,
    range: Range<usize>,
    batch_size: usize,
    device: &Device,
    mut visit: impl FnMut(Vec<f32>),
) -> Result<(), DatasetError> {
    let dims = samples.shape().dims();
    let positions: usize = dims[1..].iter().product();
    for_each_batch_in(samples, range, batch_size, device, |batch| {
        let rebuilt = model.forward_rows(batch.clone()).reconstruction;
        let errors = to_host(squared_errors(batch, rebuilt, dims[0]));
        for map in errors.chunks_exact(positions) {
            visit(map.iter().map(|&error| error as f32).collect());
        }
    })
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
    in_memory(evaluate_samples(model, images, batch_size, device))
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
    in_memory(reconstruct_samples(model, images, batch_size, device))
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
    in_memory(error_maps_of_samples(model, images, batch_size, device))
}

/// Images in memory can always be read.
fn in_memory<T>(result: Result<T, DatasetError>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}
