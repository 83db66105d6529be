//! One image as a block of coloured pixels, enlarged or reduced to fit its place on a page.

use super::colour::{self, Colour};

/// A block of pixels, row by row.
pub(crate) struct Tile {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) pixels: Vec<Colour>,
}

impl Tile {
    /// An image of values in [0, 1], `[channels, height, width]`, in its own greys or colours.
    pub(crate) fn image(
        values: &[f32],
        [channels, height, width]: [usize; 3],
        longest: u32,
    ) -> Self {
        let (tile_width, tile_height) = tile_size(height, width, longest);
        let planes: Vec<Vec<f32>> = values
            .chunks_exact(height * width)
            .map(|plane| resample(plane, (width, height), (tile_width, tile_height)))
            .collect();
        let pixels = (0..(tile_width * tile_height) as usize)
            .map(|at| match channels {
                1 => colour::pixel([planes[0][at]; 3]),
                _ => colour::pixel([planes[0][at], planes[1][at], planes[2][at]]),
            })
            .collect();
        Self {
            width: tile_width,
            height: tile_height,
            pixels,
        }
    }

    /// An error map, `[height, width]`, in heat colours from 0 to `top`.
    pub(crate) fn heat(map: &[f32], [height, width]: [usize; 2], top: f32, longest: u32) -> Self {
        let (tile_width, tile_height) = tile_size(height, width, longest);
        let pixels = resample(map, (width, height), (tile_width, tile_height))
            .into_iter()
            .map(|value| colour::heat(value / top))
            .collect();
        Self {
            width: tile_width,
            height: tile_height,
            pixels,
        }
    }
}

/// The `(width, height)` of an image's tile whose longer side has at most `longest` pixels: a whole multiple of a
/// small image, a reduction of a large one.
pub(crate) fn tile_size(height: usize, width: usize, longest: u32) -> (u32, u32) {
    let side = height.max(width);
    let longest = longest as usize;
    let scaled = |length: usize| {
        if side <= longest {
            length * (longest / side)
        } else {
            (length as f64 * longest as f64 / side as f64)
                .round()
                .max(1.0) as usize
        }
    };
    (scaled(width) as u32, scaled(height) as u32)
}

/// Nearest neighbour where the image is enlarged, the mean over the pixels covered where it is reduced.
pub(crate) fn resample(plane: &[f32], from: (usize, usize), to: (u32, u32)) -> Vec<f32> {
    let covered = |at: u32, length: usize, scaled: u32| {
        let start = at as usize * length / scaled as usize;
        let end = ((at as usize + 1) * length / scaled as usize).max(start + 1);
        start..end
    };
    let mut values = Vec::with_capacity((to.0 * to.1) as usize);
    for y in 0..to.1 {
        let rows = covered(y, from.1, to.1);
        for x in 0..to.0 {
            let columns = covered(x, from.0, to.0);
            let count = rows.len() * columns.len();
            let sum: f64 = rows
                .clone()
                .flat_map(|row| &plane[row * from.0..][columns.clone()])
                .map(|&value| f64::from(value))
                .sum();
            values.push((sum / count as f64) as f32);
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_images_grow_by_whole_factors() {
        assert_eq!(tile_size(28, 28, 84), (84, 84));
        assert_eq!(tile_size(28, 28, 100), (84, 84));
        assert_eq!(tile_size(7, 3, 70), (30, 70));
        assert_eq!(tile_size(1, 1, 64), (64, 64));
    }

    #[test]
    fn large_images_shrink_and_never_vanish() {
        assert_eq!(tile_size(480, 640, 80), (80, 60));
        assert_eq!(tile_size(1, 1000, 50), (50, 1));
    }

    #[test]
    fn enlarged_pixels_keep_their_values() {
        let tile = Tile::image(&[0.0, 1.0, 0.5, 0.0, 1.0, 0.5], [1, 2, 3], 6);
        assert_eq!((tile.width, tile.height), (6, 4));
        assert_eq!(
            tile.pixels[..6],
            [[0; 3], [0; 3], [255; 3], [255; 3], [128; 3], [128; 3]]
        );
        assert_eq!(tile.pixels[..6], tile.pixels[6..12]);
    }

    #[test]
    fn reduced_pixels_are_means() {
        let tile = Tile::image(&[0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0], [1, 2, 4], 2);
        assert_eq!((tile.width, tile.height), (2, 1));
        assert_eq!(tile.pixels, [[128; 3], [255; 3]]);
    }

    #[test]
    fn colour_channels_are_planes() {
        let tile = Tile::image(&[1.0, 0.0, 0.0, 1.0, 0.0, 0.0], [3, 1, 2], 2);
        assert_eq!(tile.pixels, [[255, 0, 0], [0, 255, 0]]);
    }

    #[test]
    fn a_value_that_is_not_finite_stays_visible_when_reduced() {
        let mut values = vec![0.5; 64];
        values[20] = f32::INFINITY;
        let tile = Tile::image(&values, [1, 8, 8], 4);
        assert_eq!(
            tile.pixels
                .iter()
                .filter(|&&pixel| pixel == colour::NOT_FINITE)
                .count(),
            1
        );
        let tile = Tile::heat(&values, [8, 8], 1.0, 8);
        assert_eq!(tile.pixels[20], colour::NOT_FINITE);
    }
}
