//! Which held-out samples belong together.

use memae_data::protocol::{Calibration, CalibrationError};

use crate::samples::Samples;

/// The scores of held-out samples, in the groups that were named, or else in those that the samples know of; without any, in those
/// that `otherwise` makes.
pub(super) fn calibration(
    scores: &[f64],
    named: Option<&[usize]>,
    held_out: &impl Samples,
    otherwise: impl FnOnce() -> Vec<usize>,
) -> Result<Calibration, CalibrationError> {
    match named {
        Some(groups) => Calibration::in_groups(scores, groups),
        None => {
            let groups = held_out.groups().unwrap_or_else(otherwise);
            Calibration::in_groups(scores, &groups)
        }
    }
}

/// Each sample is a group of its own.
pub(super) fn single(samples: &impl Samples) -> Vec<usize> {
    (0..samples.len()).collect()
}
