//! A map brought to another size, one row at a time, so that a large picture takes no further memory.

/// A map, `[height, width]`, at another size: linear between its pixels where it grows, the mean over what a pixel
/// covers, weighted by how near it is, where it shrinks. At its own size it stays what it is.
pub(crate) struct Interpolated<'a> {
    map: &'a [f32],
    width: usize,
    rows: Vec<Taps>,
    columns: Vec<Taps>,
    /// The rows that a row comes from, mixed.
    mixed: Vec<f64>,
}

/// Which values a value comes from, from the first of them on; the weights are above 0 and sum to 1.
struct Taps {
    first: usize,
    weights: Vec<f64>,
}

impl<'a> Interpolated<'a> {
    /// `map` is `[height, width]`; no side is 0.
    pub(crate) fn new(
        map: &'a [f32],
        [height, width]: [usize; 2],
        [to_height, to_width]: [usize; 2],
    ) -> Self {
        Self {
            map,
            width,
            rows: taps(height, to_height),
            columns: taps(width, to_width),
            mixed: vec![0.0; width],
        }
    }

    /// Writes row `y`. A value with a share in it that is not finite makes it so.
    pub(crate) fn row(&mut self, y: usize, values: &mut [f32]) {
        let rows = &self.rows[y];
        self.mixed.fill(0.0);
        for (row, weight) in (rows.first..).zip(&rows.weights) {
            let row = &self.map[row * self.width..][..self.width];
            for (mixed, &value) in self.mixed.iter_mut().zip(row) {
                *mixed += weight * f64::from(value);
            }
        }
        for (value, columns) in values.iter_mut().zip(&self.columns) {
            let near = &self.mixed[columns.first..];
            let shares = columns.weights.iter().zip(near);
            *value = shares.map(|(weight, value)| weight * value).sum::<f64>() as f32;
        }
    }
}

/// What each of `to` values comes from among `from`.
fn taps(from: usize, to: usize) -> Vec<Taps> {
    let scale = from as f64 / to as f64;
    let reach = scale.max(1.0);
    let of = |index: usize| {
        let centre = (index as f64 + 0.5) * scale;
        let share = |at: usize| 1.0 - (at as f64 + 0.5 - centre).abs() / reach;
        let near = (centre - reach - 1.0).max(0.0) as usize..from;
        let mut near = near
            .skip_while(|&at| share(at) <= 0.0)
            .take_while(|&at| share(at) > 0.0)
            .peekable();
        let first = near.peek().copied().unwrap_or(index.min(from - 1));
        let shares: Vec<f64> = near.map(share).collect();
        let sum: f64 = shares.iter().sum();
        Taps {
            first,
            weights: shares.into_iter().map(|share| share / sum).collect(),
        }
    };
    (0..to).map(of).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(map: &[f32], size: [usize; 2], to: [usize; 2]) -> Vec<f32> {
        let mut interpolated = Interpolated::new(map, size, to);
        let mut values = vec![0.0; to[0] * to[1]];
        for (y, row) in values.chunks_exact_mut(to[1]).enumerate() {
            interpolated.row(y, row);
        }
        values
    }

    /// The definition: each pixel in turn, over the whole map.
    fn naive(
        map: &[f32],
        [height, width]: [usize; 2],
        [to_height, to_width]: [usize; 2],
    ) -> Vec<f64> {
        let share = |index: usize, near: usize, from: usize, to: usize| {
            let scale = from as f64 / to as f64;
            let distance = (near as f64 + 0.5 - (index as f64 + 0.5) * scale).abs();
            (1.0 - distance / scale.max(1.0)).max(0.0)
        };
        let mut values = Vec::new();
        for y in 0..to_height {
            for x in 0..to_width {
                let (mut sum, mut weights) = (0.0, 0.0);
                for row in 0..height {
                    for column in 0..width {
                        let weight =
                            share(y, row, height, to_height) * share(x, column, width, to_width);
                        sum += weight * f64::from(map[row * width + column]);
                        weights += weight;
                    }
                }
                values.push(sum / weights);
            }
        }
        values
    }

    proptest! {
        #[test]
        fn rows_agree_with_the_definition(
            (height, width, map) in (1usize..7, 1usize..11).prop_flat_map(|(height, width)| {
                (Just(height), Just(width), proptest::collection::vec(0.0f32..9.0, height * width))
            }),
            to_height in 1usize..19,
            to_width in 1usize..23,
        ) {
            let found = at(&map, [height, width], [to_height, to_width]);
            let expected = naive(&map, [height, width], [to_height, to_width]);
            for (found, expected) in found.iter().zip(expected) {
                prop_assert!((f64::from(*found) - expected).abs() < 1e-5, "{found} {expected}");
            }
        }

        #[test]
        fn at_its_own_size_a_map_stays_what_it_is(map in proptest::collection::vec(any::<f32>(), 35)) {
            let found = at(&map, [5, 7], [5, 7]);
            for (found, value) in found.iter().zip(&map) {
                prop_assert!(found == value || (found.is_nan() && value.is_nan()));
            }
        }
    }

    #[test]
    fn between_two_pixels_it_is_linear() {
        let found = at(&[0.0, 4.0], [1, 2], [1, 8]);
        assert_eq!(found, [0.0, 0.0, 0.5, 1.5, 2.5, 3.5, 4.0, 4.0]);
    }

    #[test]
    fn what_is_not_finite_reaches_its_neighbours_only() {
        let found = at(&[1.0, f32::NAN, 1.0, 1.0], [1, 4], [1, 12]);
        let finite: Vec<bool> = found.iter().map(|value| value.is_finite()).collect();
        let expected = [1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1];
        assert_eq!(finite, expected.map(|finite| finite == 1), "{found:?}");
    }
}
