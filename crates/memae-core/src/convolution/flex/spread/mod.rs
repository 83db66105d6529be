mod blocks;
mod scattered;

use super::joints::Joints;
use crate::backends::flex::numbers::Numbers;
use crate::backends::flex::real::Real;
use crate::backends::flex::transpose::transpose_by_all;
use crate::convolution::geometry::Geometry;

/// What it takes to add a number to a fine place, in numbers that are copied.
const ADDITION: usize = 3;

/// The fine side, `[batch, fine_channels, fine…]`: `Σ weight · coarse` over coarse channels and the positions that a tap
/// joins with a place, and the bias.
pub(super) fn spread<R: Real>(
    geometry: &Geometry,
    coarse: &[R],
    weight: &[R],
    bias: &[R],
) -> Numbers<R> {
    let (channels, places) = (geometry.fine_channels, geometry.fine_positions());
    let mut fine = Numbers::new(geometry.batch * channels * places);
    if fine.is_empty() {
        return fine;
    }
    let mut rows = Numbers::new(weight.len());
    transpose_by_all(&mut rows, weight, geometry.columns());
    // Numbers that are moved for each coarse position.
    let copied = geometry.coarse_channels * Joints::of_blocks(geometry).taps();
    match ADDITION * geometry.columns() < copied {
        true => scattered::spread(geometry, coarse, &rows, bias, &mut fine),
        false => blocks::spread(geometry, coarse, &rows, bias, &mut fine),
    }
    fine
}
