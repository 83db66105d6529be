//! Fine values in the order in which a matrix product wants them, and back.
//!
//! Row `channel · taps + tap` of the columns of a tile has, for each of its coarse positions, the fine value that the
//! tap joins with it.

use std::ops::Range;

use pulp::{Arch, NullaryFnOnce};

use super::panels::{PANEL, panel_values};
use super::tiles::Tile;
use crate::backends::flex::real::Real;
use crate::convolution::geometry::{Axis, Geometry};

/// How the columns of a tile are stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Row after row.
    Rows,
    /// In panels.
    Panels,
}

/// Neighbouring positions of a tile in one panel; all of them are in the first where there are no panels.
#[derive(Clone, Copy)]
struct Piece {
    panel: usize,
    /// Positions of the panel in front of it.
    start: usize,
    length: usize,
}

/// Neighbouring coarse positions of a tile that a tap joins with fine places which are a stride apart.
struct Segment {
    piece: Piece,
    /// Sample of the tile.
    sample: usize,
    /// The first of the places, in its channel.
    place: usize,
}

/// What a tap joins in a tile.
#[derive(Default)]
struct Tap {
    joined: Vec<Segment>,
    /// Positions that it joins with nothing.
    alone: Vec<Piece>,
}

/// Where the columns of a tile come from, the same in every channel.
pub(super) struct Columns {
    taps: Vec<Tap>,
    /// Positions of the tile.
    width: usize,
    layout: Layout,
    first_sample: usize,
    channels: usize,
    /// Places of a channel.
    places: usize,
    stride: usize,
}

impl Columns {
    pub fn of(tile: &Tile, geometry: &Geometry, layout: Layout) -> Self {
        let [times, heights, widths] = &geometry.axes;
        let mut taps = Vec::with_capacity(geometry.taps());
        for time in 0..times.kernel {
            for height in 0..heights.kernel {
                for width in 0..widths.kernel {
                    taps.push(Tap::of(tile, &geometry.axes, [time, height, width], layout));
                }
            }
        }
        Self {
            taps,
            width: tile.len(),
            layout,
            first_sample: tile.spans[0].sample,
            channels: geometry.fine_channels,
            places: geometry.fine_positions(),
            stride: widths.stride,
        }
    }

    /// Numbers that a row of some channels takes, and columns of a panel.
    fn row_width(&self) -> usize {
        match self.layout {
            Layout::Rows => self.width,
            Layout::Panels => PANEL,
        }
    }

    /// Numbers that the columns of some channels take.
    pub fn values(&self, channels: usize) -> usize {
        let rows = channels * self.taps.len();
        match self.layout {
            Layout::Rows => rows * self.width,
            Layout::Panels => panel_values(rows, self.width),
        }
    }

    /// Fills the rows of some channels from `fine`, `[batch, fine_channels, fine…]`.
    pub fn gather<R: Real>(&self, fine: &[R], channels: Range<usize>, columns: &mut [R]) {
        Arch::new().dispatch(Gather {
            columns: self,
            fine,
            channels,
            output: columns,
        });
    }

    /// Adds the rows of some channels to those channels of `fine`, a slice for each sample of the tile.
    pub fn add_to<R: Real>(&self, columns: &[R], fine: &mut [&mut [R]]) {
        Arch::new().dispatch(Scatter {
            columns: self,
            input: columns,
            fine,
        });
    }
}

impl Tap {
    fn of(tile: &Tile, axes: &[Axis; 3], taps: [usize; 3], layout: Layout) -> Self {
        let [times, heights, widths] = axes;
        let valid = widths.positions(taps[2]);
        let mut tap = Self::default();
        for (index, (mut start, span)) in tile.placed().enumerate() {
            let mut position = span.positions.start;
            while position < span.positions.end {
                // A line of positions along the last axis, or what of it a panel has room for.
                let (line, first) = (position / widths.coarse, position % widths.coarse);
                let mut length = (widths.coarse - first).min(span.positions.end - position);
                let mut piece = Piece {
                    panel: 0,
                    start,
                    length,
                };
                if layout == Layout::Panels {
                    (piece.panel, piece.start) = (start / PANEL, start % PANEL);
                    length = length.min(PANEL - piece.start);
                }
                let depth = times.place(line / heights.coarse, taps[0]);
                let height = heights.place(line % heights.coarse, taps[1]);
                let from = valid.start.clamp(first, first + length);
                let to = valid.end.clamp(from, first + length);
                let part = |from: usize, to: usize| Piece {
                    start: piece.start + from - first,
                    length: to - from,
                    ..piece
                };
                match depth.zip(height) {
                    Some((depth, height)) if from < to => {
                        let across = from * widths.stride + taps[2] * widths.dilation;
                        let line = (depth * heights.fine + height) * widths.fine;
                        tap.joined.push(Segment {
                            piece: part(from, to),
                            sample: index,
                            place: line + across - widths.padding,
                        });
                        let ends = [part(first, from), part(to, first + length)];
                        tap.alone
                            .extend(ends.into_iter().filter(|end| end.length > 0));
                    }
                    _ => tap.alone.push(part(first, first + length)),
                }
                start += length;
                position += length;
            }
        }
        tap
    }
}

impl Piece {
    /// Where it is stored, in one of `rows` rows of panels of this width.
    #[inline(always)]
    fn range(self, width: usize, rows: usize, row: usize) -> Range<usize> {
        let start = (self.panel * rows + row) * width + self.start;
        start..start + self.length
    }
}

struct Gather<'a, R> {
    columns: &'a Columns,
    fine: &'a [R],
    channels: Range<usize>,
    output: &'a mut [R],
}

impl<R: Real> NullaryFnOnce for Gather<'_, R> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        match self.columns.stride {
            1 => self.run(|output, input| output.copy_from_slice(&input[..output.len()])),
            2 => self.run(copy_strided::<R, 2>),
            stride => self.run(|output, input| {
                for (output, input) in output.iter_mut().zip(input.iter().step_by(stride)) {
                    *output = *input;
                }
            }),
        }
    }
}

impl<R: Real> Gather<'_, R> {
    #[inline(always)]
    fn run(self, copy: impl Fn(&mut [R], &[R])) {
        let Self {
            columns,
            fine,
            channels,
            output,
        } = self;
        let sample_values = columns.channels * columns.places;
        let width = columns.row_width();
        let rows = channels.len() * columns.taps.len();
        let mut row = 0;
        for channel in channels {
            let first = columns.first_sample * sample_values + channel * columns.places;
            for tap in &columns.taps {
                for piece in &tap.alone {
                    output[piece.range(width, rows, row)].fill(R::ZERO);
                }
                for segment in &tap.joined {
                    let start = first + segment.sample * sample_values + segment.place;
                    copy(
                        &mut output[segment.piece.range(width, rows, row)],
                        &fine[start..],
                    );
                }
                row += 1;
            }
        }
    }
}

struct Scatter<'a, 'b, R> {
    columns: &'a Columns,
    input: &'a [R],
    fine: &'a mut [&'b mut [R]],
}

impl<R: Real> NullaryFnOnce for Scatter<'_, '_, R> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        match self.columns.stride {
            1 => self.run(add_strided::<R, 1>),
            2 => self.run(add_strided::<R, 2>),
            stride => self.run(|output, input| {
                for (output, input) in output.iter_mut().step_by(stride).zip(input) {
                    *output += *input;
                }
            }),
        }
    }
}

impl<R: Real> Scatter<'_, '_, R> {
    #[inline(always)]
    fn run(self, add: impl Fn(&mut [R], &[R])) {
        let Self {
            columns,
            input,
            fine,
        } = self;
        let width = columns.row_width();
        let taps = columns.taps.len();
        let rows = fine.first().map_or(0, |fine| fine.len() / columns.places) * taps;
        for row in 0..rows {
            let (channel, tap) = (row / taps, row % taps);
            for segment in &columns.taps[tap].joined {
                let start = channel * columns.places + segment.place;
                add(
                    &mut fine[segment.sample][start..],
                    &input[segment.piece.range(width, rows, row)],
                );
            }
        }
    }
}

/// `output[i] = input[i · STRIDE]`.
#[inline(always)]
fn copy_strided<R: Real, const STRIDE: usize>(output: &mut [R], input: &[R]) {
    let Some((last, output)) = output.split_last_mut() else {
        return;
    };
    *last = input[STRIDE * output.len()];
    for (output, input) in output.iter_mut().zip(input.as_chunks::<STRIDE>().0) {
        *output = input[0];
    }
}

/// `output[i · STRIDE] += input[i]`.
#[inline(always)]
fn add_strided<R: Real, const STRIDE: usize>(output: &mut [R], input: &[R]) {
    let Some((last, input)) = input.split_last() else {
        return;
    };
    output[STRIDE * input.len()] += *last;
    for (output, input) in output.as_chunks_mut::<STRIDE>().0.iter_mut().zip(input) {
        output[0] += *input;
    }
}
