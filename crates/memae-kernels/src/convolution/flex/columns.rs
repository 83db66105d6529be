//! Values in the order in which a matrix product wants them.
//!
//! Row `channel · taps + tap` of the columns of a tile has, for each position of the tile, the value that the tap joins
//! with it.

use std::ops::Range;

use pulp::{Arch, NullaryFnOnce};

use super::joints::Joints;
use super::panels::{PANEL, panel_values};
use super::tiles::Tile;
use crate::simd::real::Real;

/// Rows of columns at a time, about.
const ROWS: usize = 256;
/// Fine channels whose columns are made at a time.
pub(super) fn channels_at_a_time(channels: usize, taps: usize) -> usize {
    (ROWS / taps).clamp(1, channels.max(1))
}

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
pub(super) struct Piece {
    panel: usize,
    /// Positions of the panel in front of it.
    start: usize,
    length: usize,
}

/// Neighbouring positions of a tile that a tap joins with places which are a stride apart.
pub(super) struct Segment {
    pub piece: Piece,
    /// Sample of the tile.
    pub sample: usize,
    /// The first of the places, in its channel.
    pub place: usize,
}

/// What a tap joins in a tile.
#[derive(Default)]
pub(super) struct Tap {
    pub joined: Vec<Segment>,
    /// Positions that it joins with nothing.
    alone: Vec<Piece>,
}

/// Where the columns of a tile come from, the same in every channel.
pub(super) struct Columns {
    pub taps: Vec<Tap>,
    /// Positions of the tile.
    width: usize,
    layout: Layout,
    first_sample: usize,
    channels: usize,
    /// Places of a channel.
    pub places: usize,
    pub stride: usize,
}

impl Columns {
    pub fn of(tile: &Tile, joints: &Joints, layout: Layout) -> Self {
        let [times, heights, widths] = &joints.axes;
        let mut taps = Vec::with_capacity(joints.taps());
        for time in 0..times.offsets.len() {
            for height in 0..heights.offsets.len() {
                for width in 0..widths.offsets.len() {
                    taps.push(Tap::of(tile, joints, [time, height, width], layout));
                }
            }
        }
        Self {
            taps,
            width: tile.len(),
            layout,
            first_sample: tile.spans[0].sample,
            channels: joints.channels,
            places: joints.places(),
            stride: widths.stride,
        }
    }

    /// Numbers that a row of some channels takes, and columns of a panel.
    pub fn row_width(&self) -> usize {
        match self.layout {
            Layout::Rows => self.width,
            Layout::Panels => PANEL,
        }
    }

    /// Numbers that the columns of some channels and taps take.
    pub fn values(&self, channels: usize, taps: usize) -> usize {
        match self.layout {
            Layout::Rows => channels * taps * self.width,
            Layout::Panels => panel_values(channels * taps, self.width),
        }
    }

    /// Fills the rows of some channels from `values`, `[batch, channels, places…]`.
    pub fn gather<R: Real>(&self, values: &[R], channels: Range<usize>, columns: &mut [R]) {
        self.gather_taps(values, channels, 0..self.taps.len(), columns);
    }

    /// Fills rows as if there were no channels and taps but these.
    pub fn gather_taps<R: Real>(
        &self,
        values: &[R],
        channels: Range<usize>,
        taps: Range<usize>,
        columns: &mut [R],
    ) {
        Arch::new().dispatch(Gather {
            columns: self,
            taps: &self.taps[taps],
            values,
            channels,
            output: columns,
        });
    }
}

impl Tap {
    fn of(tile: &Tile, joints: &Joints, taps: [usize; 3], layout: Layout) -> Self {
        let [times, heights, widths] = &joints.axes;
        let valid = widths.joined(taps[2]);
        let mut tap = Self::default();
        for (index, (mut start, span)) in tile.placed().enumerate() {
            let mut position = span.positions.start;
            while position < span.positions.end {
                // A line of positions along the last axis, or what of it a panel has room for.
                let (line, first) = (position / widths.positions, position % widths.positions);
                let mut length = (widths.positions - first).min(span.positions.end - position);
                let mut piece = Piece {
                    panel: 0,
                    start,
                    length,
                };
                if layout == Layout::Panels {
                    (piece.panel, piece.start) = (start / PANEL, start % PANEL);
                    length = length.min(PANEL - piece.start);
                }
                let depth = times.place(line / heights.positions, taps[0]);
                let height = heights.place(line % heights.positions, taps[1]);
                let from = valid.start.clamp(first, first + length);
                let to = valid.end.clamp(from, first + length);
                let part = |from: usize, to: usize| Piece {
                    start: piece.start + from - first,
                    length: to - from,
                    ..piece
                };
                let across = (from < to).then(|| widths.place(from, taps[2])).flatten();
                match (depth, height, across) {
                    (Some(depth), Some(height), Some(across)) => {
                        let line = (depth * heights.places + height) * widths.places;
                        tap.joined.push(Segment {
                            piece: part(from, to),
                            sample: index,
                            place: line + across,
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
    pub fn range(self, width: usize, rows: usize, row: usize) -> Range<usize> {
        let start = (self.panel * rows + row) * width + self.start;
        start..start + self.length
    }
}

struct Gather<'a, R> {
    columns: &'a Columns,
    taps: &'a [Tap],
    values: &'a [R],
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
            taps,
            values,
            channels,
            output,
        } = self;
        let sample_values = columns.channels * columns.places;
        let width = columns.row_width();
        let rows = channels.len() * taps.len();
        let mut row = 0;
        for channel in channels {
            let first = columns.first_sample * sample_values + channel * columns.places;
            for tap in taps {
                for piece in &tap.alone {
                    output[piece.range(width, rows, row)].fill(R::ZERO);
                }
                for segment in &tap.joined {
                    let start = first + segment.sample * sample_values + segment.place;
                    copy(
                        &mut output[segment.piece.range(width, rows, row)],
                        &values[start..],
                    );
                }
                row += 1;
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
