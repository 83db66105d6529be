use serde::{Deserialize, Serialize};

/// What a detector says of one sample.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Verdict {
    /// Anomaly score.
    pub score: f64,
    /// Whether the score is above the threshold ([what a threshold is](memae_data::metrics::Detection#what-a-threshold-is)).
    pub anomalous: bool,
}

impl Verdict {
    /// What a threshold says of a score.
    pub(super) fn new(score: f64, threshold: f64) -> Self {
        Self {
            score,
            anomalous: score > threshold,
        }
    }
}

/// The smallest value that at least `share` of the values lie at or below; `None` without values.
pub(super) fn quantile(mut values: Vec<f64>, share: f64) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    // Without the last bit, which makes 0.55 · 100 more than 55.
    let rank = share * values.len() as f64 * (1.0 - f64::EPSILON);
    let last = values.len().checked_sub(1)?;
    Some(values[(rank.ceil() as usize).saturating_sub(1).min(last)])
}
