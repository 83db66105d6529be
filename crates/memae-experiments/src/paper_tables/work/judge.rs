use memae_data::metrics::detection_at_share;
use memae_data::metrics::{MetricError, average_precision, roc_auc};

use super::found::Figures;

/// The share of network connections that is flagged, as in the paper.
const FLAGGED_SHARE: f64 = 0.2;

/// Judges the scores of test samples.
pub(super) type Judge<'a> = &'a dyn Fn(&[f64]) -> Result<Figures, MetricError>;

/// How well scores rank anomalous samples above normal ones.
pub(super) fn ranking(scores: &[f64], anomalous: &[bool]) -> Result<Figures, MetricError> {
    Ok(Figures::from([
        ("AUC".to_string(), roc_auc(scores, anomalous)?),
        (
            "average precision".to_string(),
            average_precision(scores, anomalous)?,
        ),
    ]))
}

/// The same, and what flagging the highest scores finds.
pub(super) fn flagged(scores: &[f64], anomalous: &[bool]) -> Result<Figures, MetricError> {
    let mut figures = ranking(scores, anomalous)?;
    let detection = detection_at_share(scores, anomalous, FLAGGED_SHARE)?;
    for (name, value) in [
        ("precision", detection.precision()),
        ("recall", detection.recall()),
        ("F1", detection.f1()),
    ] {
        figures.insert(name.to_string(), value);
    }
    Ok(figures)
}
