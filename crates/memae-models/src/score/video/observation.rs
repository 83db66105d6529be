use burn::data::dataset::DatasetError;
use burn::tensor::{Device, Tensor};
use memae_core::addressing::cosine_distance;
use memae_data::sample::ClipShape;

use crate::network::{AutoencoderOutput, VideoAutoencoder};
use crate::samples::{Samples, for_each_batch};
use crate::score::error_map::squared_errors;
use crate::score::host::to_host;

/// What a network makes of one clip: all that scores are computed from.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ClipObservation {
    /// Error of each pixel, the norm over channels ‖x − x̂‖, `[frames, height, width]` flattened.
    pub errors: Vec<f32>,
    /// Distance between query and read, 1 − cos(z, ẑ), the mean over all queries, in `[0, 2]`;
    /// `None` without a memory.
    pub read_distance: Option<f64>,
    /// Entropy of the shrunk weights in nats, the mean over all queries; `None` without a memory.
    pub entropy: Option<f64>,
}

/// Shows clips to a network and calls `visit` with what it makes of each, in order.
///
/// # Errors
///
/// A clip can't be read.
///
/// # Panics
///
/// Panics if the clips don't have the shape of the network's input, or `batch_size` is 0.
pub fn observe_clips(
    model: &VideoAutoencoder,
    clips: &impl Samples<Shape = ClipShape>,
    batch_size: usize,
    device: &Device,
    mut visit: impl FnMut(ClipObservation),
) -> Result<(), DatasetError> {
    let ClipShape {
        channels,
        frames,
        height,
        width,
    } = clips.shape();
    for_each_batch(clips, batch_size, device, |batch| {
        let [size, _] = batch.dims();
        let batch = batch.reshape([size, channels, frames, height, width]);
        observe(model, batch).into_iter().for_each(&mut visit);
    })
}

/// What a network makes of clips, `[batch, channels, frames, height, width]`.
pub(crate) fn observe(model: &VideoAutoencoder, clips: Tensor<5>) -> Vec<ClipObservation> {
    let [size, channels, frames, height, width] = clips.dims();
    let AutoencoderOutput {
        reconstruction,
        memory,
    } = model.forward(clips.clone());
    let rows = |clips: Tensor<5>| clips.reshape([size, channels * frames * height * width]);
    let errors = squared_errors(rows(clips), rows(reconstruction), channels);
    let errors = to_host(errors.sqrt());
    let per_clip = |per_query: Tensor<1>| {
        let [queries] = per_query.dims();
        to_host(per_query.reshape([size, queries / size]).mean_dim(1))
    };
    let (distances, entropies) = match memory {
        Some(memory) => {
            let distances = per_clip(cosine_distance(memory.queries, memory.read));
            (Some(distances), Some(per_clip(memory.entropy)))
        }
        None => (None, None),
    };
    let clips = errors.chunks(frames * height * width).enumerate();
    clips
        .map(|(index, errors)| ClipObservation {
            errors: errors.iter().map(|error| *error as f32).collect(),
            read_distance: distances.as_ref().map(|all| not_below_zero(all[index])),
            entropy: entropies.as_ref().map(|all| all[index]),
        })
        .collect()
}

/// Rounding can take 1 − cos a hair below 0. What is no number stays so, where `f64::max` would make it 0,
/// the most normal distance there is.
fn not_below_zero(distance: f64) -> f64 {
    if distance < 0.0 { 0.0 } else { distance }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_stays_so() {
        assert!(not_below_zero(f64::NAN).is_nan());
        assert_eq!(not_below_zero(-1e-9), 0.0);
        assert_eq!(not_below_zero(0.25), 0.25);
    }
}
