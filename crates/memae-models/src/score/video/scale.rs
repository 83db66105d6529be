use serde::{Deserialize, Serialize};

/// Mean and standard deviation of scores on training clips.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Scale {
    #[serde(with = "crate::artefact::number_as_text")]
    mean: f64,
    /// Above 0; 1 where there is no spread.
    #[serde(with = "crate::artefact::number_as_text")]
    pub(super) spread: f64,
}

impl Scale {
    /// Scores as they are.
    pub(super) const UNIT: Self = Self {
        mean: 0.0,
        spread: 1.0,
    };

    pub(super) fn fit(scores: &[f64]) -> Self {
        let count = scores.len().max(1) as f64;
        let mean = scores.iter().sum::<f64>() / count;
        let squares = scores.iter().map(|score| (score - mean).powi(2));
        let spread = (squares.sum::<f64>() / count).sqrt();
        // Scores that are all the same differ by rounding alone.
        let rounding = 1e-6 * mean.abs().max(1e-6);
        Self {
            mean,
            spread: if spread > rounding { spread } else { 1.0 },
        }
    }

    pub(super) fn apply(self, score: f64) -> f64 {
        (score - self.mean) / self.spread
    }
}
