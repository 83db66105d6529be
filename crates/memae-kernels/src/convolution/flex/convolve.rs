use rayon::prelude::*;

use super::columns::{Columns, Layout, channels_at_a_time};
use super::finish::Finish;
use super::joints::Joints;
use super::panels::{Buffer, PANEL, Present, Rows, multiply, panel_values};
use super::tiles::{Tile, rows_of_tiles, tiles_for_threads};
use crate::convolution::geometry::Geometry;
use crate::simd::pool::Numbers;
use crate::simd::real::Real;

/// The coarse side, `[batch, coarse_channels, coarse…]`: `Σ weight · fine` over fine channels and taps, finished.
pub(super) fn convolve<R: Real>(
    geometry: &Geometry,
    fine: &[R],
    weight: &[R],
    finish: &Finish<R>,
) -> Numbers<R> {
    let (channels, positions) = (geometry.coarse_channels, geometry.coarse_positions());
    let mut coarse = Numbers::<R>::new(geometry.batch * channels * positions);
    let tiles = tiles_for_threads(geometry);
    let rows = rows_of_tiles(&mut coarse, channels, positions, &tiles);
    let inputs = Inputs {
        geometry,
        joints: Joints::with_fine(geometry),
        fine,
        weight,
        finish,
    };
    tiles.par_iter().zip(rows).for_each_init(
        || [Buffer::new(), Buffer::new()],
        |buffers, (tile, rows)| inputs.convolve(tile, rows, buffers),
    );
    coarse
}

struct Inputs<'a, R> {
    geometry: &'a Geometry,
    joints: Joints,
    fine: &'a [R],
    weight: &'a [R],
    finish: &'a Finish<'a, R>,
}

impl<R: Real> Inputs<'_, R> {
    /// Fills the coarse rows of a tile.
    fn convolve(&self, tile: &Tile, rows: Vec<&mut [R]>, buffers: &mut [Buffer<R>; 2]) {
        let [columns, product] = buffers;
        let geometry = self.geometry;
        let (width, taps) = (tile.len(), geometry.taps());
        let (fine_channels, channels) = (geometry.fine_channels, geometry.coarse_channels);
        let columns_of = Columns::of(tile, &self.joints, Layout::Panels);
        let product = product.take(panel_values(channels, width));
        if fine_channels == 0 {
            product.fill(R::ZERO);
        }
        let mut present = Present::Overwritten;
        let at_a_time = channels_at_a_time(fine_channels, taps);
        for first in (0..fine_channels).step_by(at_a_time) {
            let end = fine_channels.min(first + at_a_time);
            let columns = columns.take(columns_of.values(end - first, taps));
            columns_of.gather(self.fine, first..end, columns);
            let weights = Rows {
                values: &self.weight[first * taps..],
                stride: geometry.columns(),
                count: channels,
            };
            multiply(weights, columns, width, product, present);
            present = Present::AddedTo;
        }
        let mut rows = rows.into_iter();
        for (place, _) in tile.placed() {
            for (channel, row) in rows.by_ref().take(channels).enumerate() {
                let finish = self.finish.of_channel(channel);
                let mut start = place;
                let mut rest = row;
                while !rest.is_empty() {
                    let count = rest.len().min(PANEL - start % PANEL);
                    let (values, after) = rest.split_at_mut(count);
                    let from = (start / PANEL * channels + channel) * PANEL + start % PANEL;
                    for (value, product) in values.iter_mut().zip(&product[from..]) {
                        *value = finish.of_sum(*product);
                    }
                    (start, rest) = (start + count, after);
                }
            }
        }
    }
}
