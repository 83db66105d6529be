//! Fine values in the order in which a matrix product wants them, and back.
//!
//! Row `channel · taps + tap` of the columns of a tile has, for each of its coarse positions, the fine value that the
//! tap joins with it.

use std::ops::Range;

use pulp::{Arch, NullaryFnOnce};

use super::tiles::Tile;
use crate::backends::flex::real::Real;
use crate::convolution::geometry::{Axis, Geometry};

/// Coarse positions of a tile that follow each other along the last axis.
struct Line {
    /// Positions of the tile in front of it.
    place: usize,
    sample: usize,
    depth: usize,
    height: usize,
    positions: Range<usize>,
}

/// Where the columns of a tile come from.
pub(super) struct Columns<'a> {
    geometry: &'a Geometry,
    lines: Vec<Line>,
    width: usize,
}

/// Coarse positions, within their line, and the first of the fine places that they are joined with, `stride` apart.
struct Joined {
    positions: Range<usize>,
    start: usize,
}

impl<'a> Columns<'a> {
    pub fn of(tile: &Tile, geometry: &'a Geometry) -> Self {
        let [_, heights, widths] = geometry.axes.map(|axis| axis.coarse);
        let mut lines = Vec::new();
        for (mut place, span) in tile.placed() {
            let mut position = span.positions.start;
            while position < span.positions.end {
                let (row, start) = (position / widths, position % widths);
                let end = widths.min(start + span.positions.end - position);
                lines.push(Line {
                    place,
                    sample: span.sample,
                    depth: row / heights,
                    height: row % heights,
                    positions: start..end,
                });
                place += end - start;
                position += end - start;
            }
        }
        Self {
            geometry,
            lines,
            width: tile.len(),
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

    /// Adds the rows of some channels to those channels of `fine`, a slice for each sample of the tile from
    /// `first_sample` on.
    pub fn add_to<R: Real>(
        &self,
        columns: &[R],
        channels: usize,
        first_sample: usize,
        fine: &mut [&mut [R]],
    ) {
        Arch::new().dispatch(Scatter {
            columns: self,
            input: columns,
            channels,
            first_sample,
            fine,
        });
    }

    /// The fine line of a channel that a tap along time and height joins with a coarse line.
    #[inline(always)]
    fn fine_line(&self, line: &Line, taps: [usize; 2]) -> Option<usize> {
        let [times, heights, widths] = &self.geometry.axes;
        let depth = times.place(line.depth, taps[0])?;
        let height = heights.place(line.height, taps[1])?;
        Some((depth * heights.fine + height) * widths.fine)
    }
}

/// The positions of a line that a tap along the width joins with fine places.
#[inline(always)]
fn joined(axis: &Axis, line: &Line, valid: &Range<usize>, tap: usize) -> Option<Joined> {
    let (start, end) = (
        valid.start.max(line.positions.start),
        valid.end.min(line.positions.end),
    );
    if start >= end {
        return None;
    }
    Some(Joined {
        positions: start - line.positions.start..end - line.positions.start,
        start: start * axis.stride + tap * axis.dilation - axis.padding,
    })
}

struct Gather<'a, 'b, R> {
    columns: &'b Columns<'a>,
    fine: &'b [R],
    channels: Range<usize>,
    output: &'b mut [R],
}

impl<R: Real> NullaryFnOnce for Gather<'_, '_, R> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self {
            columns,
            fine,
            channels,
            output,
        } = self;
        let geometry = columns.geometry;
        let [times, heights, widths] = &geometry.axes;
        let plane = geometry.fine_positions();
        let mut rows = output.chunks_mut(columns.width * widths.kernel);
        for channel in channels {
            for time in 0..times.kernel {
                for height in 0..heights.kernel {
                    let Some(rows) = rows.next() else { return };
                    let rows = rows.chunks_mut(columns.width);
                    for (tap, row) in rows.enumerate() {
                        let valid = widths.positions(tap);
                        for line in &columns.lines {
                            let row = &mut row[line.place..][..line.positions.len()];
                            let source = columns
                                .fine_line(line, [time, height])
                                .zip(joined(widths, line, &valid, tap));
                            let Some((fine_line, joined)) = source else {
                                row.fill(R::ZERO);
                                continue;
                            };
                            let start = (line.sample * geometry.fine_channels + channel) * plane
                                + fine_line
                                + joined.start;
                            row[..joined.positions.start].fill(R::ZERO);
                            row[joined.positions.end..].fill(R::ZERO);
                            copy(&mut row[joined.positions], &fine[start..], widths.stride);
                        }
                    }
                }
            }
        }
    }
}

struct Scatter<'a, 'b, 'c, R> {
    columns: &'b Columns<'a>,
    input: &'b [R],
    channels: usize,
    first_sample: usize,
    fine: &'b mut [&'c mut [R]],
}

impl<R: Real> NullaryFnOnce for Scatter<'_, '_, '_, R> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self {
            columns,
            input,
            channels,
            first_sample,
            fine,
        } = self;
        let geometry = columns.geometry;
        let [times, heights, widths] = &geometry.axes;
        let plane = geometry.fine_positions();
        let mut rows = input.chunks(columns.width * widths.kernel);
        for channel in 0..channels {
            for time in 0..times.kernel {
                for height in 0..heights.kernel {
                    let Some(rows) = rows.next() else { return };
                    for (tap, row) in rows.chunks(columns.width).enumerate() {
                        let valid = widths.positions(tap);
                        for line in &columns.lines {
                            let target = columns
                                .fine_line(line, [time, height])
                                .zip(joined(widths, line, &valid, tap));
                            if let Some((fine_line, joined)) = target {
                                let row = &row[line.place..][joined.positions];
                                let start = channel * plane + fine_line + joined.start;
                                let fine = &mut fine[line.sample - first_sample][start..];
                                add(fine, row, widths.stride);
                            }
                        }
                    }
                }
            }
        }
    }
}

/// `output[i] = input[i · stride]`.
#[inline(always)]
fn copy<R: Real>(output: &mut [R], input: &[R], stride: usize) {
    match stride {
        1 => output.copy_from_slice(&input[..output.len()]),
        2 => {
            let Some((last, output)) = output.split_last_mut() else {
                return;
            };
            *last = input[2 * output.len()];
            for (output, [input, _]) in output.iter_mut().zip(input.as_chunks::<2>().0) {
                *output = *input;
            }
        }
        _ => {
            for (output, input) in output.iter_mut().zip(input.iter().step_by(stride)) {
                *output = *input;
            }
        }
    }
}

/// `output[i · stride] += input[i]`.
#[inline(always)]
fn add<R: Real>(output: &mut [R], input: &[R], stride: usize) {
    match stride {
        1 => {
            for (output, input) in output.iter_mut().zip(input) {
                *output += *input;
            }
        }
        2 => {
            let Some((last, input)) = input.split_last() else {
                return;
            };
            output[2 * input.len()] += *last;
            for ([output, _], input) in output.as_chunks_mut::<2>().0.iter_mut().zip(input) {
                *output += *input;
            }
        }
        _ => {
            for (output, input) in output.iter_mut().step_by(stride).zip(input) {
                *output += *input;
            }
        }
    }
}
