//! How well scores rank anomalies above normal samples: the ROC curve, the precision-recall curve, and their areas.
//!
//! Values agree with scikit-learn's `roc_auc_score`, `average_precision_score`, `roc_curve(drop_intermediate=False)`
//! and `precision_recall_curve`, ties included. Infinite scores, which scikit-learn refuses, are ranked like any other.

use super::cut::threshold_of_point;

/// Why a metric has no value.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MetricError {
    /// There are no samples.
    #[error("scores: found none, expected at least one normal and one anomalous sample")]
    Empty,
    /// Scores and labels are not as many.
    #[error("labels: found {labels}, expected {scores}, one for each score")]
    LengthMismatch {
        /// Number of scores.
        scores: usize,
        /// Number of labels.
        labels: usize,
    },
    /// A score cannot be ranked.
    #[error("score {index}: found NaN, expected a number")]
    NotANumber {
        /// Its index.
        index: usize,
    },
    /// No sample is anomalous.
    #[error("labels: found {samples} normal samples only, expected anomalous ones too")]
    NoAnomalies {
        /// Number of samples.
        samples: usize,
    },
    /// Every sample is anomalous.
    #[error("labels: found {samples} anomalous samples only, expected normal ones too")]
    NoNormals {
        /// Number of samples.
        samples: usize,
    },
    /// No score can be compared with the threshold.
    #[error("threshold: found NaN, expected a number")]
    Threshold,
    /// The share of samples to flag is not a number between 0 and 1.
    #[error("flagged share: found {found}, expected a number between 0 and 1, both excluded")]
    FlaggedShare {
        /// The share.
        found: f64,
    },
}

/// Samples of one score, and all above it.
pub(super) struct Level {
    pub(super) score: f64,
    /// Anomalous samples that score this or more.
    pub(super) true_positives: usize,
    /// Normal samples that score this or more.
    pub(super) false_positives: usize,
}

/// One label for each score, no NaN, and at least one sample of each kind.
pub(super) fn check(scores: &[f64], anomalous: &[bool]) -> Result<(), MetricError> {
    if scores.len() != anomalous.len() {
        return Err(MetricError::LengthMismatch {
            scores: scores.len(),
            labels: anomalous.len(),
        });
    }
    if scores.is_empty() {
        return Err(MetricError::Empty);
    }
    if let Some(index) = scores.iter().position(|score| score.is_nan()) {
        return Err(MetricError::NotANumber { index });
    }
    let samples = scores.len();
    if !anomalous.contains(&true) {
        return Err(MetricError::NoAnomalies { samples });
    }
    if !anomalous.contains(&false) {
        return Err(MetricError::NoNormals { samples });
    }
    Ok(())
}

/// Scores in descending order, equal scores joined.
///
/// The last level counts all samples of each kind; both counts are at least 1.
pub(super) fn levels(scores: &[f64], anomalous: &[bool]) -> Result<Vec<Level>, MetricError> {
    check(scores, anomalous)?;
    let mut ranked: Vec<(f64, bool)> = scores
        .iter()
        .zip(anomalous)
        // Adding 0 turns -0 into +0: the two are equal scores, but `total_cmp` would rank them.
        .map(|(&score, &anomalous)| (score + 0.0, anomalous))
        .collect();
    ranked.sort_unstable_by(|(a, _), (b, _)| b.total_cmp(a));

    let mut levels: Vec<Level> = Vec::new();
    let (mut true_positives, mut false_positives) = (0, 0);
    for (score, anomalous) in ranked {
        if anomalous {
            true_positives += 1;
        } else {
            false_positives += 1;
        }
        match levels.last_mut() {
            Some(level) if level.score == score => {
                level.true_positives = true_positives;
                level.false_positives = false_positives;
            }
            _ => levels.push(Level {
                score,
                true_positives,
                false_positives,
            }),
        }
    }
    Ok(levels)
}

/// Samples of each kind: anomalous, normal.
fn totals(levels: &[Level]) -> (usize, usize) {
    levels
        .last()
        .map_or((0, 0), |all| (all.true_positives, all.false_positives))
}

/// Area under the ROC curve: the chance that an anomalous sample scores higher than a normal one, ties counted half.
///
/// `scores` and `anomalous` have one value per sample. The result is in [0, 1]; 0.5 is chance. Pairs are counted in
/// whole numbers, so the result is exact up to one rounding, and does not depend on the order of the samples.
///
/// # Errors
///
/// No samples, unequal lengths, a NaN among the scores, or samples of one kind only. Infinite scores are ranked.
///
/// ```
/// use memae_data::metrics::roc_auc;
///
/// let auc = roc_auc(&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true])?;
/// assert_eq!(auc, 0.75);
/// # Ok::<(), memae_data::metrics::MetricError>(())
/// ```
pub fn roc_auc(scores: &[f64], anomalous: &[bool]) -> Result<f64, MetricError> {
    let levels = levels(scores, anomalous)?;
    let (anomalies, normals) = totals(&levels);
    let mut half_pairs: u128 = 0;
    let (mut above, mut passed) = (0, 0);
    for level in &levels {
        // Each normal sample of this level is outranked by the anomalies above it, and ties with those of the level:
        // twice the former and once the latter are `above + level.true_positives`.
        let normals_here = (level.false_positives - passed) as u128;
        half_pairs += normals_here * (above as u128 + level.true_positives as u128);
        above = level.true_positives;
        passed = level.false_positives;
    }
    Ok(half_pairs as f64 / (2 * anomalies as u128 * normals as u128) as f64)
}

/// Average precision: the precision at each distinct score, weighted by the recall gained there.
///
/// `scores` and `anomalous` have one value per sample. The result is in (0, 1]; chance is the share of anomalies.
/// There is no interpolation between the points of the precision-recall curve.
///
/// # Errors
///
/// As [`roc_auc`].
///
/// ```
/// use memae_data::metrics::average_precision;
///
/// let precision = average_precision(&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true])?;
/// assert!((precision - 5.0 / 6.0).abs() < 1e-12);
/// # Ok::<(), memae_data::metrics::MetricError>(())
/// ```
pub fn average_precision(scores: &[f64], anomalous: &[bool]) -> Result<f64, MetricError> {
    let levels = levels(scores, anomalous)?;
    let (anomalies, _) = totals(&levels);
    let mut sum = 0.0;
    let mut found = 0;
    for level in &levels {
        let gained = level.true_positives - found;
        let flagged = level.true_positives + level.false_positives;
        sum += gained as f64 * (level.true_positives as f64 / flagged as f64);
        found = level.true_positives;
    }
    Ok(sum / anomalies as f64)
}

/// Points of a ROC curve, from the one that flags nothing to the one that flags all. The vectors are equally long.
///
/// At each point the samples of one score and of all above are flagged as anomalous; [`threshold`](Self::threshold) is
/// what flags them.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RocCurve {
    /// Share of normal samples flagged, ascending from 0 to 1.
    pub false_positive_rate: Vec<f64>,
    /// Share of anomalous samples flagged, ascending from 0 to 1.
    pub true_positive_rate: Vec<f64>,
    /// The lowest score that is flagged, descending; scikit-learn calls it the threshold. The first one is +∞ and stands
    /// for nothing flagged, even where a score is +∞.
    pub lowest_flagged: Vec<f64>,
}

impl RocCurve {
    /// The [threshold](super::Detection) that flags what a point of the curve flags: halfway between the lowest score that is
    /// flagged and the next lower one, so that scores which are computed again fall on the same side.
    ///
    /// `None` where there is none, which is where scores of −∞ are to be flagged.
    ///
    /// # Panics
    ///
    /// `point` is not below the number of points.
    pub fn threshold(&self, point: usize) -> Option<f64> {
        threshold_of_point(&self.lowest_flagged, point)
    }
}

/// The ROC curve: the origin, then one point per distinct score.
///
/// # Errors
///
/// As [`roc_auc`].
///
/// ```
/// use memae_data::metrics::roc_curve;
///
/// let curve = roc_curve(&[0.1, 0.4, 0.4, 0.8], &[false, false, true, true])?;
/// assert_eq!(curve.lowest_flagged, [f64::INFINITY, 0.8, 0.4, 0.1]);
/// assert_eq!(curve.true_positive_rate, [0.0, 0.5, 1.0, 1.0]);
/// assert_eq!(curve.false_positive_rate, [0.0, 0.0, 0.5, 1.0]);
/// assert_eq!(curve.threshold(2), Some(0.25)); // flags 0.4, not 0.1
/// # Ok::<(), memae_data::metrics::MetricError>(())
/// ```
pub fn roc_curve(scores: &[f64], anomalous: &[bool]) -> Result<RocCurve, MetricError> {
    let levels = levels(scores, anomalous)?;
    let (anomalies, normals) = totals(&levels);
    let mut curve = RocCurve {
        false_positive_rate: vec![0.0],
        true_positive_rate: vec![0.0],
        lowest_flagged: vec![f64::INFINITY],
    };
    for level in &levels {
        curve
            .false_positive_rate
            .push(level.false_positives as f64 / normals as f64);
        curve
            .true_positive_rate
            .push(level.true_positives as f64 / anomalies as f64);
        curve.lowest_flagged.push(level.score);
    }
    Ok(curve)
}

/// Points of a precision-recall curve, from the one that flags nothing to the one that flags all. The vectors are equally
/// long.
///
/// At each point the samples of one score and of all above are flagged as anomalous; [`threshold`](Self::threshold) is
/// what flags them.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PrecisionRecallCurve {
    /// Share of anomalous samples among those flagged; 1 at the first point, which flags nothing.
    pub precision: Vec<f64>,
    /// Share of anomalous samples flagged, ascending from 0 to 1.
    pub recall: Vec<f64>,
    /// The lowest score that is flagged, descending; scikit-learn calls it the threshold. The first one is +∞ and stands
    /// for nothing flagged, even where a score is +∞.
    pub lowest_flagged: Vec<f64>,
}

impl PrecisionRecallCurve {
    /// The [threshold](super::Detection) that flags what a point of the curve flags: halfway between the lowest score that is
    /// flagged and the next lower one, so that scores which are computed again fall on the same side.
    ///
    /// `None` where there is none, which is where scores of −∞ are to be flagged.
    ///
    /// # Panics
    ///
    /// `point` is not below the number of points.
    pub fn threshold(&self, point: usize) -> Option<f64> {
        threshold_of_point(&self.lowest_flagged, point)
    }
}

/// The precision-recall curve: precision 1 at recall 0, then one point per distinct score.
///
/// scikit-learn gives the same points in the opposite order.
///
/// # Errors
///
/// As [`roc_auc`].
///
/// ```
/// use memae_data::metrics::precision_recall_curve;
///
/// let curve = precision_recall_curve(&[0.1, 0.4, 0.4, 0.8], &[false, false, true, true])?;
/// assert_eq!(curve.lowest_flagged, [f64::INFINITY, 0.8, 0.4, 0.1]);
/// assert_eq!(curve.recall, [0.0, 0.5, 1.0, 1.0]);
/// assert_eq!(curve.precision, [1.0, 1.0, 2.0 / 3.0, 0.5]);
/// # Ok::<(), memae_data::metrics::MetricError>(())
/// ```
pub fn precision_recall_curve(
    scores: &[f64],
    anomalous: &[bool],
) -> Result<PrecisionRecallCurve, MetricError> {
    let levels = levels(scores, anomalous)?;
    let (anomalies, _) = totals(&levels);
    let mut curve = PrecisionRecallCurve {
        precision: vec![1.0],
        recall: vec![0.0],
        lowest_flagged: vec![f64::INFINITY],
    };
    for level in &levels {
        let flagged = level.true_positives + level.false_positives;
        curve
            .precision
            .push(level.true_positives as f64 / flagged as f64);
        curve
            .recall
            .push(level.true_positives as f64 / anomalies as f64);
        curve.lowest_flagged.push(level.score);
    }
    Ok(curve)
}

#[cfg(test)]
mod tests;
