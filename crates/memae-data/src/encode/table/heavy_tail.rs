//! Whether a few numbers of a column lie far from all others.

use super::median::median;

/// How many times as far from the median as half of the numbers the farthest lies, at least.
const HEAVY: f64 = 20.0;

/// Whether the farthest of the distinct numbers lies much farther from their median than half of them do.
///
/// Equal numbers count once: where most are 0, which is common, half of all would lie nowhere.
pub(super) fn has_heavy_tail(numbers: &[f64]) -> bool {
    let mut distinct = numbers.to_vec();
    distinct.sort_unstable_by(f64::total_cmp);
    // 0 and −0 are one number.
    distinct.dedup_by(|a, b| a == b);
    if distinct.is_empty() {
        return false;
    }
    let middle = median(&mut distinct);
    let mut distances: Vec<f64> = distinct.iter().map(|x| (x - middle).abs()).collect();
    let farthest = distances.iter().copied().fold(0.0, f64::max);
    farthest > HEAVY * median(&mut distances)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_few_that_lie_far_away_make_a_heavy_tail() {
        let bytes: Vec<f64> = (0..60).map(|i| 1.5f64.powi(i)).collect();
        assert!(has_heavy_tail(&bytes));
        let lost: Vec<f64> = bytes.iter().map(|x| -x).collect();
        assert!(has_heavy_tail(&lost));
        // Most connections send nothing.
        let mostly_none = [vec![0.0; 5000], bytes].concat();
        assert!(has_heavy_tail(&mostly_none));
    }

    #[test]
    fn numbers_of_one_size_have_none() {
        let even: Vec<f64> = (0..500).map(f64::from).collect();
        assert!(!has_heavy_tail(&even));
        assert!(!has_heavy_tail(&[]));
        assert!(!has_heavy_tail(&[7.0; 9]));
        assert!(!has_heavy_tail(&[0.0, 1.0, 0.0, 1.0, 1.0]));
        assert!(!has_heavy_tail(&[0.0, -0.0, 1e9]));
    }

    proptest! {
        /// Neither unit nor zero point of what was measured matters.
        #[test]
        fn it_does_not_depend_on_the_unit(
            steps in prop::collection::vec(0i32..50, 1..60),
            unit in prop::sample::select(vec![-1024.0, -0.25, 0.5, 8.0]),
            zero in -1000i32..1000,
        ) {
            let sizes: Vec<f64> = steps.iter().map(|&step| f64::from(step * step * step)).collect();
            let moved: Vec<f64> = sizes.iter().map(|x| x * unit + f64::from(zero)).collect();
            prop_assert_eq!(has_heavy_tail(&sizes), has_heavy_tail(&moved));
        }
    }
}
