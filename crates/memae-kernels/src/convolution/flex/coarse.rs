//! The coarse side of a tile in panels.

use super::panels::{Buffer, PANEL, panel_values};
use super::tiles::Tile;
use crate::convolution::geometry::Geometry;
use crate::simd::real::Real;

/// Channels that are read side by side, so that what is written is a cache line of f32.
const SIDE_BY_SIDE: usize = 16;

/// Positions of a tile are its columns: `[coarse_channels, positions]`.
pub(super) fn positions_in_panels<R: Real>(
    tile: &Tile,
    geometry: &Geometry,
    coarse: &[R],
) -> Buffer<R> {
    let (channels, positions) = (geometry.coarse_channels, geometry.coarse_positions());
    let mut buffer = Buffer::new();
    let panels = buffer.take(panel_values(channels, tile.len()));
    for (place, span) in tile.placed() {
        for channel in 0..channels {
            let row = &coarse[(span.sample * channels + channel) * positions..][..positions];
            for (start, part) in pieces(place, &row[span.positions.clone()]) {
                let start = (start / PANEL * channels + channel) * PANEL + start % PANEL;
                panels[start..start + part.len()].copy_from_slice(part);
            }
        }
    }
    buffer
}

/// Channels are the columns: `[positions, coarse_channels]`.
pub(super) fn channels_in_panels<R: Real>(
    tile: &Tile,
    geometry: &Geometry,
    coarse: &[R],
) -> Buffer<R> {
    let (channels, positions) = (geometry.coarse_channels, geometry.coarse_positions());
    let width = tile.len();
    let mut buffer = Buffer::new();
    let panels = buffer.take(panel_values(width, channels));
    for (place, span) in tile.placed() {
        let sample = &coarse[span.sample * channels * positions..][..channels * positions];
        for (index, rows) in sample.chunks(SIDE_BY_SIDE * positions).enumerate() {
            let (channel, count) = (index * SIDE_BY_SIDE, rows.len() / positions);
            let first = channel / PANEL * width + place;
            for (index, position) in span.positions.clone().enumerate() {
                let start = (first + index) * PANEL + channel % PANEL;
                for (row, value) in panels[start..start + count].iter_mut().enumerate() {
                    *value = rows[row * positions + position];
                }
            }
        }
    }
    buffer
}

/// Parts of a row that begins at a position of a tile, cut where panels end, and the position of each.
pub(super) fn pieces<T>(place: usize, row: &[T]) -> impl Iterator<Item = (usize, &[T])> {
    let (first, rest) = row.split_at(row.len().min(PANEL - place % PANEL));
    let start = place + first.len();
    let rest = rest.chunks(PANEL).enumerate();
    std::iter::once((place, first))
        .chain(rest.map(move |(index, part)| (start + index * PANEL, part)))
}
