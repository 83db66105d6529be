//! How samples are scored: of which shape, and how many at once.

use super::error::DetectorError;
use crate::network::SampleShape;
use crate::samples::Samples;

/// Samples scored at once, unless they are large.
const MAX_BATCH_SIZE: usize = 128;

/// Values scored at once: a batch of clips takes as much memory as one of images.
const MAX_BATCH_VALUES: usize = 1 << 22;

/// Checks that samples have the shape of the network's input.
pub(super) fn check_shape<S: SampleShape>(
    samples: &impl Samples<Shape = S>,
    expected: S,
) -> Result<(), DetectorError> {
    let found = samples.shape();
    match found == expected {
        true => Ok(()),
        false => Err(DetectorError::SampleShape {
            name: S::NAME,
            found: found.to_string(),
            expected: expected.to_string(),
        }),
    }
}

/// How many samples of a shape are scored at once.
pub(super) fn batch_size(shape: impl SampleShape) -> usize {
    (MAX_BATCH_VALUES / shape.num_values().max(1)).clamp(1, MAX_BATCH_SIZE)
}
