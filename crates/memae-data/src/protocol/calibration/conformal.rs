use serde::{Deserialize, Serialize};

use super::condensed::{CondensedScores, Measured};
use super::error::CalibrationError;
use super::groups::GroupedScores;
use super::held_out::HeldOutScores;
use super::rank::EXACT;

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
/// # Many scores
///
/// A calibration is saved with at most [`MAX_SAVED`](Calibration::MAX_SAVED) scores, so that a detector's file stays small however many were
/// held out ([`condensed`](Calibration::condensed)): the highest half of these one by one, as small rates ask for, and some of all
/// others, each with how many it stands for, which are those below it down to the one before. Scores only ever become higher by that. So
/// the threshold of the rate that it was made for, the median and the promise stay what they were; at another rate as many samples are
/// flagged or fewer, and p-values stay or rise, each by less than 1/8,000.
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
    pub(super) held_out: HeldOutScores,
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
        /// single group, and where a calibration was [condensed](Calibration::condensed) for another rate.
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
        Ok(Self {
            held_out: HeldOutScores::All(scores),
        })
    }

    /// The most scores that are saved one by one.
    pub const MAX_SAVED: usize = 1 << 16;

    /// How many scores were held out.
    pub fn num_scores(&self) -> usize {
        self.held_out.num_scores()
    }

    /// Groups of scores.
    pub fn num_groups(&self) -> usize {
        self.held_out.num_groups()
    }

    /// The same calibration in few scores ([many scores](Self#many-scores)), with the threshold for this rate unchanged; itself, where
    /// it has few.
    ///
    /// # Errors
    ///
    /// A rate that is not in (0, 1).
    ///
    /// ```
    /// use memae_data::protocol::Calibration;
    ///
    /// let scores: Vec<f64> = (1..=1_000_000).map(f64::from).collect();
    /// let calibration = Calibration::new(&scores)?;
    /// let condensed = calibration.condensed(0.2)?;
    /// assert_eq!(condensed.num_scores(), 1_000_000);
    /// assert_eq!(condensed.threshold(0.2)?, calibration.threshold(0.2)?);
    /// assert!((condensed.p_value(500.0) - calibration.p_value(500.0)).abs() < 1.0 / 8_000.0);
    /// # Ok::<(), memae_data::protocol::CalibrationError>(())
    /// ```
    pub fn condensed(&self, rate: f64) -> Result<Self, CalibrationError> {
        let CalibratedThreshold {
            threshold,
            promise,
            typical,
            ..
        } = self.threshold(rate)?;
        let HeldOutScores::All(all) = &self.held_out else {
            return Ok(self.clone());
        };
        if all.num_scores() <= Self::MAX_SAVED {
            return Ok(self.clone());
        }
        let measured = match promise {
            Promise::Empirical { measured, .. } => measured,
            Promise::Rate { .. } => None,
        };
        let measured = measured.map(|share| Measured { rate, share });
        let few = CondensedScores::new(all, Self::MAX_SAVED, &[threshold, typical], measured);
        Ok(Self {
            held_out: HeldOutScores::Condensed(few),
        })
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
        let scores = &self.held_out;
        let groups = self.num_groups();
        let (threshold, promise) = match scores.mixture_quantile(1.0 - rate) {
            Some(threshold) => (threshold, Promise::Rate { rate }),
            None if groups == self.num_scores() => {
                let rate = 1.0 / (groups as f64 + 1.0);
                (scores.highest(), Promise::Rate { rate })
            }
            None => {
                let promise = Promise::Empirical {
                    groups,
                    needed: (1.0 / rate - 1.0 - EXACT).ceil() as usize,
                    measured: scores.left_out_share(rate),
                };
                (scores.pooled_quantile(1.0 - rate), promise)
            }
        };
        Ok(CalibratedThreshold {
            threshold,
            asked: rate,
            promise,
            typical: scores.pooled_quantile(0.5),
        })
    }

    /// How unlikely a score this high is of a normal sample: the share of samples that score as much, the sample itself among them,
    /// in (0, 1]; NaN has 1/(n + 1), the lowest there is.
    ///
    /// Of single samples, no more than a share p of normal ones has a p-value of p or less. Within groups it is no more than a
    /// description.
    pub fn p_value(&self, score: f64) -> f64 {
        let as_high = match score.is_nan() {
            true => 0,
            false => self.num_scores() - self.held_out.below(score),
        };
        (as_high as f64 + 1.0) / (self.num_scores() as f64 + 1.0)
    }

    /// The share of held-out scores that are lower than a score, those that are equal by half, in [0, 1]; 0.5 of a typical normal
    /// sample. That of NaN is 1.
    pub fn share_below(&self, score: f64) -> f64 {
        let (below, up_to) = match score.is_nan() {
            true => (self.num_scores(), self.num_scores()),
            false => (self.held_out.below(score), self.held_out.up_to(score)),
        };
        (below as f64 + up_to as f64) / (2.0 * self.num_scores() as f64)
    }
}

#[cfg(test)]
mod tests;
