//! The score above which a sample is flagged: where it comes from, what it promises, and what a score is beside it.

use memae_data::metrics::{MetricError, detection_at_best_f1, normalized_score};
use memae_data::protocol::{CalibratedThreshold, Calibration, CalibrationError, quantile};
use serde::{Deserialize, Serialize};

/// What a detector says of one sample.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Verdict {
    /// Anomaly score.
    pub score: f64,
    /// Whether the score is above the threshold ([what a threshold is](memae_data::metrics::Detection#what-a-threshold-is)).
    pub anomalous: bool,
    /// The score on a scale from 0 to 1 with 0.5 at the threshold ([`normalized_score`]).
    pub normalized: f64,
    /// How unlikely a score this high is of a normal sample, in (0, 1] ([`Calibration::p_value`]); `None` where the threshold comes
    /// neither from held-out samples nor from folds. Of folds it is no more than a description.
    pub p_value: Option<f64>,
}

/// Where a threshold comes from.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ThresholdOrigin {
    /// A quantile of the scores of training samples. A network rebuilds what it was trained on better than other normal
    /// samples, so that more of these are flagged than the quantile says.
    Training {
        /// Share of the training samples that lie at or below the threshold, in (0, 1].
        quantile: f64,
    },
    /// Held-out normal samples, which nothing else has looked at.
    HeldOut {
        /// Their scores.
        calibration: Calibration,
        /// What they promise.
        calibrated: CalibratedThreshold,
    },
    /// Normal samples in folds, each of which was scored by a network of its own that had not seen it. The network of the detector has
    /// seen them all, so that nothing is guaranteed of it: see [`Calibration::pooled`].
    Folds {
        /// How many folds, and networks, there were; at least 2.
        folds: usize,
        /// The scores of all folds.
        calibration: Calibration,
        /// What these scores would promise if one network had given them that had seen none of the samples.
        calibrated: CalibratedThreshold,
    },
    /// The highest F1 on labelled samples.
    BestF1 {
        /// The F1 on these samples, in (0, 1].
        f1: f64,
        /// How many there were.
        samples: usize,
    },
    /// Given by hand.
    Given,
    /// A file of the first version, which does not say.
    Unknown,
}

/// The score above which a sample is flagged, and where it comes from.
///
/// ```
/// use memae_data::protocol::Calibration;
/// use memae_models::detect::DetectionThreshold;
///
/// let held_out: Vec<f64> = (1..=99).map(f64::from).collect();
/// let threshold = DetectionThreshold::held_out(Calibration::new(&held_out)?, 0.05)?;
/// assert_eq!(threshold.value(), 95.0);
/// let verdict = threshold.verdict(97.0);
/// assert!(verdict.anomalous && verdict.normalized > 0.5);
/// assert_eq!(verdict.p_value, Some(0.04));
/// # Ok::<(), memae_data::protocol::CalibrationError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct DetectionThreshold {
    pub(super) value: f64,
    /// Score of a typical normal sample, if that is known.
    pub(super) typical: Option<f64>,
    pub(super) origin: ThresholdOrigin,
}

impl DetectionThreshold {
    /// A threshold that flags no more than `rate` of normal samples, by held-out ones.
    ///
    /// # Errors
    ///
    /// A rate that is not in (0, 1).
    pub fn held_out(calibration: Calibration, rate: f64) -> Result<Self, CalibrationError> {
        let calibrated = calibration.threshold(rate)?;
        Ok(Self {
            value: calibrated.threshold,
            typical: Some(calibrated.typical),
            origin: ThresholdOrigin::HeldOut {
                calibration,
                calibrated,
            },
        })
    }

    /// A threshold that is meant to flag no more than `rate` of normal samples, by few of them: `folds` are the scores of each fold by a
    /// detector that was fitted and trained on all others, for one that was trained on all folds
    /// ([`FoldsConfig`](memae_data::protocol::FoldsConfig)). Nothing is guaranteed ([`ThresholdOrigin::Folds`]).
    ///
    /// # Errors
    ///
    /// Fewer than two folds; one that was [condensed](Calibration::condensed); a rate that is not in (0, 1).
    ///
    /// ```
    /// use memae_data::protocol::Calibration;
    /// use memae_models::detect::DetectionThreshold;
    ///
    /// let folds = [[1.0, 4.0, 6.0], [3.0, 2.0, 5.0]];
    /// let folds = folds.iter().map(|scores| Calibration::new(scores));
    /// let threshold = DetectionThreshold::of_folds(&folds.collect::<Result<Vec<_>, _>>()?, 0.3)?;
    /// assert_eq!(threshold.value(), 5.0); // rank 0.7 · 7, rounded up
    /// # Ok::<(), memae_data::protocol::CalibrationError>(())
    /// ```
    pub fn of_folds(folds: &[Calibration], rate: f64) -> Result<Self, CalibrationError> {
        Self::of_pooled_folds(Calibration::pooled(folds)?, folds.len(), rate)
    }

    /// The same by scores that are pooled already.
    pub(super) fn of_pooled_folds(
        calibration: Calibration,
        folds: usize,
        rate: f64,
    ) -> Result<Self, CalibrationError> {
        let groups = calibration.num_groups();
        if !(2..=groups).contains(&folds) {
            return Err(CalibrationError::Folds { folds, groups });
        }
        let calibrated = calibration.threshold(rate)?;
        Ok(Self {
            value: calibrated.threshold,
            typical: Some(calibrated.typical),
            origin: ThresholdOrigin::Folds {
                folds,
                calibration,
                calibrated,
            },
        })
    }

    /// A threshold by labelled samples: where F1 is highest, which is more than new samples will have.
    ///
    /// # Errors
    ///
    /// As [`detection_at_best_f1`]; no finite threshold.
    pub fn best_f1(scores: &[f64], anomalous: &[bool]) -> Result<Self, MetricError> {
        let detection = detection_at_best_f1(scores, anomalous)?;
        if !detection.threshold.is_finite() {
            return Err(MetricError::Threshold);
        }
        let labelled = scores.iter().zip(anomalous);
        let normal = labelled.filter(|(_, anomalous)| !**anomalous);
        let normal: Vec<f64> = normal.map(|(&score, _)| score).collect();
        Ok(Self {
            value: detection.threshold,
            typical: quantile(&normal, 0.5),
            origin: ThresholdOrigin::BestF1 {
                f1: detection.f1(),
                samples: scores.len(),
            },
        })
    }

    /// A threshold given by hand; `typical` is the score of a typical normal sample, if that is known. `None` unless both are
    /// finite.
    pub fn given(value: f64, typical: Option<f64>) -> Option<Self> {
        let are_finite = value.is_finite() && typical.is_none_or(f64::is_finite);
        are_finite.then_some(Self {
            value,
            typical,
            origin: ThresholdOrigin::Given,
        })
    }

    /// The quantile of the scores of training samples; `None` without any.
    pub(super) fn of_training(scores: &[f64], share: f64) -> Option<Self> {
        Some(Self {
            typical: quantile(scores, 0.5),
            value: quantile(scores, share)?,
            origin: ThresholdOrigin::Training { quantile: share },
        })
    }

    /// The score above which a sample is flagged; finite.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Score of a typical normal sample, the median of those that the threshold comes from; `None` if that is not known.
    pub fn typical(&self) -> Option<f64> {
        self.typical
    }

    /// Where the threshold comes from.
    pub fn origin(&self) -> &ThresholdOrigin {
        &self.origin
    }

    /// The scores of normal samples that the threshold comes from, where it comes from those of held-out samples or of folds.
    pub fn calibration(&self) -> Option<&Calibration> {
        match &self.origin {
            ThresholdOrigin::HeldOut { calibration, .. }
            | ThresholdOrigin::Folds { calibration, .. } => Some(calibration),
            _ => None,
        }
    }

    /// The rate that was asked for, where the threshold comes from held-out samples or folds; in (0, 1).
    pub fn asked_rate(&self) -> Option<f64> {
        match &self.origin {
            ThresholdOrigin::HeldOut { calibrated, .. }
            | ThresholdOrigin::Folds { calibrated, .. } => Some(calibrated.asked),
            _ => None,
        }
    }

    /// What the threshold says of a score.
    pub fn verdict(&self, score: f64) -> Verdict {
        Verdict {
            score,
            anomalous: score > self.value,
            // A typical score that is not below the threshold takes no part.
            normalized: normalized_score(score, self.value, self.typical.unwrap_or(self.value)),
            p_value: self
                .calibration()
                .map(|calibration| calibration.p_value(score)),
        }
    }
}
