//! How well a threshold tells anomalies from normal samples: precision, recall and F1 of the anomalous class; what a
//! threshold is.
//!
//! Values agree with scikit-learn's `precision_recall_fscore_support(zero_division=0)`, and flagged shares with
//! `scores > numpy.percentile(scores, 100 * (1 - share))`, as the KDD protocol is usually computed.

use super::MetricError;
use super::cut::threshold_of_point;
use super::ranking::{check, levels};

/// Samples counted by what they are and by whether they were flagged, which is whether they score above a threshold.
///
/// The positive class is the anomalous one.
///
/// # What a threshold is
///
/// Everywhere in memae a sample is flagged if its score is **above** the threshold; one that scores the threshold itself
/// passes for normal. So it is here, in detectors and in streams. Samples of one score are never told apart.
///
/// Elsewhere, in scikit-learn's curves for instance, a threshold flags what scores it *or more*. [`threshold_below`](super::threshold_below) makes
/// such a threshold one of memae's. Points of [`RocCurve`](super::RocCurve) and
/// [`PrecisionRecallCurve`](super::PrecisionRecallCurve) name the lowest score that is flagged, and give the threshold that
/// flags it: [`RocCurve::threshold`](super::RocCurve::threshold).
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Detection {
    /// Samples that score more than this were flagged.
    pub threshold: f64,
    /// Anomalous samples flagged.
    pub true_positives: usize,
    /// Normal samples flagged.
    pub false_positives: usize,
    /// Anomalous samples not flagged.
    pub false_negatives: usize,
    /// Normal samples not flagged.
    pub true_negatives: usize,
}

impl Detection {
    /// Share of anomalous samples among those flagged, in [0, 1]; 0 where nothing was flagged, as with scikit-learn's
    /// `zero_division=0`.
    pub fn precision(&self) -> f64 {
        ratio(
            self.true_positives,
            self.true_positives + self.false_positives,
        )
    }

    /// Share of anomalous samples flagged, in [0, 1].
    pub fn recall(&self) -> f64 {
        ratio(
            self.true_positives,
            self.true_positives + self.false_negatives,
        )
    }

    /// Harmonic mean of precision and recall, in [0, 1]; 0 where no anomalous sample was flagged.
    pub fn f1(&self) -> f64 {
        let wrong = self.false_positives + self.false_negatives;
        ratio(2 * self.true_positives, 2 * self.true_positives + wrong)
    }

    /// Share of all samples flagged, in [0, 1].
    pub fn flagged_share(&self) -> f64 {
        let flagged = self.true_positives + self.false_positives;
        ratio(
            flagged,
            flagged + self.false_negatives + self.true_negatives,
        )
    }
}

/// 0 where the whole is 0.
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// What a threshold flags: the samples that score more than it. One that scores the threshold itself passes for normal.
///
/// `scores` and `anomalous` have one value per sample. Scores and the threshold may be infinite.
///
/// # Errors
///
/// As [`roc_auc`](super::roc_auc); a threshold that is NaN.
///
/// ```
/// use memae_data::metrics::detection_at_threshold;
///
/// let detection = detection_at_threshold(&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true], 0.35)?;
/// assert_eq!((detection.true_positives, detection.false_positives), (1, 1));
/// assert_eq!((detection.precision(), detection.recall(), detection.f1()), (0.5, 0.5, 0.5));
/// # Ok::<(), memae_data::metrics::MetricError>(())
/// ```
pub fn detection_at_threshold(
    scores: &[f64],
    anomalous: &[bool],
    threshold: f64,
) -> Result<Detection, MetricError> {
    check(scores, anomalous)?;
    if threshold.is_nan() {
        return Err(MetricError::Threshold);
    }
    Ok(count(scores, anomalous, threshold))
}

/// What is flagged where the highest `share` of scores is: the samples that score more than the (1 − `share`) quantile
/// of `scores`.
///
/// With n scores in ascending order the quantile lies at index (1 − `share`)·(n − 1), between two scores by linear
/// interpolation. Where scores are distinct ⌈`share`·(n − 1)⌉ samples are flagged. Samples of one score are flagged
/// together or not at all, so that their order does not matter: those that tie with the quantile pass for normal. Where
/// many do, less than `share` is flagged, and nothing where all scores are equal; [`Detection::flagged_share`] tells.
///
/// `scores` and `anomalous` have one value per sample, `share` is in (0, 1): 0.2 in the KDD protocol. Infinite scores
/// are ranked; the threshold is the lower one of two scores where nothing finite lies between them.
///
/// # Errors
///
/// As [`roc_auc`](super::roc_auc); a share that is not in (0, 1).
///
/// ```
/// use memae_data::metrics::detection_at_share;
///
/// let scores = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
/// let detection = detection_at_share(&scores, &[false, false, false, false, true, true], 0.3)?;
/// assert!((detection.threshold - 0.45).abs() < 1e-12); // between the fourth score and the fifth
/// assert_eq!((detection.precision(), detection.recall()), (1.0, 1.0));
/// # Ok::<(), memae_data::metrics::MetricError>(())
/// ```
pub fn detection_at_share(
    scores: &[f64],
    anomalous: &[bool],
    share: f64,
) -> Result<Detection, MetricError> {
    check(scores, anomalous)?;
    if !(share > 0.0 && share < 1.0) {
        return Err(MetricError::FlaggedShare { found: share });
    }
    Ok(count(scores, anomalous, upper_quantile(scores, share)))
}

/// What is flagged where F1 is highest; of several such thresholds the highest.
///
/// The threshold is chosen with the labels in sight, so that its figures are a limit, not what to expect of new samples.
/// `scores` and `anomalous` have one value per sample.
///
/// # Errors
///
/// As [`roc_auc`](super::roc_auc).
///
/// ```
/// use memae_data::metrics::detection_at_best_f1;
///
/// let detection = detection_at_best_f1(&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true])?;
/// assert_eq!((detection.precision(), detection.recall(), detection.f1()), (2.0 / 3.0, 1.0, 0.8));
/// # Ok::<(), memae_data::metrics::MetricError>(())
/// ```
pub fn detection_at_best_f1(scores: &[f64], anomalous: &[bool]) -> Result<Detection, MetricError> {
    let levels = levels(scores, anomalous)?;
    let anomalies = levels.last().map_or(0, |all| all.true_positives);
    let mut best = (0, 0.0);
    for (index, level) in levels.iter().enumerate() {
        // Nothing is below it, so that no threshold flags it.
        if level.score == f64::NEG_INFINITY {
            break;
        }
        let flagged = level.true_positives + level.false_positives;
        let f1 = ratio(2 * level.true_positives, flagged + anomalies);
        if f1 > best.1 {
            best = (index, f1);
        }
    }
    // A curve begins where nothing is flagged.
    let lowest = levels.iter().map(|level| level.score);
    let lowest: Vec<f64> = std::iter::once(f64::INFINITY).chain(lowest).collect();
    let threshold = threshold_of_point(&lowest, best.0 + 1).unwrap_or(f64::NEG_INFINITY);
    Ok(count(scores, anomalous, threshold))
}

fn count(scores: &[f64], anomalous: &[bool], threshold: f64) -> Detection {
    let mut detection = Detection {
        threshold,
        true_positives: 0,
        false_positives: 0,
        false_negatives: 0,
        true_negatives: 0,
    };
    for (&score, &anomalous) in scores.iter().zip(anomalous) {
        *match (anomalous, score > threshold) {
            (true, true) => &mut detection.true_positives,
            (false, true) => &mut detection.false_positives,
            (true, false) => &mut detection.false_negatives,
            (false, false) => &mut detection.true_negatives,
        } += 1;
    }
    detection
}

/// The (1 − `share`) quantile of at least one score, by linear interpolation.
fn upper_quantile(scores: &[f64], share: f64) -> f64 {
    let mut ranked = scores.to_vec();
    ranked.sort_unstable_by(|a, b| b.total_cmp(a));
    let last = ranked.len() - 1;
    // Indices count from the highest score. A share such as 0.29 or 1 − 0.8 has no exact value: what is whole but for
    // that error is whole.
    let mut index = share * last as f64;
    if (index - index.round()).abs() <= last as f64 * f64::EPSILON {
        index = index.round();
    }
    let (lower, upper) = (
        ranked[index.ceil() as usize],
        ranked[index.floor() as usize],
    );
    let below = index.ceil() - index;
    let between = lower * (1.0 - below) + upper * below;
    // Neither rounding nor an infinite score may take the threshold to the upper score, which is flagged.
    match lower <= between && between < upper {
        true => between,
        false => lower,
    }
}

#[cfg(test)]
mod tests;
