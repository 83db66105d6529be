//! Maps of tiles, put together to that of their picture.

use std::f64::consts::PI;

use memae_data::sample::TileGrid;

/// The map of a picture of those of its tiles, `[tiles, height, width]` flattened, at the size that they were cut out of.
///
/// Where tiles overlap it is their mean, weighted by sin² across each tile: hardly anything at its edges, where a network knows least
/// of what is around, and most in its middle. So no map has a step where a tile begins, and equal ones are kept. What no tile covers
/// is 0.
///
/// # Panics
///
/// Panics if there are not as many values as the tiles have pixels.
///
/// ```
/// use memae_data::sample::{TileGrid, Tiling};
/// use memae_models::score::stitched_map;
///
/// let grid = TileGrid::cut((1, 3), Tiling::new(1))?;
/// assert_eq!(stitched_map(&[0.5, 0.0, 2.0], &grid), [0.5, 0.0, 2.0]);
/// # Ok::<(), memae_data::sample::PreprocessingError>(())
/// ```
pub fn stitched_map(tiles: &[f32], grid: &TileGrid) -> Vec<f32> {
    let pixels = grid.tile().0 * grid.tile().1;
    assert!(
        tiles.len() == grid.len() * pixels,
        "maps of tiles: found {} values, expected {} of {pixels} pixels",
        tiles.len(),
        grid.len()
    );
    let mut stitching = Stitching::new(grid);
    for tile in tiles.chunks_exact(pixels) {
        stitching.add(tile);
    }
    stitching.finish()
}

/// The same, a tile at a time.
pub(crate) struct Stitching<'a> {
    grid: &'a TileGrid,
    added: usize,
    /// Of each row and each column of a tile.
    weights: (Vec<f64>, Vec<f64>),
    /// Of each pixel the weighted sum, and the sum of the weights.
    sums: Vec<(f64, f64)>,
}

impl<'a> Stitching<'a> {
    pub(crate) fn new(grid: &'a TileGrid) -> Self {
        let weights = |length: usize| {
            let weight = |at: usize| (PI * (at as f64 + 0.5) / length as f64).sin().powi(2);
            (0..length).map(weight).collect()
        };
        let (height, width) = grid.size();
        Self {
            grid,
            added: 0,
            weights: (weights(grid.tile().0), weights(grid.tile().1)),
            sums: vec![(0.0, 0.0); height * width],
        }
    }

    /// Adds the map of the next tile, `[height, width]` flattened.
    pub(crate) fn add(&mut self, tile: &[f32]) {
        let (top, left) = self.grid.corners()[self.added];
        self.added += 1;
        let width = self.weights.1.len();
        let rows = tile.chunks_exact(width).zip(&self.weights.0);
        for (row, (values, row_weight)) in (top..).zip(rows) {
            let sums = &mut self.sums[row * self.grid.size().1 + left..][..width];
            for ((sum, value), weight) in sums.iter_mut().zip(values).zip(&self.weights.1) {
                let weight = row_weight * weight;
                sum.0 += weight * f64::from(*value);
                sum.1 += weight;
            }
        }
    }

    pub(crate) fn finish(self) -> Vec<f32> {
        let mean = |(sum, weights): (f64, f64)| match weights > 0.0 {
            true => (sum / weights) as f32,
            false => 0.0,
        };
        self.sums.into_iter().map(mean).collect()
    }
}

#[cfg(test)]
mod tests {
    use memae_data::sample::Tiling;
    use proptest::prelude::*;

    use super::*;

    /// A grid, and how far its tiles overlap at least.
    fn grids() -> impl Strategy<Value = (TileGrid, usize)> {
        (4usize..17)
            .prop_flat_map(|side| (Just(side), 2..=side / 2, side..side + 30, side..side + 40))
            .prop_map(|(side, overlap, height, width)| {
                let tiling = Tiling::new(side).with_overlap(overlap);
                (TileGrid::cut((height, width), tiling).unwrap(), overlap)
            })
    }

    /// The map of each tile, `[tiles, height, width]`, by number of the tile, row and column of the picture.
    fn tiles(grid: &TileGrid, value: impl Fn(usize, usize, usize) -> f64) -> Vec<f32> {
        let (height, width) = grid.tile();
        let mut tiles = Vec::new();
        for (index, &(top, left)) in grid.corners().iter().enumerate() {
            for row in top..top + height {
                tiles.extend((left..left + width).map(|column| value(index, row, column) as f32));
            }
        }
        tiles
    }

    proptest! {
        /// Where all tiles agree, the picture has what they say: smooth errors stay smooth.
        #[test]
        fn what_tiles_agree_on_is_kept((grid, _) in grids(), slope in (-0.9f64..0.9, -0.9f64..0.9)) {
            let value = |_: usize, row: usize, column: usize| 80.0 + slope.0 * row as f64 + slope.1 * column as f64;
            let map = stitched_map(&tiles(&grid, value), &grid);
            for (at, found) in map.iter().enumerate() {
                let expected = value(0, at / grid.size().1, at % grid.size().1) as f32;
                prop_assert_eq!(*found, expected);
            }
            prop_assert_eq!(stitched_map(&tiles(&grid, |_, _, _| 0.25), &grid), vec![0.25; map.len()]);
        }

        /// Where tiles say the most different things, no step between neighbours is much larger where a tile begins than the
        /// weights of an overlap make it anywhere.
        #[test]
        fn no_step_is_seen_where_a_tile_begins((grid, overlap) in grids(), levels in proptest::collection::vec(0.0f64..1.0, 64)) {
            let map = stitched_map(&tiles(&grid, |tile, _, _| levels[tile % 64]), &grid);
            let side = grid.tile().0;
            let weight = |at: f64| (PI * at / side as f64).sin().powi(2);
            // Of one pixel to the next across an overlap, of tiles that say 0 and 1; two directions and three tiles at most.
            let share = |at: usize| {
                let (entering, leaving) = (weight(at as f64 + 0.5), weight((overlap - at) as f64 - 0.5));
                entering / (entering + leaving)
            };
            let steps = (1..overlap).map(|at| share(at) - share(at - 1));
            let most = steps.fold(share(0), f64::max);
            let width = grid.size().1;
            for (at, value) in map.iter().enumerate() {
                if at % width > 0 {
                    prop_assert!(f64::from((value - map[at - 1]).abs()) <= 2.0 * most + 1e-6);
                }
                if at >= width {
                    prop_assert!(f64::from((value - map[at - width]).abs()) <= 2.0 * most + 1e-6);
                }
            }
        }

        #[test]
        fn nothing_exceeds_what_tiles_say((grid, _) in grids(), levels in proptest::collection::vec(0.0f32..9.0, 97)) {
            let (pixels, values) = (grid.tile().0 * grid.tile().1, levels.iter().cycle());
            let maps: Vec<f32> = values.take(grid.len() * pixels).copied().collect();
            let (least, most) = maps.iter().fold((f32::MAX, 0f32), |(least, most), &value| (least.min(value), most.max(value)));
            for value in stitched_map(&maps, &grid) {
                prop_assert!(value >= least * (1.0 - 1e-6) && value <= most * (1.0 + 1e-6));
            }
        }

        #[test]
        fn the_map_of_one_tile_is_that_of_the_picture(values in proptest::collection::vec(0.0f32..1e6, 49)) {
            let grid = TileGrid::cut((7, 7), Tiling::new(7)).unwrap();
            prop_assert_eq!(stitched_map(&values, &grid), values);
        }
    }

    #[test]
    fn what_no_tile_covers_is_nothing() {
        let grid = TileGrid::cut((2, 6), Tiling::new(2).with_overlap(0)).unwrap();
        let map = stitched_map(&[3.0; 4], &grid.with_tiles(1..2));
        assert_eq!(
            map,
            [0.0, 0.0, 3.0, 3.0, 0.0, 0.0, 0.0, 0.0, 3.0, 3.0, 0.0, 0.0]
        );
    }

    #[test]
    #[should_panic(expected = "maps of tiles: found 3 values, expected 2 of 4 pixels")]
    fn other_numbers_of_values_panic() {
        let grid = TileGrid::cut((2, 4), Tiling::new(2).with_overlap(0)).unwrap();
        stitched_map(&[0.0; 3], &grid);
    }
}
