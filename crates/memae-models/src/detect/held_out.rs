//! Which held-out samples belong together.

use memae_data::protocol::{Calibration, CalibrationError};
use memae_data::sample::TileGrid;

use crate::samples::Samples;

/// The scores of held-out samples, in the groups that were named, or else in those that the samples know of; without any, in those
/// that `otherwise` makes.
pub(super) fn grouped(
    scores: &[f64],
    named: Option<&[usize]>,
    held_out: &impl Samples,
    otherwise: impl FnOnce() -> Vec<usize>,
) -> Result<Calibration, CalibrationError> {
    match named {
        Some(groups) => Calibration::in_groups(scores, groups),
        None => {
            let groups = held_out.groups().map_or_else(otherwise, |groups| {
                // Of tiles each picture has a score, and the group of its tiles.
                match held_out.pictures() {
                    Some(grids) => firsts(&groups, grids.iter().map(TileGrid::len)),
                    None => groups,
                }
            });
            Calibration::in_groups(scores, &groups)
        }
    }
}

/// The first of each run of values.
fn firsts(values: &[usize], runs: impl Iterator<Item = usize>) -> Vec<usize> {
    let starts = runs.scan(0, |end, length| {
        let start = *end;
        *end += length;
        Some(start)
    });
    starts.map(|start| values[start]).collect()
}

/// Each of so many is a group of its own.
pub(super) fn single(count: usize) -> Vec<usize> {
    (0..count).collect()
}
