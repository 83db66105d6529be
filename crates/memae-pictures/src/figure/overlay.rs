//! What is laid over images: error maps in heat colours, outlines of masks.

use crate::chart::colour::{self, Colour, INK};
use crate::chart::outline::{Edge, trace};
use crate::chart::tile::{Tile, resample};

/// The share of the heat colour where there is no error: the image is darkened, so that errors stand out.
const LEAST: f32 = 0.35;
/// The share of the heat colour at the largest error: the image still shows.
const MOST: f32 = 0.85;

/// Width of outlines, in pixels of the tile.
const OUTLINE_WIDTH: usize = 2;

/// A pixel with an error over it, a share of the largest one that is shown: the higher it is, the less of the pixel
/// remains, from a share of `least` of the heat colour where there is no error. Errors that are not finite hide it.
pub(super) fn with_error(pixel: Colour, value: f32, least: f32) -> Colour {
    if !value.is_finite() {
        return colour::heat(value);
    }
    if pixel == colour::NOT_FINITE {
        return pixel;
    }
    // The square root lets middling errors be seen too.
    let share = least + (MOST - least) * value.clamp(0.0, 1.0).sqrt();
    colour::mix(pixel, colour::heat(value), share)
}

/// A pixel on an outline, or beside it. One that marks a value that is not finite stays.
pub(super) fn with_edge(pixel: Colour, edge: Edge, line: Colour) -> Colour {
    match edge {
        _ if pixel == colour::NOT_FINITE => pixel,
        Edge::Away => pixel,
        Edge::Line => line,
        // A dark rim keeps the line apart from light images.
        Edge::Rim => colour::mix(pixel, INK, 0.6),
    }
}

impl Tile {
    /// Lays an error map, `[height, width]`, over this tile, in heat colours from 0 to `top`.
    pub(super) fn lay_over(&mut self, map: &[f32], [height, width]: [usize; 2], top: f32) {
        let errors = resample(map, (width, height), (self.width, self.height));
        for (pixel, error) in self.pixels.iter_mut().zip(errors) {
            *pixel = with_error(*pixel, error / top, LEAST);
        }
    }

    /// Draws the outline of a mask, `[height, width]`, around the pixels that it covers; along the edge of the tile
    /// it runs inside.
    pub(super) fn outline(&mut self, mask: &[bool], [height, width]: [usize; 2], line: Colour) {
        let covered: Vec<f32> = mask
            .iter()
            .map(|&inside| f32::from(u8::from(inside)))
            .collect();
        let shares = resample(&covered, (width, height), (self.width, self.height));
        let (width, height) = (self.width as usize, self.height as usize);
        // Even a mask that covers a part of a pixel alone counts, or small ones would vanish where frames are reduced.
        let inside = |y: usize, row: &mut [bool]| {
            for (inside, &share) in row.iter_mut().zip(&shares[y * width..]) {
                *inside = share > 0.0;
            }
        };
        trace([height, width], OUTLINE_WIDTH, inside, |y, edges| {
            for (pixel, &edge) in self.pixels[y * width..].iter_mut().zip(edges) {
                *pixel = with_edge(*pixel, edge, line);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::colour::{NOT_FINITE, OUTLINE};

    fn light(colour: Colour) -> u32 {
        colour.iter().map(|&value| u32::from(value)).sum()
    }

    #[test]
    fn the_frame_grows_bright_where_the_error_is_high() {
        let mut tile = Tile::image(&[0.5; 35], [1, 5, 7], 7);
        let mut map = vec![0.0; 35];
        map[9] = 2.0;
        map[10] = 1.0;
        tile.lay_over(&map, [5, 7], 2.0);
        let dark = tile.pixels[0];
        assert!(light(dark) < light([128; 3]));
        assert!(light(tile.pixels[10]) > light(dark));
        assert!(light(tile.pixels[9]) > light([128; 3]));
        assert!(
            tile.pixels[9][0] > tile.pixels[9][2],
            "{:?}",
            tile.pixels[9]
        );
        assert_eq!(
            tile.pixels.iter().filter(|&&pixel| pixel == dark).count(),
            33
        );
    }

    #[test]
    fn the_frame_shows_through_everywhere() {
        for error in [0.0, 0.5, 1.0, 7.0] {
            let mut tile = Tile::image(&[0.2, 0.8], [1, 1, 2], 2);
            tile.lay_over(&[error; 2], [1, 2], 1.0);
            assert!(
                light(tile.pixels[0]) + 60 < light(tile.pixels[1]),
                "{error}"
            );
        }
    }

    #[test]
    fn what_is_not_finite_is_marked() {
        let mut tile = Tile::image(&[f32::NAN, 0.5, 0.5, 0.5], [1, 1, 4], 4);
        tile.lay_over(&[0.5, f32::NAN, f32::INFINITY, 0.5], [1, 4], 1.0);
        assert_eq!(tile.pixels[..3], [NOT_FINITE; 3]);
        assert_ne!(tile.pixels[3], NOT_FINITE);
    }

    #[test]
    fn outlines_run_around_the_mask() {
        let (height, width) = (13, 17);
        let mut mask = vec![false; height * width];
        for (y, x) in [(5, 7), (5, 8), (6, 7), (6, 8)] {
            mask[y * width + x] = true;
        }
        let mut tile = Tile::image(&vec![0.5; height * width], [1, height, width], 17);
        tile.outline(&mask, [height, width], OUTLINE);
        let pixel = |y: usize, x: usize| tile.pixels[y * width + x];
        for (y, x) in [(5, 7), (6, 8), (0, 0), (12, 16)] {
            assert_eq!(pixel(y, x), [128; 3], "{y} {x}");
        }
        for (y, x) in [(5, 6), (5, 5), (4, 6), (3, 8), (8, 7), (6, 10)] {
            assert_eq!(pixel(y, x), OUTLINE, "{y} {x}");
        }
        assert!(light(pixel(5, 4)) < light([128; 3]));
    }

    #[test]
    fn outlines_of_masks_at_the_edge_are_closed() {
        let mut tile = Tile::image(&[0.5; 99], [1, 9, 11], 11);
        tile.outline(&[true; 99], [9, 11], OUTLINE);
        let lines = tile
            .pixels
            .iter()
            .filter(|&&pixel| pixel == OUTLINE)
            .count();
        assert_eq!(lines, 99 - 5 * 7);
        let mut tile = Tile::image(&[0.5; 99], [1, 9, 11], 11);
        tile.outline(&[false; 99], [9, 11], OUTLINE);
        assert!(tile.pixels.iter().all(|&pixel| pixel == [128; 3]));
    }

    #[test]
    fn a_small_mask_stays_visible_when_reduced() {
        let mut mask = vec![false; 64 * 64];
        mask[31 * 64 + 30] = true;
        let mut tile = Tile::image(&[0.5; 64 * 64], [1, 64, 64], 16);
        tile.outline(&mask, [64, 64], OUTLINE);
        assert!(tile.pixels.contains(&OUTLINE));
    }
}
