use std::ops::Range;

use rayon::prelude::*;

use super::columns::Columns;
use super::spread::coarse_of;
use super::tiles::Tile;
use super::{channels_at_a_time, scratch, tiles_with_columns};
use crate::backends::flex::product::{Matrix, Present, multiply};
use crate::backends::flex::real::Real;
use crate::convolution::geometry::Geometry;

/// Tasks that a gradient is cut into at least, where it has the work for them.
const TASKS: usize = 16;

/// The gradient of the weights, `[coarse_channels, fine_channels, kernel…]`: `Σ coarse · fine` over samples and
/// positions.
pub(super) fn weight_gradient<R: Real>(geometry: &Geometry, fine: &[R], coarse: &[R]) -> Vec<R> {
    let (channels, columns) = (geometry.coarse_channels, geometry.columns());
    let tiles = tiles_with_columns(geometry);
    let at_a_time = channels_at_a_time(geometry.fine_channels, geometry.taps());
    let groups: Vec<Range<usize>> = (0..geometry.fine_channels)
        .step_by(at_a_time)
        .map(|first| first..geometry.fine_channels.min(first + at_a_time))
        .collect();
    // Few groups of channels: their tiles are divided too.
    let parts = TASKS
        .div_ceil(groups.len().max(1))
        .clamp(1, tiles.len().max(1));
    let part = |index: usize| index * tiles.len() / parts..(index + 1) * tiles.len() / parts;
    let tasks: Vec<(Range<usize>, &[(Tile, Columns)])> = groups
        .iter()
        .flat_map(|group| (0..parts).map(|index| (group.clone(), &tiles[part(index)])))
        .collect();
    let sums: Vec<Vec<R>> = tasks
        .into_par_iter()
        .map_init(
            || [Vec::new(), Vec::new()],
            |buffers, (group, tiles)| gradient_of(geometry, fine, coarse, group, tiles, buffers),
        )
        .collect();
    let mut gradient = vec![R::ZERO; channels * columns];
    for (group, sums) in groups.iter().zip(sums.chunks(parts)) {
        let own = group.start * geometry.taps()..group.end * geometry.taps();
        for sum in sums {
            for (row, sum) in gradient.chunks_mut(columns).zip(sum.chunks(own.len())) {
                for (value, sum) in row[own.clone()].iter_mut().zip(sum) {
                    *value += *sum;
                }
            }
        }
    }
    gradient
}

/// The gradient of the weights of some fine channels, from some of the positions, `[coarse_channels, channels · taps]`.
fn gradient_of<R: Real>(
    geometry: &Geometry,
    fine: &[R],
    coarse: &[R],
    group: Range<usize>,
    tiles: &[(Tile, Columns)],
    [columns, coarse_buffer]: &mut [Vec<R>; 2],
) -> Vec<R> {
    let count = group.len() * geometry.taps();
    let mut sum = vec![R::ZERO; geometry.coarse_channels * count];
    for (tile, columns_of) in tiles {
        let width = tile.len();
        let columns = scratch(columns, count * width);
        columns_of.gather(fine, group.clone(), columns);
        multiply(
            &mut sum,
            Present::AddedTo,
            coarse_of(tile, geometry, coarse, coarse_buffer),
            Matrix::new(columns, [count, width]).transpose(),
        );
    }
    sum
}
