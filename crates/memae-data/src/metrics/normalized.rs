//! Scores on a scale that everyone can read.

/// A score on a scale from 0 to 1: 0.5 at the threshold, 0.25 at `typical`, the score of a typical normal sample, such as the median of
/// many.
///
/// 1/2 + d/(2 + 2|d|) with d = (score − threshold)/(threshold − typical). It never falls where the score rises, so that it ranks
/// samples alike, and it is above 0.5 where the sample is flagged; it is no probability. Where the threshold is not above
/// `typical`, d is in units of the threshold's size, or of 1 if the threshold is 0. What is NaN has 1.
///
/// ```
/// use memae_data::metrics::normalized_score;
///
/// let of = |score| normalized_score(score, 3.0, 1.0);
/// assert_eq!([of(1.0), of(3.0), of(5.0), of(f64::INFINITY)], [0.25, 0.5, 0.75, 1.0]);
/// ```
pub fn normalized_score(score: f64, threshold: f64, typical: f64) -> f64 {
    let units = [threshold - typical, threshold.abs(), 1.0];
    let unit = units
        .into_iter()
        .find(|unit| *unit > 0.0 && unit.is_finite());
    let distance = (score - threshold) / unit.unwrap_or(1.0);
    if !distance.is_finite() {
        // What is no number is not normal.
        return f64::from(distance.is_nan() || distance > 0.0);
    }
    // As 1 − 1/(1 + |d|), each step of which rises or falls with the distance, however it is rounded.
    let half = 0.5 * (1.0 - 1.0 / (1.0 + distance.abs()));
    let normalized = if distance < 0.0 {
        0.5 - half
    } else {
        0.5 + half
    };
    // A distance may be lost in rounding, a flag must not.
    match score > threshold {
        true => normalized.max(0.5f64.next_up()),
        false => normalized.min(0.5),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn anything() -> impl Strategy<Value = f64> {
        prop_oneof![4 => -9.0..9.0, 2 => (-3i8..3).prop_map(f64::from), 1 => any::<f64>()]
    }

    proptest! {
        #[test]
        fn scores_rank_alike_and_are_flagged_above_a_half(a in anything(), b in anything(), threshold in anything(), typical in anything()) {
            prop_assume!(!a.is_nan() && !b.is_nan() && threshold.is_finite() && typical.is_finite());
            let (low, high) = if a < b { (a, b) } else { (b, a) };
            let [low, high] = [low, high].map(|score| normalized_score(score, threshold, typical));
            prop_assert!((0.0..=1.0).contains(&low) && low <= high && high <= 1.0, "{} {}", low, high);
            prop_assert_eq!(normalized_score(threshold, threshold, typical), 0.5);
            prop_assert_eq!(normalized_score(a, threshold, typical) > 0.5, a > threshold);
        }
    }

    #[test]
    fn scores_have_the_places_of_the_definition() {
        let of = |score| normalized_score(score, 3.0, 1.0);
        // d = −4, −1, −1/2, 0, 1/2, 1, 4.
        let found = [-5.0, 1.0, 2.0, 3.0, 4.0, 5.0, 11.0].map(of);
        let expected = [0.1, 0.25, 1.0 / 3.0, 0.5, 2.0 / 3.0, 0.75, 0.9];
        for (found, expected) in found.into_iter().zip(expected) {
            assert!(
                (found - expected).abs() < 1e-15,
                "{found}, expected {expected}"
            );
        }
    }

    #[test]
    fn distances_near_the_largest_number_rank_alike() {
        let of = |score| normalized_score(score, -1.826_149_542_075_759_7e-308, 0.0);
        assert!(of(0.0) < of(2.0), "{} {}", of(0.0), of(2.0));
        assert_eq!(of(2.0), 1.0);
    }

    #[test]
    fn what_is_infinitely_far_from_the_threshold_lies_at_an_end() {
        let of = |score| normalized_score(score, 3.0, 1.0);
        assert_eq!([f64::NEG_INFINITY, f64::INFINITY].map(of), [0.0, 1.0]);
    }

    #[test]
    fn a_threshold_that_is_not_above_the_typical_score_has_a_unit_too() {
        for (threshold, typical) in [(2.0, 2.0), (2.0, 5.0), (-2.0, 0.0)] {
            assert_eq!(normalized_score(threshold + 2.0, threshold, typical), 0.75);
        }
        assert_eq!(normalized_score(1.0, 0.0, 0.0), 0.75);
        assert_eq!(normalized_score(f64::NAN, 0.0, 0.0), 1.0);
    }
}
