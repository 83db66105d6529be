//! Seeded permutations and splits.
//!
//! The indices that a seed gives are the same on every platform and in every release of this crate.

use crate::random::Random;

/// A random permutation of `0..n`.
///
/// ```
/// use memae_data::protocol::permutation;
///
/// let order = permutation(5, 42);
/// assert_eq!(order, permutation(5, 42));
/// let mut sorted = order;
/// sorted.sort();
/// assert_eq!(sorted, [0, 1, 2, 3, 4]);
/// ```
pub fn permutation(n: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    Random::new(seed, 0).shuffle(&mut order);
    order
}

/// Splits `0..n` at random in two: first the indices that are kept, then the share that is held out.
///
/// The second holds `n * share` indices, rounded to the nearest whole number. Both are in ascending order. Used to
/// take validation images from the training set.
///
/// # Panics
///
/// `share` is not in [0, 1].
///
/// ```
/// use memae_data::protocol::holdout;
///
/// let (training, validation) = holdout(600, 0.1, 42);
/// assert_eq!((training.len(), validation.len()), (540, 60));
/// ```
pub fn holdout(n: usize, share: f64, seed: u64) -> (Vec<usize>, Vec<usize>) {
    assert!(
        (0.0..=1.0).contains(&share),
        "share to hold out: found {share}, expected a number in [0, 1]"
    );
    split_at(n, (n as f64 * share).round() as usize, seed, 0)
}

/// Splits `0..n` at random into all but `held_out` indices, and the `held_out` others, each in ascending order.
pub(super) fn split_at(
    n: usize,
    held_out: usize,
    seed: u64,
    stream: u64,
) -> (Vec<usize>, Vec<usize>) {
    let mut kept: Vec<usize> = (0..n).collect();
    Random::new(seed, stream).shuffle(&mut kept);
    let mut out = kept.split_off(n - held_out.min(n));
    kept.sort_unstable();
    out.sort_unstable();
    (kept, out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn permutation_has_every_index_once(n in 0usize..300, seed: u64) {
            let mut order = permutation(n, seed);
            order.sort_unstable();
            prop_assert_eq!(order, (0..n).collect::<Vec<_>>());
        }

        #[test]
        fn holdout_parts_are_ascending_and_make_the_whole(n in 0usize..300, share in 0.0..=1.0, seed: u64) {
            let (kept, held_out) = holdout(n, share, seed);
            prop_assert_eq!(held_out.len(), (n as f64 * share).round() as usize);
            prop_assert!(kept.is_sorted() && held_out.is_sorted());
            let mut all = [kept, held_out].concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..n).collect::<Vec<_>>());
        }
    }

    #[test]
    fn seeds_give_different_splits() {
        assert_ne!(holdout(100, 0.5, 1), holdout(100, 0.5, 2));
        assert_ne!(permutation(100, 1), permutation(100, 2));
    }

    /// The indices of a seed are a promise across platforms and releases.
    #[test]
    fn indices_are_pinned() {
        assert_eq!(permutation(8, 0), [3, 2, 7, 5, 0, 1, 4, 6]);
        assert_eq!(holdout(8, 0.25, 0).1, [4, 6]);
    }

    #[test]
    #[should_panic(expected = "found NaN, expected a number in [0, 1]")]
    fn a_share_that_is_no_number_says_so() {
        holdout(10, f64::NAN, 0);
    }
}
