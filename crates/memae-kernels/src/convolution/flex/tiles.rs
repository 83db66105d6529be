//! Coarse positions in pieces that are worked on at once.

use std::ops::Range;

use super::panels::PANEL;
use crate::convolution::geometry::Geometry;

/// Positions of one sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub sample: usize,
    pub positions: Range<usize>,
}

/// Positions that are worked on at once: a part of a sample, or several whole samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tile {
    pub spans: Vec<Span>,
}

impl Tile {
    /// Positions in it.
    pub fn len(&self) -> usize {
        self.spans.iter().map(|span| span.positions.len()).sum()
    }

    /// Each span, and the number of positions in front of it.
    pub fn placed(&self) -> impl Iterator<Item = (usize, &Span)> {
        self.spans.iter().scan(0, |start, span| {
            let place = *start;
            *start += span.positions.len();
            Some((place, span))
        })
    }
}

/// Positions of a tile, at most.
const POSITIONS: usize = 512;

/// The tiles of all coarse positions, which depend on nothing but the geometry.
pub(super) fn tiles(geometry: &Geometry) -> Vec<Tile> {
    tiles_of(geometry.batch, geometry.coarse_positions(), POSITIONS)
}

/// The tiles of all coarse positions, smaller ones where all threads would not find work otherwise: for sums that don't
/// reach over tiles.
pub(super) fn tiles_for_threads(geometry: &Geometry) -> Vec<Tile> {
    let positions = geometry.coarse_positions();
    let share = (geometry.batch * positions).div_ceil(rayon::current_num_threads());
    let target = share.next_multiple_of(PANEL).min(POSITIONS);
    tiles_of(geometry.batch, positions, target)
}

/// Tiles of whole lines, `lines` of `width` positions in each of `batch` samples: about `target` positions or
/// [`POSITIONS`] if that is fewer, and fewer where all threads would not find work otherwise.
pub(super) fn tiles_of_lines(batch: usize, lines: usize, width: usize, target: usize) -> Vec<Tile> {
    let share = (batch * lines * width).div_ceil(rayon::current_num_threads());
    let target = target
        .clamp(PANEL, POSITIONS)
        .min(share.next_multiple_of(PANEL));
    let mut tiles = tiles_of(batch, lines, (target / width.max(1)).max(1));
    for span in tiles.iter_mut().flat_map(|tile| &mut tile.spans) {
        span.positions = span.positions.start * width..span.positions.end * width;
    }
    tiles
}

/// Cuts `positions` of each of `batch` samples into tiles of at most `target`.
fn tiles_of(batch: usize, positions: usize, target: usize) -> Vec<Tile> {
    if positions == 0 {
        return Vec::new();
    }
    let parts = positions.div_ceil(target);
    let whole = |sample| Span {
        sample,
        positions: 0..positions,
    };
    let part = |index: usize| index * positions / parts;
    match parts {
        1 => {
            let samples: Vec<usize> = (0..batch).collect();
            let tiles = samples.chunks(target / positions);
            tiles
                .map(|samples| Tile {
                    spans: samples.iter().copied().map(whole).collect(),
                })
                .collect()
        }
        _ => (0..batch)
            .flat_map(|sample| {
                (0..parts).map(move |index| Tile {
                    spans: vec![Span {
                        sample,
                        positions: part(index)..part(index + 1),
                    }],
                })
            })
            .collect(),
    }
}

/// For each tile, the rows of `values`, `[batch, channels, positions]`, that belong to it: span after span, the
/// channels of each.
pub(super) fn rows_of_tiles<'a, T>(
    values: &'a mut [T],
    channels: usize,
    positions: usize,
    tiles: &[Tile],
) -> Vec<Vec<&'a mut [T]>> {
    let mut samples = values.chunks_mut(channels * positions);
    let mut rows: Vec<Vec<&'a mut [T]>> = Vec::with_capacity(tiles.len());
    // Of the sample that is being cut, what the tiles so far have left of each channel.
    let mut left: Vec<&'a mut [T]> = Vec::new();
    for tile in tiles {
        let mut own = Vec::with_capacity(tile.spans.len() * channels);
        for span in &tile.spans {
            if span.positions.start == 0 {
                let sample = samples.next().expect("a sample for each span from 0");
                left = sample.chunks_mut(positions).collect();
            }
            let count = span.positions.len();
            for row in &mut left {
                own.push(row.split_off_mut(..count).expect("positions of the sample"));
            }
        }
        rows.push(own);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_hold_every_position_once() {
        for (batch, positions, target) in [
            (1, 1, 1),
            (5, 7, 16),
            (3, 100, 16),
            (4, 16, 16),
            (2, 17, 16),
        ] {
            let tiles = tiles_of(batch, positions, target);
            let mut places: Vec<(usize, usize)> = Vec::new();
            for tile in &tiles {
                assert!(tile.len() <= target, "{tile:?}");
                for span in &tile.spans {
                    places.extend(
                        span.positions
                            .clone()
                            .map(|position| (span.sample, position)),
                    );
                }
            }
            let expected: Vec<(usize, usize)> = (0..batch)
                .flat_map(|sample| (0..positions).map(move |position| (sample, position)))
                .collect();
            assert_eq!(places, expected, "{batch} × {positions} by {target}");
        }
        assert_eq!(tiles_of(3, 0, 16), []);
    }

    #[test]
    fn rows_are_those_of_the_spans() {
        for (batch, positions, target) in [(5, 7, 16), (3, 100, 16)] {
            let channels = 3;
            let tiles = tiles_of(batch, positions, target);
            let mut values: Vec<usize> = (0..batch * channels * positions).collect();
            let rows = rows_of_tiles(&mut values, channels, positions, &tiles);
            for (tile, rows) in tiles.iter().zip(rows) {
                let mut rows = rows.into_iter();
                for span in &tile.spans {
                    for channel in 0..channels {
                        let start = (span.sample * channels + channel) * positions;
                        let expected: Vec<usize> = span
                            .positions
                            .clone()
                            .map(|position| start + position)
                            .collect();
                        assert_eq!(rows.next().unwrap(), expected.as_slice());
                    }
                }
                assert!(rows.next().is_none());
            }
        }
    }
}
