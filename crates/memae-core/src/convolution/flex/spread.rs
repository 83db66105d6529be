use rayon::prelude::*;

use super::columns::Columns;
use super::tiles::Tile;
use super::{channels_at_a_time, scratch, tiles_with_columns};
use crate::backends::flex::product::{Matrix, Present, multiply};
use crate::backends::flex::real::Real;
use crate::convolution::geometry::Geometry;

/// The fine side, `[batch, fine_channels, fine…]`: `Σ weight · coarse` over coarse channels and the positions that a tap
/// joins with a place, and the bias.
pub(super) fn spread<R: Real>(
    geometry: &Geometry,
    coarse: &[R],
    weight: &[R],
    bias: &[R],
) -> Vec<R> {
    let (channels, places) = (geometry.fine_channels, geometry.fine_positions());
    let mut fine = vec![R::ZERO; geometry.batch * channels * places];
    let tiles = tiles_with_columns(geometry);
    let inputs = Inputs {
        geometry,
        coarse,
        weight: Matrix::new(weight, [geometry.coarse_channels, geometry.columns()]),
        bias,
    };
    let tasks = inputs.tasks(&mut fine, &tiles);
    tasks
        .into_par_iter()
        .for_each_init(Scratch::default, |scratch, task| {
            inputs.spread(task, scratch);
        });
    fine
}

/// Channels of a few samples.
struct Task<'a, 't, R> {
    tiles: &'t [(Tile, Columns)],
    first_sample: usize,
    first_channel: usize,
    /// The channels of each sample.
    fine: Vec<&'a mut [R]>,
}

struct Inputs<'a, R> {
    geometry: &'a Geometry,
    coarse: &'a [R],
    weight: Matrix<'a, R>,
    bias: &'a [R],
}

struct Scratch<R> {
    columns: Vec<R>,
    coarse: Vec<R>,
}

impl<R> Default for Scratch<R> {
    fn default() -> Self {
        Self {
            columns: Vec::new(),
            coarse: Vec::new(),
        }
    }
}

impl<R: Real> Inputs<'_, R> {
    /// A task for each group of samples that share tiles, and each group of channels.
    fn tasks<'a, 't>(
        &self,
        fine: &'a mut [R],
        tiles: &'t [(Tile, Columns)],
    ) -> Vec<Task<'a, 't, R>> {
        let geometry = self.geometry;
        let (channels, places) = (geometry.fine_channels, geometry.fine_positions());
        let at_a_time = channels_at_a_time(channels, geometry.taps());
        let mut samples = fine.chunks_mut((channels * places).max(1));
        let mut tasks = Vec::new();
        for tiles in tiles.chunk_by(|(a, _), (b, _)| a.spans[0].sample == b.spans[0].sample) {
            let first = &tiles[0].0;
            let count = first.spans.len();
            let mut own: Vec<Task<'a, 't, R>> = (0..channels)
                .step_by(at_a_time)
                .map(|first_channel| Task {
                    tiles,
                    first_sample: first.spans[0].sample,
                    first_channel,
                    fine: Vec::with_capacity(count),
                })
                .collect();
            for sample in samples.by_ref().take(count) {
                let chunks = sample.chunks_mut(at_a_time * places);
                for (task, chunk) in own.iter_mut().zip(chunks) {
                    task.fine.push(chunk);
                }
            }
            tasks.append(&mut own);
        }
        tasks
    }

    fn spread(&self, mut task: Task<R>, buffers: &mut Scratch<R>) {
        let geometry = self.geometry;
        let (taps, places) = (geometry.taps(), geometry.fine_positions());
        let count = task.fine[0].len() / places;
        let bias = &self.bias[task.first_channel..][..count];
        for sample in &mut task.fine {
            for (channel, bias) in sample.chunks_mut(places).zip(bias) {
                channel.fill(*bias);
            }
        }
        let columns = task.first_channel * taps..(task.first_channel + count) * taps;
        let weight = self.weight.columns(columns).transpose();
        for (tile, columns_of) in task.tiles {
            let width = tile.len();
            let coarse = coarse_of(tile, geometry, self.coarse, &mut buffers.coarse);
            let columns = scratch(&mut buffers.columns, count * taps * width);
            multiply(columns, Present::Overwritten, weight, coarse);
            columns_of.add_to(columns, task.first_sample, &mut task.fine);
        }
    }
}

/// The coarse side of a tile, `[coarse_channels, positions]`.
pub(super) fn coarse_of<'a, R: Real>(
    tile: &Tile,
    geometry: &Geometry,
    coarse: &'a [R],
    buffer: &'a mut Vec<R>,
) -> Matrix<'a, R> {
    let (channels, positions) = (geometry.coarse_channels, geometry.coarse_positions());
    let sample = |index: usize| &coarse[index * channels * positions..][..channels * positions];
    if let [span] = tile.spans.as_slice() {
        let matrix = Matrix::new(sample(span.sample), [channels, positions]);
        return matrix.columns(span.positions.clone());
    }
    let width = tile.len();
    let buffer = scratch(buffer, channels * width);
    for (place, span) in tile.placed() {
        let rows = sample(span.sample).chunks(positions);
        for (row, output) in rows.zip(buffer.chunks_mut(width)) {
            let row = &row[span.positions.clone()];
            output[place..place + row.len()].copy_from_slice(row);
        }
    }
    Matrix::new(buffer, [channels, width])
}
