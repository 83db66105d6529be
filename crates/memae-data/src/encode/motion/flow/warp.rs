//! A picture seen where it has moved to.

use super::plane::Plane;

/// Scratch of one row.
#[derive(Debug, Default)]
pub(in crate::encode::motion) struct Places {
    /// Where the upper left of four pixels lies.
    at: Vec<u32>,
    /// How far right and down of it the place is.
    right: Vec<f32>,
    down: Vec<f32>,
}

impl Places {
    /// One row of `picture`, linear between four pixels, each value taken as far right and down of its pixel as
    /// `across` and `along` say; `within` becomes 0 where that is beyond the picture, which goes on there as it ends, and 1
    /// elsewhere.
    #[inline(always)]
    pub(in crate::encode::motion) fn warp(
        &mut self,
        picture: &Plane,
        row: usize,
        [across, along]: [&[f32]; 2],
        output: &mut [f32],
        within: &mut [f32],
    ) {
        let (height, width) = (picture.height, picture.width);
        self.at.resize(width, 0);
        self.right.resize(width, 0.0);
        self.down.resize(width, 0.0);
        let (lowest, rightmost) = ((height - 1) as f32, (width - 1) as f32);
        // A picture of one row or one column is its own neighbour.
        let (most_down, most_right) = (height.saturating_sub(2), width.saturating_sub(2));
        let (most_down, most_right) = (most_down as i32, most_right as i32);
        let places = self.at.iter_mut().zip(&mut self.right).zip(&mut self.down);
        let motion = across.iter().zip(along).zip(within);
        for (column, (((at, right), down), ((across, along), within))) in
            places.zip(motion).enumerate()
        {
            let (wanted_x, wanted_y) = (column as f32 + across, row as f32 + along);
            let (x, y) = (
                wanted_x.max(0.0).min(rightmost),
                wanted_y.max(0.0).min(lowest),
            );
            *within = if x == wanted_x && y == wanted_y {
                1.0
            } else {
                0.0
            };
            let (left, above) = (whole(x).min(most_right), whole(y).min(most_down));
            *right = x - left as f32;
            *down = y - above as f32;
            *at = (above * width as i32 + left) as u32;
        }
        let (step, stride) = (usize::from(width > 1), if height > 1 { width } else { 0 });
        let values = &picture.values[..];
        let places = self.at.iter().zip(&self.right).zip(&self.down);
        for (output, ((&at, right), down)) in output.iter_mut().zip(places) {
            let at = at as usize;
            let above = between(values[at], values[at + step], *right);
            let below = between(values[at + stride], values[at + stride + step], *right);
            *output = between(above, below, *down);
        }
    }
}

/// The one number at 0 and the other at 1, both to the bit, and linear between.
#[inline(always)]
fn between(one: f32, other: f32, share: f32) -> f32 {
    (1.0 - share) * one + share * other
}

/// The number without what is behind its point, from 0 to 2²²; of a whole number this one or the one before it. As `as i32`, but for
/// many at once.
#[inline(always)]
fn whole(number: f32) -> i32 {
    // Above 2²³ there are no parts of a number: adding this rounds.
    const WHOLE: f32 = 12_582_912.0;
    (number - 0.5 + WHOLE).to_bits() as i32 - WHOLE.to_bits() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_lie_at_most_one_below() {
        for step in 0..40_000u32 {
            let number = step as f32 * 0.125;
            let below = number - whole(number) as f32;
            assert!((0.0..=1.0).contains(&below), "{number}: {below}");
        }
        assert_eq!([0.0, 0.4, 65_535.0].map(whole), [0, 0, 65_534]);
    }
}
