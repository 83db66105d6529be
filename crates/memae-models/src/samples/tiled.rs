use std::sync::Arc;

use burn::data::dataset::DatasetError;
use memae_data::sample::TileGrid;

use super::source::{SampleValues, Samples};

/// Samples that are tiles of pictures: a detector scores each picture by all of its tiles.
///
/// ```
/// use memae_data::sample::{ImageShape, Images, Pixels, TileGrid, Tiling};
/// use memae_models::samples::{Samples, Tiled};
///
/// let shape = ImageShape { channels: 1, height: 2, width: 2 };
/// let tiles = Images::new(shape, Pixels::Bits8(vec![0; 3 * 4]))?;
/// let tiling = Tiling::new(2).with_overlap(0);
/// let grids = [TileGrid::cut((2, 4), tiling)?, TileGrid::cut((2, 2), tiling)?];
/// let tiled = Tiled::new(tiles, Some(grids.to_vec()));
/// assert_eq!(tiled.pictures(), Some(grids.to_vec()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Tiled<S> {
    samples: S,
    grids: Option<Arc<[TileGrid]>>,
}

impl<S: Samples> Tiled<S> {
    /// Samples with where they lie in pictures, picture by picture, as
    /// [`ImageFiles::grids`](memae_data::dataset::ImageFiles::grids) says it; with `None` each is a picture of its own.
    ///
    /// # Panics
    ///
    /// Panics if there is not one tile for each sample.
    pub fn new(samples: S, grids: Option<Vec<TileGrid>>) -> Self {
        if let Some(grids) = &grids {
            let tiles: usize = grids.iter().map(TileGrid::len).sum();
            assert_eq!(
                tiles,
                samples.len(),
                "tiles: found {tiles}, expected {}, one for each sample",
                samples.len()
            );
        }
        Self {
            samples,
            grids: grids.map(Into::into),
        }
    }
}

impl<S: Samples> Samples for Tiled<S> {
    type Shape = S::Shape;

    fn shape(&self) -> S::Shape {
        self.samples.shape()
    }

    fn len(&self) -> usize {
        self.samples.len()
    }

    fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
        self.samples.values(index)
    }

    fn read(&self, indices: Vec<usize>) -> SampleValues<'_> {
        self.samples.read(indices)
    }

    /// The groups of the samples; without any the number of its picture, so that tiles of one are not divided.
    fn groups(&self) -> Option<Vec<usize>> {
        let of_pictures = || {
            let grids = self.grids.as_ref()?.iter().enumerate();
            let groups = grids.flat_map(|(picture, grid)| std::iter::repeat_n(picture, grid.len()));
            Some(groups.collect())
        };
        self.samples.groups().or_else(of_pictures)
    }

    fn pictures(&self) -> Option<Vec<TileGrid>> {
        self.grids.as_ref().map(|grids| grids.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use memae_data::sample::{Tiling, Vectors};

    use super::*;
    use crate::samples::{Grouped, Selection};

    fn tiled() -> Tiled<Vectors> {
        let vectors = Vectors::new(1, (0..9).map(|at| at as f32).collect()).unwrap();
        let tiling = Tiling::new(2).with_overlap(0);
        let grids = [(2, 4), (2, 2), (4, 6)].map(|size| TileGrid::cut(size, tiling).unwrap());
        Tiled::new(vectors, Some(grids.to_vec()))
    }

    #[test]
    fn tiles_of_a_picture_are_a_group() {
        let expected = vec![0, 0, 1, 2, 2, 2, 2, 2, 2];
        assert_eq!(tiled().groups(), Some(expected));
        let grouped = Grouped::new(tiled(), vec![5; 9]);
        assert_eq!(grouped.groups(), Some(vec![5; 9]));
        assert_eq!(grouped.pictures(), tiled().pictures());
        let vectors = Vectors::new(1, vec![0.0; 2]).unwrap();
        let whole = Tiled::new(vectors, None);
        assert_eq!((whole.groups(), whole.pictures()), (None, None));
    }

    #[test]
    fn what_is_selected_of_a_picture_is_its_tiles() {
        let grids = tiled().pictures().unwrap();
        let pictures = |indices: &[usize]| Selection::new(tiled(), indices).pictures().unwrap();
        assert_eq!(pictures(&[2, 3, 4, 5, 6, 7, 8]), grids[1..]);
        assert_eq!(pictures(&[0, 1, 2]), grids[..2]);
        let corners: Vec<_> = pictures(&[1, 2, 4, 5, 7])
            .iter()
            .map(|grid| grid.corners().to_vec())
            .collect();
        let expected = [
            vec![(0, 2)],
            vec![(0, 0)],
            vec![(0, 2), (0, 4)],
            vec![(2, 2)],
        ];
        assert_eq!(corners, expected);
        assert!(pictures(&[]).is_empty());
    }

    #[test]
    #[should_panic(expected = "tiles: found 2, expected 3, one for each sample")]
    fn other_numbers_of_tiles_panic() {
        let vectors = Vectors::new(1, vec![0.0; 3]).unwrap();
        let grid = TileGrid::cut((2, 4), Tiling::new(2).with_overlap(0)).unwrap();
        let _ = Tiled::new(vectors, Some(vec![grid]));
    }
}
