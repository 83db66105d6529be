//! Gaussian smoothing of maps.

/// The widest smoothing, in pixels.
pub(crate) const MAX_SIGMA: f64 = 100.0;

/// How many standard deviations from its middle the kernel ends.
const REACH: f64 = 4.0;

/// Smooths a map, `[height, width]` flattened, by a Gaussian with a standard deviation of `sigma` pixels; 0 leaves it as
/// it is.
///
/// The kernel ends at 4 standard deviations and sums to 1. Beyond its borders the map is reflected, the outermost pixels
/// being repeated, so that smoothing keeps the sum of a map.
///
/// # Panics
///
/// Panics if the map has not `height * width` values, or `sigma` is not in [0, 100].
///
/// ```
/// use memae_models::score::smoothed_map;
///
/// let mut map = vec![0.0; 15 * 21];
/// map[7 * 21 + 10] = 1.0;
/// let smooth = smoothed_map(&map, (15, 21), 1.5);
/// // 1 / (2 π 1.5²)
/// assert!((smooth[7 * 21 + 10] - 0.0707).abs() < 1e-3);
/// assert!((smooth.iter().sum::<f32>() - 1.0).abs() < 1e-5);
/// assert_eq!(smoothed_map(&map, (15, 21), 0.0), map);
/// ```
pub fn smoothed_map(map: &[f32], (height, width): (usize, usize), sigma: f64) -> Vec<f32> {
    assert!(
        height.checked_mul(width) == Some(map.len()),
        "map: found {} values, expected {height}x{width}",
        map.len()
    );
    assert!(
        (0.0..=MAX_SIGMA).contains(&sigma),
        "sigma is {sigma}, expected a number from 0 to {MAX_SIGMA}"
    );
    let half = half_kernel(sigma);
    if half.len() == 1 || map.is_empty() {
        return map.to_vec();
    }
    let mut across = vec![0.0; map.len()];
    let mut line = vec![0.0; width];
    for (row, smooth) in map.chunks_exact(width).zip(across.chunks_exact_mut(width)) {
        for (value, &pixel) in line.iter_mut().zip(row) {
            *value = f64::from(pixel);
        }
        for (x, smooth) in smooth.iter_mut().enumerate() {
            *smooth = at(&half, x, width, |x| line[x]);
        }
    }
    let mut smooth = Vec::with_capacity(map.len());
    for y in 0..height {
        // Whole rows, which lie in one piece.
        let middle = &across[y * width..][..width];
        for (value, &pixel) in line.iter_mut().zip(middle) {
            *value = half[0] * pixel;
        }
        for (away, &weight) in half.iter().enumerate().skip(1) {
            let (above, below) = both_sides(y, away, height);
            let (above, below) = (&across[above * width..], &across[below * width..]);
            for (value, (above, below)) in line.iter_mut().zip(above.iter().zip(below)) {
                *value += weight * (above + below);
            }
        }
        smooth.extend(line.iter().map(|&value| value as f32));
    }
    smooth
}

/// The weights from the middle of the kernel to its end.
fn half_kernel(sigma: f64) -> Vec<f64> {
    let end = (REACH * sigma).round() as usize;
    let weight = |away: usize| match away {
        0 => 1.0,
        _ => (-0.5 * (away as f64 / sigma).powi(2)).exp(),
    };
    let half: Vec<f64> = (0..=end).map(weight).collect();
    let sum = half[0] + 2.0 * half[1..].iter().sum::<f64>();
    half.into_iter().map(|weight| weight / sum).collect()
}

fn at(half: &[f64], x: usize, width: usize, value: impl Fn(usize) -> f64) -> f64 {
    let sides = half.iter().enumerate().skip(1);
    let sides = sides.map(|(away, &weight)| {
        let (left, right) = both_sides(x, away, width);
        weight * (value(left) + value(right))
    });
    half[0] * value(x) + sides.sum::<f64>()
}

/// The places `away` before and after a place, reflected at the ends.
fn both_sides(place: usize, away: usize, length: usize) -> (usize, usize) {
    let period = 2 * length;
    let reflected = |place: usize| match place % period {
        place if place < length => place,
        place => period - 1 - place,
    };
    // A whole number of periods further, so as not to fall below 0.
    let before = place + period * away.div_ceil(period) - away;
    (reflected(before), reflected(place + away))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition: the two-dimensional kernel over the reflected map, pixel by pixel.
    fn naive(map: &[f32], height: usize, width: usize, sigma: f64) -> Vec<f64> {
        let end = (4.0 * sigma).round() as i64;
        let reflected = |place: i64, length: usize| {
            let mut place = place;
            loop {
                match place {
                    place if place < 0 => {}
                    place if place < length as i64 => return place as usize,
                    _ => {}
                }
                place = if place < 0 {
                    -1 - place
                } else {
                    2 * length as i64 - 1 - place
                };
            }
        };
        let kernel = |away: i64| (-(away as f64).powi(2) / (2.0 * sigma * sigma)).exp();
        let mut smooth = Vec::new();
        for y in 0..height as i64 {
            for x in 0..width as i64 {
                let (mut sum, mut weights) = (0.0, 0.0);
                for dy in -end..=end {
                    for dx in -end..=end {
                        let weight = kernel(dy) * kernel(dx);
                        let pixel = reflected(y + dy, height) * width + reflected(x + dx, width);
                        sum += weight * f64::from(map[pixel]);
                        weights += weight;
                    }
                }
                smooth.push(sum / weights);
            }
        }
        smooth
    }

    fn maps() -> impl Strategy<Value = (Vec<f32>, usize, usize)> {
        (1usize..12, 1usize..14).prop_flat_map(|(height, width)| {
            let values = proptest::collection::vec(0.0f32..9.0, height * width);
            (values, Just(height), Just(width))
        })
    }

    proptest! {
        #[test]
        fn smoothing_agrees_with_its_definition(
            (map, height, width) in maps(),
            sigma in prop_oneof![Just(0.01), 0.13f64..4.0],
        ) {
            let found = smoothed_map(&map, (height, width), sigma);
            let expected = naive(&map, height, width, sigma);
            for (found, expected) in found.iter().zip(expected) {
                prop_assert!((f64::from(*found) - expected).abs() < 1e-5, "{found} {expected}");
            }
        }

        #[test]
        fn the_sum_stays_and_nothing_exceeds_the_extremes((map, height, width) in maps(), sigma in 0.0f64..30.0) {
            let sum = |map: &[f32]| map.iter().copied().map(f64::from).sum::<f64>();
            let found = smoothed_map(&map, (height, width), sigma);
            prop_assert!((sum(&found) - sum(&map)).abs() < 1e-4 * sum(&map).max(1.0));
            let (least, most) = map.iter().fold((f32::MAX, 0f32), |(least, most), value| (least.min(*value), most.max(*value)));
            prop_assert!(found.iter().all(|value| *value >= least - 1e-5 && *value <= most + 1e-5));
        }

        /// What is turned over is smoothed alike.
        #[test]
        fn directions_are_alike((map, height, width) in maps(), sigma in 0.2f64..3.0) {
            let turned: Vec<f32> = (0..width).flat_map(|x| (0..height).map(move |y| (x, y))).map(|(x, y)| map[y * width + x]).collect();
            let found = smoothed_map(&turned, (width, height), sigma);
            let expected = smoothed_map(&map, (height, width), sigma);
            for y in 0..height {
                for x in 0..width {
                    prop_assert!((found[x * height + y] - expected[y * width + x]).abs() < 1e-5);
                }
            }
        }
    }

    #[test]
    fn kernels_sum_to_one_and_end_at_four_deviations() {
        for sigma in [0.0, 0.1, 0.5, 1.0, 7.3, MAX_SIGMA] {
            let half = half_kernel(sigma);
            assert_eq!(half.len(), (4.0 * sigma).round() as usize + 1);
            let sum = half[0] + 2.0 * half[1..].iter().sum::<f64>();
            assert!((sum - 1.0).abs() < 1e-12, "{sigma}: {sum}");
        }
    }

    #[test]
    #[should_panic(expected = "sigma is NaN, expected a number from 0 to 100")]
    fn no_number_panics() {
        smoothed_map(&[0.0], (1, 1), f64::NAN);
    }

    #[test]
    #[should_panic(expected = "map: found 2 values, expected 3x1")]
    fn another_size_panics() {
        smoothed_map(&[0.0; 2], (3, 1), 1.0);
    }
}
