//! From the coarse side to the fine one: transposed convolutions, and gradients of inputs of convolutions.

mod blocks;
mod scattered;

use super::finish::Finish;
use super::joints::Joints;
use crate::convolution::geometry::Geometry;
use crate::simd::pool::Numbers;
use crate::simd::real::Real;
use crate::simd::transpose::transpose_by_all;

/// What it takes to add a number to a fine place, in numbers that are copied.
const ADDITION: usize = 3;

/// The fine side, `[batch, fine_channels, fine…]`: `Σ weight · coarse` over coarse channels and the positions that a tap
/// joins with a place, finished.
pub(super) fn spread<R: Real>(
    geometry: &Geometry,
    coarse: &[R],
    weight: &[R],
    finish: &Finish<R>,
) -> Numbers<R> {
    let (channels, places) = (geometry.fine_channels, geometry.fine_positions());
    let mut fine = Numbers::new(geometry.batch * channels * places);
    if fine.is_empty() {
        return fine;
    }
    let mut rows = Numbers::new(weight.len());
    transpose_by_all(&mut rows, weight, geometry.columns());
    match has_few_channels(geometry) {
        true => scattered::spread(geometry, coarse, &rows, finish, &mut fine),
        false => blocks::spread(geometry, coarse, &rows, finish, &mut fine),
    }
    fine
}

/// Whether there are so few fine channels that adding to them takes less than copying coarse ones for them.
pub(super) fn has_few_channels(geometry: &Geometry) -> bool {
    let copied = geometry.coarse_channels * Joints::of_blocks(geometry).taps();
    ADDITION * geometry.columns() < copied
}
