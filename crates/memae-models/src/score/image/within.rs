//! Maps of which a part is looked at.

use super::gaussian::smoothed_map;

/// Smooths a map as [`smoothed_map`], as if there were nothing outside: each value is the mean of those inside, weighted by how near
/// they are. Outside it is 0.
pub(crate) fn smoothed_within(
    map: &[f32],
    size: (usize, usize),
    sigma: f64,
    inside: &[bool],
) -> Vec<f32> {
    let mut map = map.to_vec();
    clear_outside(&mut map, inside);
    let mut smooth = smoothed_map(&map, size, sigma);
    let shares: Vec<f32> = inside
        .iter()
        .map(|&inside| f32::from(u8::from(inside)))
        .collect();
    for (value, share) in smooth.iter_mut().zip(smoothed_map(&shares, size, sigma)) {
        // Inside it is at least the weight of the pixel itself.
        if share > 0.0 {
            *value /= share;
        }
    }
    clear_outside(&mut smooth, inside);
    smooth
}

/// Sets what lies outside to 0.
pub(crate) fn clear_outside(map: &mut [f32], inside: &[bool]) {
    for (value, &inside) in map.iter_mut().zip(inside) {
        if !inside {
            *value = 0.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The definition: a weighted mean over the pixels inside, whatever lies outside. Maps are as large as the kernel, so
        /// that no reflection counts twice.
        #[test]
        fn what_lies_outside_has_no_part(
            pixels in proptest::collection::vec((0.0f32..9.0, any::<bool>(), 0.0f32..1e6), 7 * 11),
            sigma in 0.0f64..2.0,
        ) {
            let inside: Vec<bool> = pixels.iter().map(|pixel| pixel.1).collect();
            let map: Vec<f32> = pixels.iter().map(|pixel| pixel.0).collect();
            let other: Vec<f32> = pixels.iter().map(|pixel| if pixel.1 { pixel.0 } else { pixel.2 }).collect();
            let found = smoothed_within(&map, (7, 11), sigma, &inside);
            prop_assert_eq!(&found, &smoothed_within(&other, (7, 11), sigma, &inside));
            let most = map.iter().zip(&inside).filter(|(_, inside)| **inside).fold(0f32, |most, (value, _)| most.max(*value));
            for (value, inside) in found.iter().zip(&inside) {
                prop_assert!(*inside || *value == 0.0);
                prop_assert!(*value <= most * (1.0 + 1e-4));
            }
            // A constant inside stays one.
            let found = smoothed_within(&[3.0; 77], (7, 11), sigma, &inside);
            for (value, inside) in found.iter().zip(&inside) {
                prop_assert!(!*inside || (value - 3.0).abs() < 1e-3, "{value}");
            }
        }
    }

    #[test]
    fn all_of_a_map_is_smoothed_as_ever() {
        let map: Vec<f32> = (0..35).map(|at| (at * at % 17) as f32).collect();
        let found = smoothed_within(&map, (5, 7), 1.3, &[true; 35]);
        for (found, expected) in found.iter().zip(smoothed_map(&map, (5, 7), 1.3)) {
            assert!((found - expected).abs() < 1e-4);
        }
    }
}
