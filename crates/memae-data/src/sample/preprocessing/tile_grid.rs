//! Where the tiles of an image lie.

use super::error::PreprocessingError;
use super::pixel_rectangle::PixelRectangle;
use super::tiling::Tiling;
use crate::sample::pixels::Pixels;

/// Where the samples that were made of an image lie in it: one that is all of it, or tiles.
///
/// ```
/// use memae_data::sample::{PixelRectangle, TileGrid, Tiling};
///
/// let grid = TileGrid::cut((10, 12), Tiling::new(8).with_overlap(4))?;
/// assert_eq!(grid.corners(), [(0, 0), (0, 4), (2, 0), (2, 4)]);
/// assert_eq!(grid.place(3), PixelRectangle { top: 2, left: 4, height: 8, width: 8 });
/// # Ok::<(), memae_data::sample::PreprocessingError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileGrid {
    picture: (usize, usize),
    /// The part of the picture that is looked at.
    crop: PixelRectangle,
    /// What that part is brought to.
    size: (usize, usize),
    tile: (usize, usize),
    corners: Vec<(usize, usize)>,
}

impl TileGrid {
    /// The tiles that cover an image of this height and width, row by row, after it was scaled.
    ///
    /// # Errors
    ///
    /// Settings out of range; an image that is smaller than a tile.
    pub fn cut(picture: (usize, usize), tiling: Tiling) -> Result<Self, PreprocessingError> {
        Self::cut_part(picture, PixelRectangle::whole(picture), tiling, |_| None)
    }

    /// The tiles of a part of an image. `inside` says for a size that the part is brought to which of its pixels are looked at;
    /// tiles without any are left out.
    pub(super) fn cut_part(
        picture: (usize, usize),
        crop: PixelRectangle,
        tiling: Tiling,
        inside: impl Fn((usize, usize)) -> Option<Vec<bool>>,
    ) -> Result<Self, PreprocessingError> {
        tiling.check()?;
        let size = tiling.scaled(crop.size());
        let (rows, columns) = (tiling.starts(size.0), tiling.starts(size.1));
        if rows.is_empty() || columns.is_empty() {
            return Err(PreprocessingError::SmallerThanTile {
                height: size.0,
                width: size.1,
                side: tiling.side,
            });
        }
        let columns = &columns;
        let corners = rows
            .iter()
            .flat_map(|&top| columns.iter().map(move |&left| (top, left)));
        let mut grid = Self {
            picture,
            crop,
            size,
            tile: (tiling.side, tiling.side),
            corners: corners.collect(),
        };
        if let Some(inside) = inside(size) {
            let kept = (0..grid.len()).filter(|&index| grid.part(&inside, index).any(|&here| here));
            grid.corners = kept.map(|index| grid.corners[index]).collect();
        }
        match grid.is_empty() {
            true => Err(PreprocessingError::NothingInRegion {
                height: picture.0,
                width: picture.1,
            }),
            false => Ok(grid),
        }
    }

    /// One sample that is all of a part of an image, brought to a size.
    pub(super) fn whole(
        picture: (usize, usize),
        crop: PixelRectangle,
        size: (usize, usize),
    ) -> Self {
        Self {
            picture,
            crop,
            size,
            tile: size,
            corners: vec![(0, 0)],
        }
    }

    /// Height and width of the image.
    pub fn picture(&self) -> (usize, usize) {
        self.picture
    }

    /// The part of the image that is looked at.
    pub fn crop(&self) -> PixelRectangle {
        self.crop
    }

    /// Height and width that this part was brought to, and that tiles were cut out of.
    pub fn size(&self) -> (usize, usize) {
        self.size
    }

    /// Height and width of each tile.
    pub fn tile(&self) -> (usize, usize) {
        self.tile
    }

    /// Row and column where each tile begins, in pixels of [`size`](Self::size).
    pub fn corners(&self) -> &[(usize, usize)] {
        &self.corners
    }

    /// Number of tiles.
    pub fn len(&self) -> usize {
        self.corners.len()
    }

    /// Whether there are no tiles; a grid that was [cut](Self::cut) has some.
    pub fn is_empty(&self) -> bool {
        self.corners.is_empty()
    }

    /// The same grid with some of its tiles.
    ///
    /// # Panics
    ///
    /// The range does not lie within the tiles.
    pub fn with_tiles(&self, tiles: std::ops::Range<usize>) -> Self {
        Self {
            corners: self.corners[tiles].to_vec(),
            ..*self
        }
    }

    /// Where a tile lies in the image, to the pixel nearest.
    ///
    /// # Panics
    ///
    /// `index` is not below [`len`](Self::len).
    pub fn place(&self, index: usize) -> PixelRectangle {
        let (top, left) = self.corners[index];
        let along = |start: usize, length: usize, of: usize, whole: usize, before: usize| {
            let in_picture = |at: usize| (2 * at * whole + of) / (2 * of);
            let (first, end) = (in_picture(start), in_picture(start + length));
            (before + first, (end - first).max(1))
        };
        let crop = self.crop;
        let (top, height) = along(top, self.tile.0, self.size.0, crop.height, crop.top);
        let (left, width) = along(left, self.tile.1, self.size.1, crop.width, crop.left);
        PixelRectangle {
            top,
            left,
            height,
            width,
        }
    }

    /// The values of a tile, row by row, of those of all pixels of [`size`](Self::size).
    ///
    /// # Panics
    ///
    /// `index` is not below [`len`](Self::len), or there are fewer values than pixels.
    pub fn part<'a, T>(&self, values: &'a [T], index: usize) -> impl Iterator<Item = &'a T> {
        let (top, left) = self.corners[index];
        let ((height, width), of) = (self.tile, self.size.1);
        (top..top + height).flat_map(move |row| &values[row * of + left..][..width])
    }

    /// The pixels of all tiles, `[tiles, channels, height, width]`, of those of the whole, `[channels, height, width]`.
    pub(super) fn tiles(&self, pixels: Pixels) -> Pixels {
        if (self.tile, self.len()) == (self.size, 1) {
            return pixels;
        }
        match pixels {
            Pixels::Bits8(values) => Pixels::Bits8(self.tiles_of(&values)),
            Pixels::Float(values) => Pixels::Float(self.tiles_of(&values)),
        }
    }

    fn tiles_of<T: Copy>(&self, values: &[T]) -> Vec<T> {
        let plane = self.size.0 * self.size.1;
        let channels = values.len() / plane;
        let mut tiles = Vec::with_capacity(self.len() * channels * self.tile.0 * self.tile.1);
        for index in 0..self.len() {
            for channel in values.chunks_exact(plane) {
                tiles.extend(self.part(channel, index));
            }
        }
        tiles
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A side, an overlap that it may have, and a size of at least a side.
    fn grids() -> impl Strategy<Value = TileGrid> {
        (1usize..17)
            .prop_flat_map(|side| (Just(side), 0..=side / 2, side..side + 40, side..side + 50))
            .prop_map(|(side, overlap, height, width)| {
                TileGrid::cut((height, width), Tiling::new(side).with_overlap(overlap)).unwrap()
            })
    }

    proptest! {
        #[test]
        fn tiles_cover_every_pixel_and_none_beyond(grid in grids()) {
            let (height, width) = grid.size();
            let mut covered = vec![0; height * width];
            for &(top, left) in grid.corners() {
                prop_assert!(top + grid.tile().0 <= height && left + grid.tile().1 <= width);
                for row in top..top + grid.tile().0 {
                    for column in left..left + grid.tile().1 {
                        covered[row * width + column] += 1;
                    }
                }
            }
            prop_assert!(!covered.contains(&0));
            prop_assert!(grid.corners().is_sorted());
            // Without one of them they don't.
            let last = grid.with_tiles(0..grid.len() - 1);
            prop_assert!(last.len() + 1 == grid.len());
        }

        #[test]
        fn neighbours_share_at_least_the_overlap_and_are_no_more_than_needed(
            (side, overlap) in (1usize..17).prop_flat_map(|side| (Just(side), 0..=side / 2)), longer in 0usize..90,
        ) {
            let tiling = Tiling::new(side).with_overlap(overlap);
            let starts = tiling.starts(side + longer);
            for pair in starts.windows(2) {
                prop_assert!(pair[0] < pair[1] && pair[1] + overlap <= pair[0] + side);
            }
            prop_assert_eq!(starts.len(), 1 + longer.div_ceil(side - overlap));
            prop_assert_eq!((starts[0], starts[starts.len() - 1]), (0, longer));
            prop_assert!(tiling.starts(side - 1).is_empty());
        }

        #[test]
        fn tiles_have_the_pixels_of_their_place(grid in grids(), channels in 1usize..4) {
            let (height, width) = grid.size();
            let whole: Vec<f32> = (0..channels * height * width).map(|at| at as f32).collect();
            let Pixels::Float(tiles) = grid.tiles(Pixels::Float(whole.clone())) else { unreachable!() };
            let size = channels * grid.tile().0 * grid.tile().1;
            prop_assert_eq!(tiles.len(), grid.len() * size);
            for (tile, &(top, left)) in tiles.chunks_exact(size).zip(grid.corners()) {
                let mut values = tile.iter();
                for channel in 0..channels {
                    for row in top..top + grid.tile().0 {
                        for column in left..left + grid.tile().1 {
                            prop_assert_eq!(values.next(), Some(&whole[(channel * height + row) * width + column]));
                        }
                    }
                }
            }
        }

        /// Where nothing was scaled a tile lies where it was cut; where something was, within the picture, and all together
        /// cover it.
        #[test]
        fn places_are_those_of_the_picture(
            picture in (20usize..90, 20usize..90), scale in 0.3f64..1.0, (top, left) in (0usize..9, 0usize..9),
        ) {
            let crop = PixelRectangle { top, left, height: picture.0 - top, width: picture.1 - left };
            let tiling = Tiling::new(3).with_overlap(1);
            let grid = TileGrid::cut_part(picture, crop, tiling, |_| None).unwrap();
            for (index, &(y, x)) in grid.corners().iter().enumerate() {
                let expected = PixelRectangle { top: top + y, left: left + x, height: 3, width: 3 };
                prop_assert_eq!(grid.place(index), expected);
            }
            let grid = TileGrid::cut_part(picture, crop, tiling.with_scale(scale), |_| None).unwrap();
            let mut covered = vec![false; picture.0 * picture.1];
            for index in 0..grid.len() {
                let place = grid.place(index);
                for row in place.top..place.top + place.height {
                    for column in place.left..place.left + place.width {
                        covered[row * picture.1 + column] = true;
                    }
                }
            }
            for (at, covered) in covered.into_iter().enumerate() {
                prop_assert_eq!(covered, at / picture.1 >= top && at % picture.1 >= left);
            }
        }
    }

    #[test]
    fn tiles_without_anything_inside_are_left_out() {
        let tiling = Tiling::new(2).with_overlap(0);
        let inside = |pixel: usize| move |_| Some((0..24).map(|at| at == pixel).collect());
        let whole = PixelRectangle::whole((4, 6));
        let grid = TileGrid::cut_part((4, 6), whole, tiling, inside(15)).unwrap();
        assert_eq!(grid.corners(), [(2, 2)]);
        let error = TileGrid::cut_part((4, 6), whole, tiling, inside(99)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "region: found no pixel of 4x6 that lies in it, expected some"
        );
    }

    #[test]
    fn what_cannot_be_cut_is_an_error() {
        for (tiling, message) in [
            (
                Tiling::new(8),
                "found an image that is 7x30 when it is cut, expected sides of at least 8, which tiles have",
            ),
            (
                Tiling::new(0),
                "tiles: found a side of 0, expected 1 to 16384 pixels",
            ),
            (
                Tiling::new(99_999),
                "tiles: found a side of 99999, expected 1 to 16384 pixels",
            ),
            (
                Tiling::new(7).with_overlap(4),
                "tiles: found an overlap of 4 of 7, expected at most half the side",
            ),
            (
                Tiling::new(7).with_overlap(usize::MAX),
                "tiles: found an overlap of 18446744073709551615 of 7, expected at most half the side",
            ),
            (
                Tiling::new(2).with_scale(0.0),
                "tiles: found a scale of 0, expected a number above 0 and at most 1",
            ),
            (
                Tiling::new(2).with_scale(f64::NAN),
                "tiles: found a scale of NaN, expected a number above 0 and at most 1",
            ),
            (
                Tiling::new(2).with_scale(1.5),
                "tiles: found a scale of 1.5, expected a number above 0 and at most 1",
            ),
        ] {
            let error = TileGrid::cut((7, 30), tiling).unwrap_err();
            assert_eq!(error.to_string(), message);
        }
    }
}
