//! For many fine channels: fine places that are a stride apart are joined by the same taps, so they are a product of
//! their own, which is written once.

use std::ops::Range;

use pulp::{Arch, NullaryFnOnce};
use rayon::prelude::*;

use crate::convolution::flex::columns::{Columns, Layout};
use crate::convolution::flex::finish::{Finish, FinishChannel};
use crate::convolution::flex::joints::{Joints, coarse_offsets};
use crate::convolution::flex::panels::{Buffer, PANEL, Present, Rows, multiply, panel_values};
use crate::convolution::flex::tiles::{Span, Tile, tiles_of_lines};
use crate::convolution::geometry::Geometry;
use crate::simd::real::Real;

/// Bytes that the columns of a tile take, about.
const COLUMNS: usize = 1 << 19;

/// Fills `fine`; `weight` is `[fine_channels · taps, coarse_channels]`.
pub(super) fn spread<R: Real>(
    geometry: &Geometry,
    coarse: &[R],
    weight: &[R],
    finish: &Finish<R>,
    fine: &mut [R],
) {
    let joints = Joints::of_blocks(geometry);
    let [times, heights, widths] = joints.axes.each_ref().map(|axis| axis.positions);
    let column = joints.taps() * geometry.coarse_channels * size_of::<R>();
    let tiles = tiles_of_lines(
        geometry.batch,
        times * heights,
        widths,
        COLUMNS / column.max(1),
    );
    let lines = lines_of_tiles(fine, geometry, &joints, &tiles);
    let inputs = Inputs {
        geometry,
        phases: phases(geometry, &joints),
        joints,
        coarse,
        weight,
        finish,
    };
    tiles.par_iter().zip(lines).for_each_init(
        || [Buffer::new(), Buffer::new()],
        |buffers, (tile, lines)| inputs.spread(tile, lines, buffers),
    );
}

/// Fine places, one in each block.
struct Phase {
    /// Of time and height.
    line: [usize; 2],
    /// Those that join it, and which way of joining a block that is.
    taps: Vec<(usize, usize)>,
}

/// Phases of time, height and width, the last axis fastest.
fn phases(geometry: &Geometry, joints: &Joints) -> Vec<Phase> {
    let strides = geometry.axes.map(|axis| axis.stride);
    let kernels = geometry.axes.map(|axis| axis.kernel);
    let offsets = joints.axes.each_ref().map(|axis| axis.offsets.len());
    let mut phases = Vec::new();
    for index in 0..strides.iter().product() {
        let phase = unravel(index, strides);
        let joined: [Vec<(usize, usize)>; 3] = std::array::from_fn(|axis| {
            let known = &joints.axes[axis].offsets;
            coarse_offsets(&geometry.axes[axis], phase[axis])
                .into_iter()
                .filter_map(|(tap, offset)| Some((tap, known.binary_search(&offset).ok()?)))
                .collect()
        });
        let counts = joined.each_ref().map(Vec::len);
        let taps = (0..counts.iter().product()).map(|index| {
            let choice = unravel(index, counts);
            let of = |part: fn(&(usize, usize)) -> usize| -> [usize; 3] {
                std::array::from_fn(|axis| part(&joined[axis][choice[axis]]))
            };
            (
                ravel(of(|pair| pair.0), kernels),
                ravel(of(|pair| pair.1), offsets),
            )
        });
        phases.push(Phase {
            line: [phase[0], phase[1]],
            taps: taps.collect(),
        });
    }
    phases
}

fn ravel([time, height, width]: [usize; 3], sizes: [usize; 3]) -> usize {
    (time * sizes[1] + height) * sizes[2] + width
}

fn unravel(index: usize, sizes: [usize; 3]) -> [usize; 3] {
    let (line, width) = (index / sizes[2], index % sizes[2]);
    [line / sizes[1], line % sizes[1], width]
}

/// Lines of blocks at one time.
struct Frame {
    time: usize,
    heights: Range<usize>,
    /// Blocks of the span in front of it.
    place: usize,
}

/// Lines of a span of blocks, by their times.
fn frames(span: &Span, joints: &Joints) -> Vec<Frame> {
    let [_, heights, widths] = joints.axes.each_ref().map(|axis| axis.positions);
    let lines = span.positions.start / widths..span.positions.end / widths;
    (lines.start / heights..lines.end.div_ceil(heights))
        .map(|time| {
            let first = lines.start.max(time * heights);
            let end = lines.end.min((time + 1) * heights);
            Frame {
                time,
                heights: first - time * heights..end - time * heights,
                place: (first - lines.start) * widths,
            }
        })
        .collect()
}

/// The fine times of a frame, and the fine lines of each.
fn fine_lines(frame: &Frame, geometry: &Geometry) -> [Range<usize>; 2] {
    let [times, heights, _] = &geometry.axes;
    let end = |block: usize, stride: usize, fine: usize| fine.min(block * stride);
    [
        frame.time * times.stride..end(frame.time + 1, times.stride, times.fine),
        frame.heights.start * heights.stride..end(frame.heights.end, heights.stride, heights.fine),
    ]
}

/// For each tile, the fine lines of its blocks: span after span, frame after frame, the channels of each, and of each
/// the fine times.
fn lines_of_tiles<'a, R>(
    fine: &'a mut [R],
    geometry: &Geometry,
    joints: &Joints,
    tiles: &[Tile],
) -> Vec<Vec<&'a mut [R]>> {
    let [times, heights, widths] = geometry.axes.map(|axis| axis.fine);
    let (channels, image) = (geometry.fine_channels, heights * widths);
    let mut samples = fine.chunks_mut(channels * times * image);
    // Of the sample that is being cut, what the tiles so far have left of each image.
    let mut left: Vec<&'a mut [R]> = Vec::new();
    let cut = |tile: &Tile| {
        let mut own = Vec::new();
        for span in &tile.spans {
            if span.positions.start == 0 {
                let sample = samples.next().expect("a sample for each span from 0");
                left = sample.chunks_mut(image).collect();
            }
            for frame in frames(span, joints) {
                let [fine_times, lines] = fine_lines(&frame, geometry);
                for channel in 0..channels {
                    for time in fine_times.clone() {
                        let image = &mut left[channel * times + time];
                        let lines = image.split_off_mut(..lines.len() * widths);
                        own.push(lines.expect("lines of the image"));
                    }
                }
            }
        }
        own
    };
    tiles.iter().map(cut).collect()
}

struct Inputs<'a, R> {
    geometry: &'a Geometry,
    joints: Joints,
    phases: Vec<Phase>,
    coarse: &'a [R],
    /// `[fine_channels · taps, coarse_channels]`.
    weight: &'a [R],
    finish: &'a Finish<'a, R>,
}

impl<R: Real> Inputs<'_, R> {
    /// Fills the fine lines of a tile.
    fn spread(&self, tile: &Tile, mut lines: Vec<&mut [R]>, buffers: &mut [Buffer<R>; 2]) {
        let [columns, products] = buffers;
        let geometry = self.geometry;
        let (channels, width) = (geometry.coarse_channels, tile.len());
        let columns_of = Columns::of(tile, &self.joints, Layout::Panels);
        let of_tap = columns_of.values(channels, 1);
        let columns = columns.take(of_tap * self.joints.taps());
        for (tap, columns) in columns.chunks_exact_mut(of_tap.max(1)).enumerate() {
            columns_of.gather_taps(self.coarse, 0..channels, tap..tap + 1, columns);
        }
        let stride = geometry.axes[2].stride;
        let of_phase = panel_values(geometry.fine_channels, width);
        let products = products.take(stride * of_phase);
        for phases in self.phases.chunks_exact(stride) {
            for (phase, product) in phases.iter().zip(products.chunks_exact_mut(of_phase)) {
                self.multiply(phase, &columns[..], of_tap, width, product);
            }
            Arch::new().dispatch(Write {
                inputs: self,
                tile,
                phase: phases[0].line,
                products,
                of_phase,
                lines: &mut lines,
            });
        }
    }

    fn multiply(
        &self,
        phase: &Phase,
        columns: &[R],
        of_tap: usize,
        width: usize,
        product: &mut [R],
    ) {
        let (taps, channels) = (self.geometry.taps(), self.geometry.coarse_channels);
        if phase.taps.is_empty() {
            product.fill(R::ZERO);
        }
        let mut present = Present::Overwritten;
        for (tap, of_block) in &phase.taps {
            let weights = Rows {
                values: &self.weight[tap * channels..],
                stride: taps * channels,
                count: self.geometry.fine_channels,
            };
            let columns = &columns[of_block * of_tap..][..of_tap];
            multiply(weights, columns, width, product, present);
            present = Present::AddedTo;
        }
    }
}

/// Writes products to the fine lines of a phase of time and height.
struct Write<'a, 'b, R> {
    inputs: &'a Inputs<'a, R>,
    tile: &'a Tile,
    phase: [usize; 2],
    /// Of the phases of the width, in panels.
    products: &'a [R],
    /// Numbers of one of them.
    of_phase: usize,
    lines: &'a mut [&'b mut [R]],
}

impl<R: Real> NullaryFnOnce for Write<'_, '_, R> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Inputs {
            geometry, joints, ..
        } = self.inputs;
        let [times, heights, widths] = &geometry.axes;
        let (channels, blocks) = (geometry.fine_channels, joints.axes[2].positions);
        let mut lines = self.lines.iter_mut();
        for (place, span) in self.tile.placed() {
            for frame in frames(span, joints) {
                let [fine_times, _] = fine_lines(&frame, geometry);
                let time = frame.time * times.stride + self.phase[0];
                for channel in 0..channels {
                    let mut row = Row {
                        products: self.products,
                        of_phase: self.of_phase,
                        channel,
                        channels,
                        finish: self.inputs.finish.of_channel(channel),
                    };
                    for (own, image) in fine_times.clone().zip(lines.by_ref()) {
                        if own == time {
                            let of_phase = image.chunks_exact_mut(widths.fine).skip(self.phase[1]);
                            for (index, line) in of_phase.step_by(heights.stride).enumerate() {
                                row.write(
                                    line,
                                    place + frame.place + index * blocks,
                                    widths.stride,
                                );
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A channel of the products of phases side by side.
struct Row<'a, R> {
    products: &'a [R],
    of_phase: usize,
    channel: usize,
    channels: usize,
    finish: FinishChannel<R>,
}

impl<R: Real> Row<'_, R> {
    /// Writes a fine line whose first block has this place in the tile.
    #[inline(always)]
    fn write(&mut self, line: &mut [R], mut place: usize, stride: usize) {
        let mut rest = line;
        while !rest.is_empty() {
            // What a panel has of it.
            let count = PANEL - place % PANEL;
            let (line, after) = rest.split_at_mut(rest.len().min(count * stride));
            let start = (place / PANEL * self.channels + self.channel) * PANEL + place % PANEL;
            let of_phase = |phase: usize| &self.products[phase * self.of_phase + start..];
            match stride {
                1 => {
                    for (value, product) in line.iter_mut().zip(of_phase(0)) {
                        *value = self.finish.of_sum(*product);
                    }
                }
                2 => {
                    let (pairs, last) = line.as_chunks_mut::<2>();
                    let products = of_phase(0).iter().zip(of_phase(1));
                    for (pair, (even, odd)) in pairs.iter_mut().zip(products) {
                        *pair = [even, odd].map(|sum| self.finish.of_sum(*sum));
                    }
                    if let [last] = last {
                        *last = self.finish.of_sum(of_phase(0)[pairs.len()]);
                    }
                }
                _ => {
                    for phase in 0..stride {
                        let values = line.iter_mut().skip(phase).step_by(stride);
                        for (value, product) in values.zip(of_phase(phase)) {
                            *value = self.finish.of_sum(*product);
                        }
                    }
                }
            }
            (place, rest) = (place + count, after);
        }
    }
}
