//! Which values the taps of a kernel join with which positions.

use std::ops::Range;

use crate::convolution::geometry::{Axis, Geometry};

/// One axis: a tap joins position `p` with place `p · stride + offset`, if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AxisJoints {
    pub places: usize,
    pub positions: usize,
    pub stride: usize,
    /// Of every tap.
    pub offsets: Vec<isize>,
}

impl AxisJoints {
    /// The place that a tap joins with a position.
    pub fn place(&self, position: usize, tap: usize) -> Option<usize> {
        (position * self.stride)
            .checked_add_signed(self.offsets[tap])
            .filter(|place| *place < self.places)
    }

    /// The positions that a tap joins with places.
    pub fn joined(&self, tap: usize) -> Range<usize> {
        let offset = self.offsets[tap];
        let up_to = |place: usize| {
            let distance = place.checked_add_signed(-offset).unwrap_or_default();
            distance.div_ceil(self.stride)
        };
        let end = up_to(self.places).min(self.positions);
        up_to(0).min(end)..end
    }
}

/// All axes, and the channels of the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Joints {
    pub channels: usize,
    /// Time, height and width.
    pub axes: [AxisJoints; 3],
}

impl Joints {
    /// Those of coarse positions with fine places.
    pub fn with_fine(geometry: &Geometry) -> Self {
        Self {
            channels: geometry.fine_channels,
            axes: geometry.axes.map(|axis| AxisJoints {
                places: axis.fine,
                positions: axis.coarse,
                stride: axis.stride,
                offsets: (0..axis.kernel)
                    .map(|tap| (tap * axis.dilation) as isize - axis.padding as isize)
                    .collect(),
            }),
        }
    }

    /// Those of blocks, a stride wide, of fine places with coarse ones; a tap for every way in which one of the places
    /// of a block is joined.
    pub fn of_blocks(geometry: &Geometry) -> Self {
        Self {
            channels: geometry.coarse_channels,
            axes: geometry.axes.map(|axis| {
                let mut offsets: Vec<isize> = (0..axis.stride)
                    .flat_map(|phase| coarse_offsets(&axis, phase))
                    .map(|(_, offset)| offset)
                    .collect();
                offsets.sort_unstable();
                offsets.dedup();
                AxisJoints {
                    places: axis.coarse,
                    positions: axis.fine.div_ceil(axis.stride),
                    stride: 1,
                    offsets,
                }
            }),
        }
    }

    pub fn places(&self) -> usize {
        self.axes.iter().map(|axis| axis.places).product()
    }

    pub fn taps(&self) -> usize {
        self.axes.iter().map(|axis| axis.offsets.len()).product()
    }
}

/// Taps of a kernel that join the fine place `block · stride + phase` with a coarse one, and how far behind the block
/// that is.
pub(super) fn coarse_offsets(axis: &Axis, phase: usize) -> Vec<(usize, isize)> {
    let distance = |tap: usize| (phase + axis.padding) as isize - (tap * axis.dilation) as isize;
    let stride = axis.stride as isize;
    (0..axis.kernel)
        .filter(|tap| distance(*tap) % stride == 0)
        .map(|tap| (tap, distance(tap) / stride))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn geometries() -> impl Iterator<Item = Geometry> {
        let axes = (1..8).flat_map(|fine| {
            (1..5).flat_map(move |kernel| {
                (1..4).flat_map(move |stride| {
                    (0..4).flat_map(move |padding| {
                        (1..3).map(move |dilation| Axis {
                            fine,
                            coarse: 5,
                            kernel,
                            stride,
                            padding,
                            dilation,
                        })
                    })
                })
            })
        });
        axes.map(|axis| Geometry {
            batch: 1,
            fine_channels: 1,
            coarse_channels: 1,
            axes: [Axis::NONE, Axis::NONE, axis],
            rank: 1,
        })
    }

    /// What a kernel joins, by its definition: coarse position, fine place and tap.
    fn definition(axis: &Axis) -> Vec<(usize, usize, usize)> {
        let mut joined = Vec::new();
        for coarse in 0..axis.coarse {
            for tap in 0..axis.kernel {
                let reach = coarse * axis.stride + tap * axis.dilation;
                let place = reach.checked_sub(axis.padding);
                if let Some(fine) = place.filter(|place| *place < axis.fine) {
                    joined.push((coarse, fine, tap));
                }
            }
        }
        joined
    }

    #[test]
    fn coarse_positions_are_joined_by_definition() {
        for geometry in geometries() {
            let axis = &geometry.axes[2];
            let joints = &Joints::with_fine(&geometry).axes[2];
            let mut found = Vec::new();
            for coarse in 0..axis.coarse {
                for tap in 0..axis.kernel {
                    let place = joints.place(coarse, tap);
                    assert_eq!(joints.joined(tap).contains(&coarse), place.is_some());
                    found.extend(place.map(|fine| (coarse, fine, tap)));
                }
            }
            assert_eq!(found, definition(axis), "{axis:?}");
        }
    }

    #[test]
    fn blocks_are_joined_by_definition() {
        for geometry in geometries() {
            let axis = &geometry.axes[2];
            let joints = &Joints::of_blocks(&geometry).axes[2];
            let mut found = Vec::new();
            for block in 0..joints.positions {
                for phase in 0..axis.stride {
                    for (tap, offset) in coarse_offsets(axis, phase) {
                        let of_blocks = joints.offsets.binary_search(&offset).unwrap();
                        let place = joints.place(block, of_blocks);
                        assert_eq!(joints.joined(of_blocks).contains(&block), place.is_some());
                        let fine = block * axis.stride + phase;
                        let joined = place.filter(|_| fine < axis.fine);
                        found.extend(joined.map(|coarse| (coarse, fine, tap)));
                    }
                }
            }
            found.sort_unstable();
            let mut expected = definition(axis);
            expected.sort_unstable();
            assert_eq!(found, expected, "{axis:?}");
        }
    }
}
