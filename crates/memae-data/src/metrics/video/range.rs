//! Min-max normalisation of scores.

use serde::{Deserialize, Serialize};

use super::VideoMetricError;
use super::scores::check_finite;

/// The lowest and the highest of some scores, which min-max normalisation maps to 0 and 1.
///
/// ```
/// use memae_data::metrics::ScoreRange;
///
/// let range = ScoreRange::of(&[2.0, 6.0, 3.0])?;
/// assert_eq!([2.0, 3.0, 6.0, 8.0].map(|score| range.normalise(score)), [0.0, 0.25, 1.0, 1.5]);
/// # Ok::<(), memae_data::metrics::VideoMetricError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ScoreRange {
    lowest: f64,
    highest: f64,
}

impl ScoreRange {
    /// The range of `scores`.
    ///
    /// # Errors
    ///
    /// No scores, or one that is NaN or infinite.
    pub fn of(scores: &[f64]) -> Result<Self, VideoMetricError> {
        check_finite(scores)?;
        Ok(Self {
            lowest: scores.iter().copied().fold(f64::INFINITY, f64::min),
            highest: scores.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        })
    }

    /// The lowest score.
    pub fn lowest(self) -> f64 {
        self.lowest
    }

    /// The highest score.
    pub fn highest(self) -> f64 {
        self.highest
    }

    /// The score with the lowest of the range mapped to 0 and the highest to 1; scores outside of it lie outside of
    /// [0, 1], in their order. A range of one value only moves that value to 0.
    ///
    /// ```
    /// # use memae_data::metrics::ScoreRange;
    /// let constant = ScoreRange::of(&[5.0, 5.0])?;
    /// assert_eq!(constant.normalise(5.0), 0.0);
    /// assert_eq!(constant.normalise(7.0), 2.0);
    /// # Ok::<(), memae_data::metrics::VideoMetricError>(())
    /// ```
    pub fn normalise(self, score: f64) -> f64 {
        // Of halves, because the width of a range may be infinite where that of its half is not.
        let width = self.highest / 2.0 - self.lowest / 2.0;
        if width > 0.0 {
            (score / 2.0 - self.lowest / 2.0) / width
        } else {
            score - self.lowest
        }
    }
}
