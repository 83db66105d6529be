//! Smooth noise, of which surfaces and leaves are made.

use crate::random::Random;

/// Values at the corners of a grid, blended between them, in three grids of which each is twice as fine
/// as the one before.
pub(in crate::drawn) struct Noise {
    corners: Vec<f64>,
}

impl Noise {
    /// Corners of the grid along either axis, after which it repeats.
    const SIDE: usize = 32;

    pub(in crate::drawn) fn new(random: &mut Random) -> Self {
        let corners = (0..Self::SIDE * Self::SIDE).map(|_| random.uniform(-1.0, 1.0));
        Self {
            corners: corners.collect(),
        }
    }

    /// From −1 to 1; (x, y) counts cells of the coarsest grid.
    pub(in crate::drawn) fn at(&self, x: f64, y: f64) -> f64 {
        (4.0 * self.grid(x, y) + 2.0 * self.grid(2.0 * x, 2.0 * y) + self.grid(4.0 * x, 4.0 * y))
            / 7.0
    }

    fn grid(&self, x: f64, y: f64) -> f64 {
        let index = |cell: f64| {
            (cell - Self::SIDE as f64 * (cell / Self::SIDE as f64).floor()) as usize % Self::SIDE
        };
        let (left, top) = (x.floor(), y.floor());
        let (columns, rows) = (
            [index(left), index(left + 1.0)],
            [index(top), index(top + 1.0)],
        );
        let ease = |t: f64| t * t * (3.0 - 2.0 * t);
        let (across, down) = (ease(x - left), ease(y - top));
        let blend = |a: f64, b: f64, t: f64| a + (b - a) * t;
        let row = |row: usize| {
            let corner = |column: usize| self.corners[row * Self::SIDE + column];
            blend(corner(columns[0]), corner(columns[1]), across)
        };
        blend(row(rows[0]), row(rows[1]), down)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_smooth_and_repeats() {
        let noise = Noise::new(&mut Random::new(0, 0));
        let mut before = noise.at(-9.0, 3.3);
        for step in 1..4_000 {
            let here = noise.at(-9.0 + f64::from(step) * 0.01, 3.3);
            assert!((here - before).abs() < 0.08 && here.abs() <= 1.0);
            before = here;
        }
        assert!((noise.at(1.25, 3.5) - noise.at(33.25, -28.5)).abs() < 1e-9);
    }
}
