use std::ops::Range;

use rayon::prelude::*;

use super::coarse::channels_in_panels;
use super::columns::{Columns, Layout, channels_at_a_time};
use super::joints::Joints;
use super::panels::{Buffer, PANEL, Present, Rows, multiply, panel_values};
use super::tiles::tiles;
use crate::convolution::geometry::Geometry;
use crate::simd::pool::Numbers;
use crate::simd::real::Real;

/// Tasks that a gradient is cut into at least, where it has the work for them.
const TASKS: usize = 16;

/// The gradient of the weights, `[coarse_channels, fine_channels, kernel…]`: `Σ coarse · fine` over samples and
/// positions.
pub(super) fn weight_gradient<R: Real>(
    geometry: &Geometry,
    fine: &[R],
    coarse: &[R],
) -> Numbers<R> {
    let (channels, columns) = (geometry.coarse_channels, geometry.columns());
    let joints = Joints::with_fine(geometry);
    let pieces: Vec<Piece<R>> = tiles(geometry)
        .into_par_iter()
        .map(|tile| Piece {
            width: tile.len(),
            coarse: channels_in_panels(&tile, geometry, coarse),
            columns: Columns::of(&tile, &joints, Layout::Rows),
        })
        .collect();
    let at_a_time = channels_at_a_time(geometry.fine_channels, geometry.taps());
    let groups: Vec<Range<usize>> = (0..geometry.fine_channels)
        .step_by(at_a_time)
        .map(|first| first..geometry.fine_channels.min(first + at_a_time))
        .collect();
    // Few groups of channels: their pieces are divided too.
    let parts = TASKS
        .div_ceil(groups.len().max(1))
        .clamp(1, pieces.len().max(1));
    let part = |index: usize| index * pieces.len() / parts..(index + 1) * pieces.len() / parts;
    let tasks: Vec<(Range<usize>, &[Piece<R>])> = groups
        .iter()
        .flat_map(|group| (0..parts).map(|index| (group.clone(), &pieces[part(index)])))
        .collect();
    let sums: Vec<Buffer<R>> = tasks
        .into_par_iter()
        .map_init(Buffer::new, |columns, (group, pieces)| {
            gradient_of(geometry, fine, group, pieces, columns)
        })
        .collect();
    let mut gradient = Numbers::<R>::new(channels * columns);
    gradient
        .par_chunks_mut(columns.max(1))
        .enumerate()
        .for_each(|(channel, row)| {
            for (group, sums) in groups.iter().zip(sums.chunks(parts)) {
                let own = group.start * geometry.taps()..group.end * geometry.taps();
                let panel = channel / PANEL * own.len() * PANEL + channel % PANEL;
                let row = &mut row[own];
                row.fill(R::ZERO);
                for sum in sums {
                    let sum = sum.values()[panel..].iter().step_by(PANEL);
                    for (value, sum) in row.iter_mut().zip(sum) {
                        *value += *sum;
                    }
                }
            }
        });
    gradient
}

/// Positions that are summed over at once.
struct Piece<R> {
    width: usize,
    /// In panels of channels.
    coarse: Buffer<R>,
    columns: Columns,
}

/// The gradient of the weights of some fine channels, from some of the positions, `[channels · taps, coarse_channels]`
/// in panels.
fn gradient_of<R: Real>(
    geometry: &Geometry,
    fine: &[R],
    group: Range<usize>,
    pieces: &[Piece<R>],
    buffer: &mut Buffer<R>,
) -> Buffer<R> {
    let channels = geometry.coarse_channels;
    let count = group.len() * geometry.taps();
    let mut sum = Buffer::new();
    let values = sum.take(panel_values(count, channels));
    if pieces.is_empty() {
        values.fill(R::ZERO);
    }
    let mut present = Present::Overwritten;
    for piece in pieces {
        let width = piece.width;
        let columns = buffer.take(piece.columns.values(group.len(), geometry.taps()));
        piece.columns.gather(fine, group.clone(), columns);
        let rows = Rows {
            values: columns,
            stride: width,
            count,
        };
        let coarse = &piece.coarse.values()[..panel_values(width, channels)];
        multiply(rows, coarse, channels, values, present);
        present = Present::AddedTo;
    }
    sum
}
