//! Ranks of shares.

/// How much less than a whole number counts as whole.
pub(super) const EXACT: f64 = 1e-9;

/// What a share of a mixture of these groups and one more is, in draws of a group. Shares such as 1 − 0.05, and sums of thirds, have
/// no exact value: what is whole but for that is whole.
pub(super) fn wanted_draws(share: f64, groups: usize) -> f64 {
    share * (groups as f64 + 1.0) * (1.0 - EXACT)
}

/// The rank of the smallest of so many scores, one or more, at or below which at least `share` of them lie; from 1.
pub(super) fn rank_of(share: f64, scores: usize) -> usize {
    let rank = share * scores as f64 * (1.0 - EXACT);
    (rank.ceil() as usize).clamp(1, scores)
}

/// The smallest of some values, at or below which at least `share` of them lie, in [0, 1]; `None` without values.
///
/// ```
/// use memae_data::protocol::quantile;
///
/// assert_eq!(quantile(&[4.0, 1.0, 3.0, 2.0], 0.75), Some(3.0));
/// assert_eq!(quantile(&[], 0.5), None);
/// ```
pub fn quantile(values: &[f64], share: f64) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let mut values = values.to_vec();
    let rank = rank_of(share, values.len());
    Some(*values.select_nth_unstable_by(rank - 1, f64::total_cmp).1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_quantile_is_the_smallest_value_with_its_share_at_or_below(
            values in proptest::collection::vec((-5i8..5).prop_map(f64::from), 1..40), percent in 0usize..=100,
        ) {
            let found = quantile(&values, percent as f64 / 100.0).unwrap();
            let share_below = |value: f64| 100 * values.iter().filter(|&&other| other <= value).count();
            prop_assert!(share_below(found) >= percent * values.len());
            for &smaller in values.iter().filter(|&&value| value < found) {
                prop_assert!(share_below(smaller) < (percent * values.len()).max(1), "{} for {}", found, smaller);
            }
        }
    }
}
