use rayon::prelude::*;

use super::columns::Columns;
use super::tiles::{Tile, rows_of_tiles, tiles};
use super::{POSITIONS, channels_at_a_time, scratch};
use crate::backends::flex::product::{Matrix, Present, multiply};
use crate::backends::flex::real::Real;
use crate::convolution::geometry::Geometry;

/// The coarse side, `[batch, coarse_channels, coarse…]`: `Σ weight · fine` over fine channels and taps, and the bias.
pub(super) fn convolve<R: Real>(
    geometry: &Geometry,
    fine: &[R],
    weight: &[R],
    bias: &[R],
) -> Vec<R> {
    let (channels, positions) = (geometry.coarse_channels, geometry.coarse_positions());
    let mut coarse = vec![R::ZERO; geometry.batch * channels * positions];
    let tiles = tiles(geometry.batch, positions, POSITIONS);
    let rows = rows_of_tiles(&mut coarse, channels, positions, &tiles);
    let inputs = Inputs {
        geometry,
        fine,
        weight: Matrix::new(weight, [channels, geometry.columns()]),
        bias,
    };
    tiles
        .par_iter()
        .zip(rows)
        .for_each_init(Scratch::default, |scratch, (tile, rows)| {
            inputs.convolve(tile, rows, scratch)
        });
    coarse
}

struct Inputs<'a, R> {
    geometry: &'a Geometry,
    fine: &'a [R],
    weight: Matrix<'a, R>,
    bias: &'a [R],
}

struct Scratch<R> {
    columns: Vec<R>,
    product: Vec<R>,
}

impl<R> Default for Scratch<R> {
    fn default() -> Self {
        Self {
            columns: Vec::new(),
            product: Vec::new(),
        }
    }
}

impl<R: Real> Inputs<'_, R> {
    fn convolve(&self, tile: &Tile, rows: Vec<&mut [R]>, buffers: &mut Scratch<R>) {
        let Self { geometry, .. } = *self;
        let (width, taps) = (tile.len(), geometry.taps());
        let (fine_channels, channels) = (geometry.fine_channels, geometry.coarse_channels);
        let columns_of = Columns::of(tile, geometry);
        let product = scratch(&mut buffers.product, channels * width);
        let mut present = Present::Overwritten;
        for first in (0..fine_channels).step_by(channels_at_a_time(fine_channels, taps)) {
            let end = fine_channels.min(first + channels_at_a_time(fine_channels, taps));
            let count = (end - first) * taps;
            let columns = scratch(&mut buffers.columns, count * width);
            columns_of.gather(self.fine, first..end, columns);
            multiply(
                product,
                present,
                self.weight.columns(first * taps..end * taps),
                Matrix::new(columns, [count, width]),
            );
            present = Present::AddedTo;
        }
        let mut rows = rows.into_iter();
        for (place, span) in tile.placed() {
            let length = span.positions.len();
            for (channel, row) in rows.by_ref().take(channels).enumerate() {
                let product = &product[channel * width + place..][..length];
                let bias = self.bias[channel];
                for (value, product) in row.iter_mut().zip(product) {
                    *value = *product + bias;
                }
            }
        }
    }
}
