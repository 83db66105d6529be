//! Where things on the ground appear, and how large.

use crate::random::Random;

/// The ground as the camera sees it. Depth is 0 at the far edge of the path and 1 at its near edge; the grass goes on
/// beyond both.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ground {
    /// Height and width of the picture, in pixels.
    pub(super) height: f64,
    pub(super) width: f64,
    /// Rows of the two edges in the middle of the picture, as shares of the height.
    far: f64,
    near: f64,
    /// How much lower the path lies at the right end of the picture than at the left, as a share of the height.
    slope: f64,
    /// Height of a person at the two edges, as shares of the height.
    far_size: f64,
    near_size: f64,
}

impl Ground {
    pub(super) fn new(height: usize, width: usize, random: &mut Random) -> Self {
        let near_size = random.uniform(0.25, 0.28);
        Self {
            height: height as f64,
            width: width as f64,
            far: random.uniform(0.36, 0.41),
            near: random.uniform(0.88, 0.93),
            slope: random.uniform(-0.05, 0.05),
            far_size: near_size * random.uniform(0.64, 0.7),
            near_size,
        }
    }

    /// Row of the ground at a depth and a column, in pixels.
    pub(super) fn row(&self, depth: f64, x: f64) -> f64 {
        let tilt = self.slope * (x / self.width - 0.5);
        self.height * (self.far + (self.near - self.far) * depth + tilt)
    }

    /// Depth at a row and a column; the inverse of [`row`](Self::row).
    pub(super) fn depth(&self, row: f64, x: f64) -> f64 {
        let tilt = self.slope * (x / self.width - 0.5);
        (row / self.height - tilt - self.far) / (self.near - self.far)
    }

    /// Height in pixels of a person of ordinary stature at a depth: it grows evenly with the row, as on any plane.
    pub(super) fn size(&self, depth: f64) -> f64 {
        self.height * (self.far_size + (self.near_size - self.far_size) * depth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_depths_are_inverse() {
        for seed in 0..50 {
            let ground = Ground::new(61, 97, &mut Random::new(seed, 0));
            for (depth, x) in [(-0.5, 0.0), (0.0, 50.0), (0.7, 97.0), (1.2, 10.0)] {
                let found = ground.depth(ground.row(depth, x), x);
                assert!((found - depth).abs() < 1e-9);
            }
        }
    }

    /// Whoever crosses comes from above the picture: people must not shrink to nothing before.
    #[test]
    fn people_have_a_size_in_every_row() {
        for seed in 0..200 {
            let ground = Ground::new(64, 64, &mut Random::new(seed, 0));
            let top = ground.size(ground.depth(0.0, 32.0));
            assert!(top > 5.0, "{top}");
            let (far, near) = (ground.size(0.0), ground.size(1.0));
            assert!(far < near && near < 20.0, "{far} {near}");
        }
    }
}
