use serde::{Deserialize, Serialize};

use super::error::CalibrationError;
use super::groups::GroupedScores;

/// Scores of held-out normal samples, which a threshold is chosen by: split conformal prediction.
///
/// Nothing may have looked at these samples before: neither training nor the choice of epochs and settings. If a new normal
/// sample is exchangeable with the n that were held out, its score is above the k-th smallest of theirs with a probability of at
/// most 1 − k/(n + 1). The threshold for a false alarm rate is therefore the score of rank
///
/// k = ⌈(1 − rate)(n + 1)⌉,
///
/// and the rate that it promises is a mean over all samples that might have been held out. With fewer than 1/rate − 1 of
/// them there is no such rank; the threshold is then the highest score, which promises 1/(n + 1).
///
/// # Groups
///
/// Frames of one video, or pictures of one part, are not exchangeable: what counts is how many videos or parts there are. Of
/// scores in K groups the threshold is the (1 − rate) quantile of a mixture that draws one of K + 1 groups, then a score of it,
/// where the scores of the last group are infinite. Groups of one score each make it the rank above. With fewer than
/// 1/rate − 1 groups nothing can be promised ([`Promise::Empirical`]).
///
/// Sources: V. Vovk, A. Gammerman, G. Shafer, "Algorithmic Learning in a Random World", Springer 2005; for groups Y. Lee,
/// R. F. Barber, R. Willett, "Distribution-free inference with hierarchical data", 2023, arXiv 2306.06342.
///
/// ```
/// use memae_data::protocol::{Calibration, Promise};
///
/// let scores: Vec<f64> = (1..=99).map(f64::from).collect();
/// let calibration = Calibration::new(&scores)?;
/// let threshold = calibration.threshold(0.05)?;
/// assert_eq!(threshold.threshold, 95.0); // rank 0.95 · 100
/// assert_eq!(threshold.promise, Promise::Rate { rate: 0.05 });
/// // Of 100 normal samples, one that is new and 99 that were held out, 5 score as much as the new one.
/// assert_eq!(calibration.p_value(96.0), 0.05);
/// assert_eq!(threshold.typical, 50.0);
/// # Ok::<(), memae_data::protocol::CalibrationError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    pub(super) scores: GroupedScores,
}

/// What a threshold promises on normal samples like those that were held out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Promise {
    /// No more than this share of normal samples is flagged, as a mean over all samples that might have been held out.
    Rate {
        /// The share, in (0, 1): the one asked for, or the smallest that so many samples can promise.
        rate: f64,
    },
    /// No guarantee: there are too few groups.
    Empirical {
        /// Groups that were held out.
        groups: usize,
        /// Groups that the rate asked for needs.
        needed: usize,
        /// The mean share of a group that the threshold flags if it is chosen by all other groups, in [0, 1]; `None` of a
        /// single group.
        measured: Option<f64>,
    },
}

/// A threshold, and what it promises.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CalibratedThreshold {
    /// What scores more is flagged.
    pub threshold: f64,
    /// The false alarm rate asked for, in (0, 1).
    pub asked: f64,
    /// What can be promised.
    pub promise: Promise,
    /// The median of the held-out scores.
    pub typical: f64,
}

impl Calibration {
    /// Scores of samples that are exchangeable one by one.
    ///
    /// # Errors
    ///
    /// No scores, or one that is not finite.
    pub fn new(scores: &[f64]) -> Result<Self, CalibrationError> {
        let groups: Vec<usize> = (0..scores.len()).collect();
        Self::in_groups(scores, &groups)
    }

    /// Scores of samples that are exchangeable group by group; `groups` names the group of each score.
    ///
    /// # Errors
    ///
    /// No scores, or one that is not finite; not one group for each score.
    pub fn in_groups(scores: &[f64], groups: &[usize]) -> Result<Self, CalibrationError> {
        let scores = GroupedScores::new(scores, groups)?;
        Ok(Self { scores })
    }

    /// The scores in ascending order.
    pub fn scores(&self) -> &[f64] {
        &self.scores.scores
    }

    /// Groups of scores.
    pub fn num_groups(&self) -> usize {
        self.scores.num_groups()
    }

    /// The threshold for a false alarm rate in (0, 1), and what it promises.
    ///
    /// # Errors
    ///
    /// A rate that is not in (0, 1).
    pub fn threshold(&self, rate: f64) -> Result<CalibratedThreshold, CalibrationError> {
        if !(rate > 0.0 && rate < 1.0) {
            return Err(CalibrationError::Rate { found: rate });
        }
        let scores = self.scores();
        let highest = scores[scores.len() - 1];
        let groups = self.num_groups();
        let (threshold, promise) = match self.scores.mixture_quantile(1.0 - rate) {
            Some(threshold) => (threshold, Promise::Rate { rate }),
            None if groups == scores.len() => {
                let rate = 1.0 / (groups as f64 + 1.0);
                (highest, Promise::Rate { rate })
            }
            None => {
                let promise = Promise::Empirical {
                    groups,
                    needed: (1.0 / rate - 1.0 - 1e-9).ceil() as usize,
                    measured: self.scores.left_out_share(1.0 - rate),
                };
                (self.scores.pooled_quantile(1.0 - rate), promise)
            }
        };
        Ok(CalibratedThreshold {
            threshold,
            asked: rate,
            promise,
            typical: self.scores.pooled_quantile(0.5),
        })
    }

    /// How unlikely a score this high is of a normal sample: the share of samples that score as much, the sample itself among them,
    /// in (0, 1]; NaN has 1/(n + 1), the lowest there is.
    ///
    /// Of single samples, no more than a share p of normal ones has a p-value of p or less. Within groups it is no more than a
    /// description.
    pub fn p_value(&self, score: f64) -> f64 {
        let below = self.scores().partition_point(|&held_out| held_out < score);
        let as_high = match score.is_nan() {
            true => 0,
            false => self.scores().len() - below,
        };
        (as_high as f64 + 1.0) / (self.scores().len() as f64 + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::Random;

    fn rank(scores: &[f64], rate: f64) -> f64 {
        let n = scores.len() as f64;
        // Rates of whole percents, in whole numbers.
        let percent = (rate * 100.0).round() as usize;
        let rank = ((100 - percent) * (n as usize + 1)).div_ceil(100);
        scores[rank - 1]
    }

    proptest! {
        /// The definition, for rates that have whole ranks too.
        #[test]
        fn the_threshold_has_the_rank_of_its_definition(
            mut scores in proptest::collection::vec(prop_oneof![-9.0..9.0, (-3i8..3).prop_map(f64::from)], 1..300),
            percent in 1usize..100,
        ) {
            let rate = percent as f64 / 100.0;
            let found = Calibration::new(&scores).unwrap().threshold(rate).unwrap();
            scores.sort_by(f64::total_cmp);
            let n = scores.len();
            if (100 - percent) * (n + 1) > 100 * n {
                prop_assert_eq!(found.threshold, scores[n - 1]);
                prop_assert_eq!(found.promise, Promise::Rate { rate: 1.0 / (n as f64 + 1.0) });
            } else {
                prop_assert_eq!(found.threshold, rank(&scores, rate));
                prop_assert_eq!(found.promise, Promise::Rate { rate });
            }
            prop_assert_eq!(found.typical, scores[n.div_ceil(2) - 1]);
        }

        #[test]
        fn p_values_are_shares_of_what_scores_as_much(
            scores in proptest::collection::vec((-3i8..3).prop_map(f64::from), 1..60), score in (-4i8..4).prop_map(f64::from),
        ) {
            let calibration = Calibration::new(&scores).unwrap();
            let as_high = scores.iter().filter(|&&other| other >= score).count() as f64;
            prop_assert_eq!(calibration.p_value(score), (as_high + 1.0) / (scores.len() as f64 + 1.0));
            // What is flagged has a p-value of no more than the promise.
            let threshold = calibration.threshold(0.3).unwrap();
            if let Promise::Rate { rate } = threshold.promise && score > threshold.threshold {
                prop_assert!(calibration.p_value(score) <= rate + 1e-12);
            }
        }

        /// Groups of equal size and with scores of their own: what the threshold leaves above it.
        #[test]
        fn groups_count_alike_whatever_their_size(sizes in proptest::collection::vec(1usize..9, 1..40), percent in 1usize..100) {
            let groups: Vec<usize> = sizes.iter().enumerate().flat_map(|(group, &size)| vec![7 * group; size]).collect();
            let scores: Vec<f64> = groups.iter().map(|&group| group as f64).collect();
            let calibration = Calibration::in_groups(&scores, &groups).unwrap();
            prop_assert_eq!(calibration.num_groups(), sizes.len());
            let rate = percent as f64 / 100.0;
            let found = calibration.threshold(rate).unwrap();
            let all = sizes.len() + 1;
            if (100 - percent) * all > 100 * sizes.len() && sizes.iter().any(|&size| size > 1) {
                let needed = (100 - percent).div_ceil(percent);
                let is_empirical = matches!(found.promise, Promise::Empirical { groups, needed: found, .. }
                    if groups == sizes.len() && found == needed);
                prop_assert!(is_empirical, "{:?}, {needed}", found.promise);
            } else if (100 - percent) * all <= 100 * sizes.len() {
                // All scores of a group are equal, so that the threshold is the rank among groups.
                let rank = ((100 - percent) * all).div_ceil(100);
                prop_assert_eq!(found.threshold, 7.0 * (rank as f64 - 1.0));
            }
        }
    }

    /// The share of new normal samples that is flagged, over many draws of what is held out.
    fn flagged(
        rate: f64,
        draws: u64,
        draw: impl Fn(&mut Random) -> (Vec<f64>, Vec<usize>, f64),
    ) -> f64 {
        let flagged = (0..draws).filter(|&seed| {
            let (scores, groups, new) = draw(&mut Random::new(seed, 0));
            let calibration = Calibration::in_groups(&scores, &groups).unwrap();
            new > calibration.threshold(rate).unwrap().threshold
        });
        flagged.count() as f64 / draws as f64
    }

    #[test]
    fn two_groups_are_measured_by_each_other() {
        // The highest of one is below two of three of the other.
        let calibration =
            Calibration::in_groups(&[1.0, 2.0, 3.0, 2.5, 3.5, 4.5], &[0, 0, 0, 1, 1, 1]).unwrap();
        let found = calibration.threshold(0.1).unwrap();
        let expected = Promise::Empirical {
            groups: 2,
            needed: 9,
            measured: Some((1.0 - 1.0 / 3.0) / 2.0),
        };
        assert_eq!(found.promise, expected);
        let one = Calibration::in_groups(&[1.0, 2.0], &[0, 0]).unwrap();
        let Promise::Empirical { measured, .. } = one.threshold(0.1).unwrap().promise else {
            panic!("one group promises nothing");
        };
        assert_eq!(measured, None);
    }

    #[test]
    fn the_promise_is_kept_by_single_samples() {
        for (n, rate) in [(19, 0.05), (50, 0.1), (99, 0.01), (30, 0.5), (10, 0.01)] {
            let found = flagged(rate, 20_000, |random| {
                let scores: Vec<f64> = (0..=n).map(|_| random.bell()).collect();
                (scores[..n].to_vec(), (0..n).collect(), scores[n])
            });
            // What is expected of distinct scores, exactly.
            let rank = ((1.0 - rate) * (n as f64 + 1.0) - 1e-9)
                .ceil()
                .min(n as f64);
            let expected = 1.0 - rank / (n as f64 + 1.0);
            assert!(expected <= rate.max(1.0 / (n as f64 + 1.0)) + 1e-9);
            assert!(
                (found - expected).abs() < 0.008,
                "{n}, {rate}: {found} for {expected}"
            );
        }
    }

    /// Scores within a group are nearly alike; by their number alone far more would be flagged than asked for.
    #[test]
    fn the_promise_is_kept_by_groups() {
        let draw = |random: &mut Random| {
            let of_group = |random: &mut Random| {
                let level = 3.0 * random.bell();
                (0..20)
                    .map(|_| level + 0.1 * random.bell())
                    .collect::<Vec<f64>>()
            };
            let scores: Vec<f64> = (0..30).flat_map(|_| of_group(random)).collect();
            let groups = (0..600).map(|index| index / 20).collect();
            (scores, groups, of_group(random)[0])
        };
        let found = flagged(0.1, 4_000, draw);
        assert!((0.05..0.105).contains(&found), "{found}");
    }

    #[test]
    fn too_few_groups_promise_nothing_and_say_what_was_measured() {
        let scores: Vec<f64> = (0..40).map(|index| f64::from(index % 10)).collect();
        let groups: Vec<usize> = (0..40).map(|index| index / 10).collect();
        let found = Calibration::in_groups(&scores, &groups)
            .unwrap()
            .threshold(0.1)
            .unwrap();
        assert_eq!(found.threshold, 8.0);
        // Each group is like the others: of each the 9 is above.
        let promise = Promise::Empirical {
            groups: 4,
            needed: 9,
            measured: Some(0.1),
        };
        match (found.promise, promise) {
            (
                Promise::Empirical {
                    groups: 4,
                    needed: 9,
                    measured: Some(measured),
                },
                _,
            ) => assert!((measured - 0.1).abs() < 1e-12, "{measured}"),
            (found, _) => panic!("{found:?}"),
        }
        let single = Calibration::in_groups(&scores, &[3; 40])
            .unwrap()
            .threshold(0.1)
            .unwrap();
        assert_eq!(
            single.promise,
            Promise::Empirical {
                groups: 1,
                needed: 9,
                measured: None
            }
        );
    }

    #[test]
    fn a_calibration_survives_saving_and_loading() {
        let scores = [0.1 + 0.2, 1.0 / 3.0, -0.0, 1e-300, 0.3];
        let calibration = Calibration::in_groups(&scores, &[5, 9, 5, 2, 9]).unwrap();
        let json = serde_json::to_string(&calibration).unwrap();
        let loaded: Calibration = serde_json::from_str(&json).unwrap();
        assert_eq!(loaded, calibration);
        assert_eq!(loaded.scores()[4].to_bits(), (1.0f64 / 3.0).to_bits());
        // Single scores need no groups.
        let single = Calibration::new(&scores).unwrap();
        let json = serde_json::to_string(&single).unwrap();
        assert!(!json.contains("groups"), "{json}");
        assert_eq!(serde_json::from_str::<Calibration>(&json).unwrap(), single);

        for (json, message) in [
            (r#"{"scores":"1 x"}"#, "found `x`, expected a finite number"),
            (r#"{"scores":"1 NaN"}"#, "calibration score 1: found NaN"),
            (r#"{"scores":""}"#, "calibration scores: found none"),
            (
                r#"{"scores":"1 2","groups":"1"}"#,
                "groups: found 1, expected 2",
            ),
            (
                r#"{"scores":"1 2","groups":"1 -1"}"#,
                "found `-1`, expected a number of a group",
            ),
        ] {
            let error = serde_json::from_str::<Calibration>(json)
                .unwrap_err()
                .to_string();
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn what_cannot_be_compared_is_an_error() {
        let message = |scores: &[f64]| Calibration::new(scores).unwrap_err().to_string();
        assert_eq!(
            message(&[]),
            "calibration scores: found none, expected at least one"
        );
        assert_eq!(
            message(&[1.0, f64::NAN]),
            "calibration score 1: found NaN, expected a finite number"
        );
        let calibration = Calibration::new(&[1.0]).unwrap();
        for rate in [0.0, 1.0, f64::NAN, -0.1] {
            assert_eq!(
                calibration.threshold(rate).unwrap_err().to_string(),
                format!(
                    "false alarm rate: found {rate}, expected a number between 0 and 1, both excluded"
                )
            );
        }
        assert_eq!(
            Calibration::in_groups(&[1.0], &[]).unwrap_err().to_string(),
            "groups: found 0, expected 1, one for each score"
        );
        assert_eq!(calibration.p_value(f64::NAN), 0.5);
    }
}
