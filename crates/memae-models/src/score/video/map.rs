//! Means over parts of an error map.

/// Mean of the largest values, `share` of them, rounded up; NaN if any value is, large or not.
pub(super) fn worst_mean(values: &[f32], share: f64) -> f64 {
    let count = (share * values.len() as f64).ceil() as usize;
    let count = count.clamp(1, values.len().max(1));
    let sum = |values: &[f32]| values.iter().copied().map(f64::from).sum::<f64>();
    if count >= values.len() {
        return sum(values) / values.len().max(1) as f64;
    }
    if values.iter().any(|value| value.is_nan()) {
        return f64::NAN;
    }
    let mut values = values.to_vec();
    values.select_nth_unstable_by(count - 1, |a, b| b.total_cmp(a));
    // The selection leaves them in no order to rely on, and rounding depends on it.
    let worst = &mut values[..count];
    worst.sort_unstable_by(f32::total_cmp);
    sum(worst) / count as f64
}

/// Mean of the squares of values.
pub(super) fn mean_square(values: &[f32]) -> f64 {
    let squares = values.iter().map(|value| f64::from(*value).powi(2));
    squares.sum::<f64>() / values.len().max(1) as f64
}

/// Mean over frames of errors `[frames, pixels]`, for each pixel.
pub(super) fn time_mean(errors: &[f32], pixels: usize) -> Vec<f32> {
    let mut sums = vec![0.0; pixels];
    for frame in errors.chunks_exact(pixels) {
        for (sum, error) in sums.iter_mut().zip(frame) {
            *sum += f64::from(*error);
        }
    }
    let frames = (errors.len() / pixels).max(1) as f64;
    sums.into_iter().map(|sum| (sum / frames) as f32).collect()
}

/// Means of the cells of `side` pixels that a map divides into, row by row; those at the right and at
/// the bottom may be smaller.
pub(super) fn cell_means(map: &[f32], width: usize, side: usize) -> Vec<f32> {
    let height = map.len() / width;
    let sums = Integral::new(map, width);
    let starts = |length: usize| (0..length).step_by(side);
    starts(height)
        .flat_map(|top| starts(width).map(move |left| (top, left)))
        .map(|(top, left)| {
            let (bottom, right) = ((top + side).min(height), (left + side).min(width));
            sums.mean(top, left, bottom, right)
        })
        .collect()
}

/// Means of square patches of a map that overlap by half; the last of a row and of a column end where
/// the map ends.
pub(super) fn patch_means(map: &[f32], width: usize, side: usize) -> Vec<f32> {
    let height = map.len() / width;
    let sums = Integral::new(map, width);
    let (rows, columns) = (side.min(height), side.min(width));
    let starts = |length: usize, side: usize| {
        let last = length - side;
        (0..last).step_by(half(side)).chain([last])
    };
    starts(height, rows)
        .flat_map(|top| starts(width, columns).map(move |left| (top, left)))
        .map(|(top, left)| sums.mean(top, left, top + rows, left + columns))
        .collect()
}

/// Patches in a row or column of `length` pixels.
pub(super) fn num_patches(length: usize, side: usize) -> usize {
    let side = side.min(length);
    (length - side).div_ceil(half(side)) + 1
}

/// Pixels from one patch to the next.
fn half(side: usize) -> usize {
    (side / 2).max(1)
}

/// `(mean of v^power)^(1/power)` of values v ≥ 0.
pub(super) fn smooth_maximum(values: &[f32], power: f64) -> f64 {
    let largest = f64::from(values.iter().copied().fold(0.0, f32::max));
    if largest == 0.0 {
        // No error at all, or only such as are no numbers.
        return values.iter().copied().map(f64::from).sum();
    }
    // Powers of errors below 1 would vanish.
    let powers = values
        .iter()
        .map(|value| (f64::from(*value) / largest).powf(power));
    largest * (powers.sum::<f64>() / values.len() as f64).powf(1.0 / power)
}

/// Sums of a map over everything above and to the left.
struct Integral {
    sums: Vec<f64>,
    width: usize,
}

impl Integral {
    fn new(map: &[f32], width: usize) -> Self {
        let height = map.len() / width;
        let mut sums = vec![0.0; (height + 1) * (width + 1)];
        for (row, values) in map.chunks_exact(width).enumerate() {
            let mut sum = 0.0;
            for (column, value) in values.iter().enumerate() {
                sum += f64::from(*value);
                let above = sums[row * (width + 1) + column + 1];
                sums[(row + 1) * (width + 1) + column + 1] = above + sum;
            }
        }
        Self { sums, width }
    }

    fn mean(&self, top: usize, left: usize, bottom: usize, right: usize) -> f32 {
        let at = |row: usize, column: usize| self.sums[row * (self.width + 1) + column];
        let sum = at(bottom, right) - at(top, right) - at(bottom, left) + at(top, left);
        let count = (bottom - top) * (right - left);
        // A difference of sums can fall a hair below 0, where no error lies.
        match sum / count as f64 {
            mean if mean < 0.0 => 0.0,
            mean => mean as f32,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn maps() -> impl Strategy<Value = (Vec<f32>, usize)> {
        (1usize..14, 1usize..14).prop_flat_map(|(height, width)| {
            let values = proptest::collection::vec(0.0f32..9.0, height * width);
            (values, Just(width))
        })
    }

    fn mean_of(
        map: &[f32],
        width: usize,
        rows: std::ops::Range<usize>,
        columns: std::ops::Range<usize>,
    ) -> f32 {
        let mut sum = 0.0;
        for row in rows.clone() {
            for column in columns.clone() {
                sum += f64::from(map[row * width + column]);
            }
        }
        (sum / (rows.len() * columns.len()) as f64) as f32
    }

    proptest! {
        #[test]
        fn cells_are_means_of_their_pixels((map, width) in maps(), side in 1usize..16) {
            let height = map.len() / width;
            let cells = cell_means(&map, width, side);
            let columns = width.div_ceil(side);
            prop_assert_eq!(cells.len(), height.div_ceil(side) * columns);
            for (index, cell) in cells.iter().enumerate() {
                let (top, left) = (index / columns * side, index % columns * side);
                let rows = top..(top + side).min(height);
                let expected = mean_of(&map, width, rows, left..(left + side).min(width));
                prop_assert!((cell - expected).abs() < 1e-5);
            }
        }

        #[test]
        fn patches_cover_every_pixel((map, width) in maps(), side in 1usize..16) {
            let height = map.len() / width;
            let means = patch_means(&map, width, side);
            let (least, most) = map.iter().fold((f32::MAX, 0f32), |(least, most), value| {
                (least.min(*value), most.max(*value))
            });
            prop_assert_eq!(means.len(), num_patches(height, side) * num_patches(width, side));
            prop_assert!(means.iter().all(|mean| *mean >= least - 1e-5 && *mean <= most + 1e-5));
            // A single bright pixel shows in one patch at least, wherever it is.
            for pixel in 0..map.len() {
                let mut single = vec![0.0; map.len()];
                single[pixel] = 1.0;
                let means = patch_means(&single, width, side);
                let patch = (side.min(height) * side.min(width)) as f32;
                let brightest = means.iter().copied().fold(0.0, f32::max);
                prop_assert!((brightest * patch - 1.0).abs() < 1e-4);
            }
        }

        #[test]
        fn the_worst_are_the_largest(
            values in proptest::collection::vec(0.0f32..9.0, 1..60),
            share in 0.001f64..=1.0,
        ) {
            let mut sorted = values.clone();
            sorted.sort_by(|a, b| b.total_cmp(a));
            let count = ((share * values.len() as f64).ceil() as usize).max(1);
            let sum: f64 = sorted[..count].iter().copied().map(f64::from).sum();
            prop_assert!((worst_mean(&values, share) - sum / count as f64).abs() < 1e-9);
            let mut turned = values.clone();
            turned.rotate_left(values.len() / 2);
            prop_assert!((worst_mean(&turned, share) - worst_mean(&values, share)).abs() < 1e-9);
        }

        #[test]
        fn a_smooth_maximum_lies_between_mean_and_maximum(
            values in proptest::collection::vec(0.0f32..9.0, 1..60),
            power in 1.0f64..200.0,
        ) {
            let mean = worst_mean(&values, 1.0);
            let most = f64::from(values.iter().copied().fold(0.0, f32::max));
            let smooth = smooth_maximum(&values, power);
            prop_assert!(smooth >= mean - 1e-6 && smooth <= most + 1e-6, "{mean} {smooth} {most}");
        }
    }

    #[test]
    fn no_mean_leaves_out_what_is_no_number() {
        for nan in [f32::NAN, -f32::NAN] {
            let mut values = vec![0.1; 99];
            values.push(nan);
            assert!(worst_mean(&values, 0.02).is_nan());
            assert!(worst_mean(&values, 1.0).is_nan());
            assert!(mean_square(&values).is_nan());
            assert!(smooth_maximum(&values, 8.0).is_nan());
        }
    }

    #[test]
    fn powers_one_and_large_are_the_ends() {
        let values = [1.0, 2.0, 6.0];
        assert!((smooth_maximum(&values, 1.0) - 3.0).abs() < 1e-9);
        assert!((smooth_maximum(&values, 400.0) - 6.0).abs() < 0.02);
        assert_eq!(smooth_maximum(&[0.0; 3], 8.0), 0.0);
        let tiny = [1e-30, 2e-30];
        assert!(smooth_maximum(&tiny, 20.0) > 1.9e-30);
    }

    #[test]
    fn time_is_averaged_pixel_by_pixel() {
        let errors = [1.0, 2.0, 3.0, 5.0, 2.0, 9.0];
        assert_eq!(time_mean(&errors, 2), [2.0, 16.0 / 3.0]);
    }
}
