//! Thresholds that flag a score and all above: what a curve's points and thresholds of elsewhere become.

/// The threshold that flags `score` and all above, and nothing below: the next lower number.
///
/// Makes a threshold of memae of one that flags what scores it or more. `None` for −∞, below which there is nothing, and
/// for NaN.
///
/// ```
/// use memae_data::metrics::{detection_at_threshold, threshold_below};
///
/// let (scores, anomalous) = ([0.1, 0.35, 0.4, 0.8], [false, true, false, true]);
/// let threshold = threshold_below(0.35).expect("a number");
/// let detection = detection_at_threshold(&scores, &anomalous, threshold)?;
/// assert_eq!((detection.true_positives, detection.false_positives), (2, 1));
/// # Ok::<(), memae_data::metrics::MetricError>(())
/// ```
pub fn threshold_below(score: f64) -> Option<f64> {
    match score.is_nan() || score == f64::NEG_INFINITY {
        true => None,
        false => Some(score.next_down()),
    }
}

/// The threshold between two scores, the lower of which is not flagged: halfway, or the lower one where there is nothing
/// in between.
fn between(lower: f64, upper: f64) -> f64 {
    let halfway = lower / 2.0 + upper / 2.0;
    // Neither rounding nor an infinite score may take the threshold to the upper score, which is flagged.
    match lower <= halfway && halfway < upper {
        true => halfway,
        false => lower,
    }
}

/// The threshold of a point of a curve, which is given by the lowest scores that are flagged, +∞ first for nothing.
pub(super) fn threshold_of_point(lowest_flagged: &[f64], point: usize) -> Option<f64> {
    let upper = lowest_flagged[point];
    match lowest_flagged.get(point + 1) {
        // Nothing is above it, whatever the scores are.
        _ if point == 0 => Some(f64::INFINITY),
        Some(&lower) => Some(between(lower, upper)),
        None => threshold_below(upper),
    }
}
