//! For few fine channels: what each coarse position adds is found for all of them at once, and then added.

use rayon::prelude::*;

use crate::convolution::flex::coarse::positions_in_panels;
use crate::convolution::flex::columns::{Columns, Layout, channels_at_a_time};
use crate::convolution::flex::finish::Finish;
use crate::convolution::flex::joints::Joints;
use crate::convolution::flex::panels::{Buffer, Present, Rows, multiply, panel_values};
use crate::convolution::flex::tiles::tiles;
use crate::convolution::geometry::Geometry;
use crate::simd::real::Real;

/// Fills `fine`; `weight` is `[fine_channels · taps, coarse_channels]`.
pub(super) fn spread<R: Real>(
    geometry: &Geometry,
    coarse: &[R],
    weight: &[R],
    finish: &Finish<R>,
    fine: &mut [R],
) {
    let joints = Joints::with_fine(geometry);
    let pieces: Vec<Piece<R>> = tiles(geometry)
        .into_par_iter()
        .map(|tile| Piece {
            first_sample: tile.spans[0].sample,
            samples: tile.spans.len(),
            width: tile.len(),
            coarse: positions_in_panels(&tile, geometry, coarse),
            columns: Columns::of(&tile, &joints, Layout::Panels),
        })
        .collect();
    let inputs = Inputs {
        geometry,
        weight,
        finish,
    };
    let tasks = inputs.tasks(fine, &pieces);
    match tasks.len() < rayon::current_num_threads() {
        true => tasks
            .into_iter()
            .for_each(|task| inputs.spread_by_all(task)),
        false => tasks
            .into_par_iter()
            .for_each_init(Buffer::new, |buffer, task| inputs.spread(task, buffer)),
    }
}

/// What of the coarse side is spread at once.
struct Piece<R> {
    first_sample: usize,
    samples: usize,
    width: usize,
    /// In panels.
    coarse: Buffer<R>,
    columns: Columns,
}

/// Channels of a few samples.
struct Task<'a, 't, R> {
    pieces: &'t [Piece<R>],
    first_channel: usize,
    /// The channels of each sample.
    fine: Vec<&'a mut [R]>,
}

struct Inputs<'a, R> {
    geometry: &'a Geometry,
    /// `[fine_channels · taps, coarse_channels]`.
    weight: &'a [R],
    finish: &'a Finish<'a, R>,
}

impl<R: Real> Inputs<'_, R> {
    /// A task for each group of samples that share pieces, and each group of channels.
    fn tasks<'a, 't>(&self, fine: &'a mut [R], pieces: &'t [Piece<R>]) -> Vec<Task<'a, 't, R>> {
        let geometry = self.geometry;
        let (channels, places) = (geometry.fine_channels, geometry.fine_positions());
        let at_a_time = channels_at_a_time(channels, geometry.taps());
        let mut samples = fine.chunks_mut((channels * places).max(1));
        let mut tasks = Vec::new();
        for pieces in pieces.chunk_by(|a, b| a.first_sample == b.first_sample) {
            let count = pieces[0].samples;
            let mut own: Vec<Task<'a, 't, R>> = (0..channels)
                .step_by(at_a_time)
                .map(|first_channel| Task {
                    pieces,
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

    /// Does a task on this thread.
    fn spread(&self, mut task: Task<R>, buffer: &mut Buffer<R>) {
        self.add_bias(&mut task);
        let (pieces, weights) = (task.pieces, self.weights(&task));
        for piece in pieces {
            let columns = self.columns(piece, weights, buffer);
            piece.columns.add_to(columns, &mut task.fine);
        }
        self.rectify(&mut task);
    }

    /// Does a task on all threads, which multiply a few pieces each before their columns are added.
    fn spread_by_all(&self, mut task: Task<R>) {
        self.add_bias(&mut task);
        let (pieces, weights) = (task.pieces, self.weights(&task));
        for pieces in pieces.chunks(4 * rayon::current_num_threads()) {
            let multiplied: Vec<Buffer<R>> = pieces
                .par_iter()
                .map(|piece| {
                    let mut buffer = Buffer::new();
                    self.columns(piece, weights, &mut buffer);
                    buffer
                })
                .collect();
            for (piece, buffer) in pieces.iter().zip(&multiplied) {
                piece.columns.add_to(buffer.values(), &mut task.fine);
            }
        }
        self.rectify(&mut task);
    }

    fn add_bias(&self, task: &mut Task<R>) {
        let places = self.geometry.fine_positions();
        let bias = &self.finish.bias[task.first_channel..];
        for sample in &mut task.fine {
            for (channel, bias) in sample.chunks_mut(places).zip(bias) {
                channel.fill(*bias);
            }
        }
    }

    fn rectify(&self, task: &mut Task<R>) {
        if !self.finish.has_rectifier() {
            return;
        }
        let places = self.geometry.fine_positions();
        for sample in &mut task.fine {
            for (index, channel) in sample.chunks_mut(places).enumerate() {
                let finish = self.finish.of_channel(task.first_channel + index);
                for value in channel {
                    *value = finish.rectified(*value);
                }
            }
        }
    }

    /// The weights of a task's channels.
    fn weights(&self, task: &Task<R>) -> Rows<'_, R> {
        let geometry = self.geometry;
        let (taps, channels) = (geometry.taps(), geometry.coarse_channels);
        let count = task.fine[0].len() / geometry.fine_positions();
        Rows {
            values: &self.weight[task.first_channel * taps * channels..],
            stride: channels,
            count: count * taps,
        }
    }

    /// The columns that a piece adds.
    fn columns<'b>(
        &self,
        piece: &Piece<R>,
        weights: Rows<R>,
        buffer: &'b mut Buffer<R>,
    ) -> &'b mut [R] {
        let columns = buffer.take(panel_values(weights.count, piece.width));
        let depth = self.geometry.coarse_channels;
        let coarse = &piece.coarse.values()[..panel_values(depth, piece.width)];
        multiply(weights, coarse, piece.width, columns, Present::Overwritten);
        columns
    }
}
