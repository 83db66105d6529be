//! Histograms of the directions of flow.

use pulp::{Arch, NullaryFnOnce};

use super::flow::Flow;
use super::layout::{DIRECTIONS, MotionLayout};

/// Scratch of one row of flow.
#[derive(Debug, Default)]
pub(super) struct Directions {
    speeds: Vec<f32>,
    shares: Vec<f32>,
}

impl Directions {
    /// For each cell and direction the mean, over the pixels of the cell, of their speeds in this direction,
    /// `[cell_rows, cell_columns, 8]`.
    ///
    /// A speed is divided between the two directions next to its own, by the angles to both; those below the least speed count
    /// as 0.
    pub(super) fn of_cells(&mut self, flow: &Flow, layout: &MotionLayout, cells: &mut Vec<f32>) {
        cells.clear();
        cells.resize(layout.cell_rows * layout.cell_columns * DIRECTIONS, 0.0);
        let rows = cells.chunks_exact_mut(layout.cell_columns * DIRECTIONS);
        for (number, cells) in rows.enumerate() {
            let first = number * layout.cell;
            let last = (first + layout.cell).min(flow.height());
            for row in first..last {
                let begin = row * flow.width();
                let right = &flow.horizontal()[begin..][..flow.width()];
                let down = &flow.vertical()[begin..][..flow.width()];
                Arch::new().dispatch(Polar {
                    right,
                    down,
                    least: layout.min_speed,
                    into: self,
                });
                let speeds = self.speeds.chunks(layout.cell);
                let shares = self.shares.chunks(layout.cell);
                let right = right.chunks(layout.cell);
                let down = down.chunks(layout.cell);
                let pixels = speeds.zip(shares).zip(right.zip(down));
                let (cells, _) = cells.as_chunks_mut::<DIRECTIONS>();
                for (cell, ((speeds, shares), (right, down))) in cells.iter_mut().zip(pixels) {
                    for at in 0..speeds.len() {
                        if speeds[at] > 0.0 {
                            let [straight, slanted] = octant(right[at], down[at]);
                            cell[slanted] += speeds[at] * shares[at];
                            cell[straight] += speeds[at] * (1.0 - shares[at]);
                        }
                    }
                }
            }
            let (cells, _) = cells.as_chunks_mut::<DIRECTIONS>();
            for (column, cell) in cells.iter_mut().enumerate() {
                let left = column * layout.cell;
                let width = (left + layout.cell).min(flow.width()) - left;
                let pixels = ((last - first) * width) as f32;
                for speed in cell {
                    *speed /= pixels;
                }
            }
        }
    }
}

/// The two directions between which a vector lies: one along an axis, and one between the axes.
#[inline(always)]
fn octant(right: f32, down: f32) -> [usize; 2] {
    let straight = match right.abs() >= down.abs() {
        true => 4 * usize::from(right < 0.0),
        false => 2 + 4 * usize::from(down < 0.0),
    };
    let slanted = match (right < 0.0, down < 0.0) {
        (false, false) => 1,
        (true, false) => 3,
        (true, true) => 5,
        (false, true) => 7,
    };
    [straight, slanted]
}

/// Speeds of a row, 0 where they are below the least, and how much of each goes to the direction between the axes.
struct Polar<'a> {
    right: &'a [f32],
    down: &'a [f32],
    least: f32,
    into: &'a mut Directions,
}

impl NullaryFnOnce for Polar<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Directions { speeds, shares } = self.into;
        speeds.resize(self.right.len(), 0.0);
        shares.resize(self.right.len(), 0.0);
        let vectors = self.right.iter().zip(self.down);
        for ((speed, share), (right, down)) in speeds.iter_mut().zip(shares).zip(vectors) {
            let length = (right * right + down * down).sqrt();
            *speed = if length >= self.least { length } else { 0.0 };
            let (right, down) = (right.abs(), down.abs());
            *share = share_of_octant(right.min(down) / right.max(down).max(f32::MIN_POSITIVE));
        }
    }
}

/// The angle whose tangent this is, from 0 to 1, as a share of 45 degrees: a polynomial that is off by less than 3 · 10⁻⁶, right at
/// both ends, and the same to the bit everywhere, as the arc tangents of platforms are not.
#[inline(always)]
fn share_of_octant(tangent: f32) -> f32 {
    // Fitted to 4/π · atan(t) = t (1 + (1 − t²) q(t²)), the largest error made small.
    const COEFFICIENTS: [f32; 5] = [
        0.273_208_56,
        -0.150_252_04,
        0.095_857_12,
        -0.051_561_06,
        0.014_549_979,
    ];
    let square = tangent * tangent;
    let mut sum = 0.0;
    for coefficient in COEFFICIENTS.into_iter().rev() {
        sum = sum * square + coefficient;
    }
    tangent * (1.0 + (1.0 - square) * sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_those_of_the_arc_tangent() {
        for step in 0..=100_000 {
            let tangent = step as f32 / 100_000.0;
            let expected = f64::from(tangent).atan() / std::f64::consts::FRAC_PI_4;
            let found = f64::from(share_of_octant(tangent));
            assert!(
                (found - expected).abs() < 3e-6,
                "{tangent}: {found}, {expected}"
            );
        }
        assert_eq!([0.0, 1.0].map(share_of_octant), [0.0, 1.0]);
    }

    #[test]
    fn octants_lie_clockwise_from_the_right() {
        for (eighth, expected) in [
            [0, 1],
            [2, 1],
            [2, 3],
            [4, 3],
            [4, 5],
            [6, 5],
            [6, 7],
            [0, 7],
        ]
        .into_iter()
        .enumerate()
        {
            let angle = (eighth as f32 + 0.5) * std::f32::consts::FRAC_PI_4;
            assert_eq!(octant(angle.cos(), angle.sin()), expected, "{eighth}");
        }
    }
}
