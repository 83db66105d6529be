use serde::{Deserialize, Serialize};

use super::rule::ScoreRule;

/// The scores of a set of samples.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// Reconstruction error of each sample, ≥ 0.
    pub reconstruction: Vec<f64>,
    /// Distance between query and read of each sample, in `[0, 2]`; `None` without a memory.
    pub read_distance: Option<Vec<f64>>,
    /// Distance between the encodings of each sample and of its reconstruction, in `[0, 2]`; `None`
    /// where it was not measured.
    #[serde(default)]
    pub encoding_distance: Option<Vec<f64>>,
}

impl Scores {
    /// The scores by a rule; `None` if the rule needs a memory or an encoding distance and there is
    /// none.
    ///
    /// ```
    /// use memae_models::score::{ScoreRule, ScoreScale, Scores};
    ///
    /// let scores = |errors: &[f64], distances: &[f64]| Scores {
    ///     reconstruction: errors.to_vec(),
    ///     read_distance: Some(distances.to_vec()),
    ///     encoding_distance: None,
    /// };
    /// let scale = ScoreScale::fit(&scores(&[1.0, 3.0], &[0.1, 0.3]));
    /// let test = scores(&[4.0], &[0.4]);
    /// let sum = test.by_rule(ScoreRule::Sum, &scale).unwrap();
    /// assert!((sum[0] - (4.0 / 1.0 + 0.4 / 0.1)).abs() < 1e-9);
    /// ```
    pub fn by_rule(&self, rule: ScoreRule, scale: &ScoreScale) -> Option<Vec<f64>> {
        let reconstruction = (&self.reconstruction, scale.reconstruction);
        let read = self.read_distance.as_ref();
        let read = read.map(|distances| (distances, scale.read_distance));
        let encoding = self.encoding_distance.as_ref();
        let encoding = encoding.map(|distances| (distances, scale.encoding_distance));
        match rule {
            ScoreRule::Reconstruction => Some(self.reconstruction.clone()),
            ScoreRule::ReadDistance => self.read_distance.clone(),
            ScoreRule::Sum => Some(scaled_sum(&[reconstruction, read?])),
            ScoreRule::EncodingDistance => self.encoding_distance.clone(),
            ScoreRule::SumOfThree => Some(scaled_sum(&[reconstruction, read?, encoding?])),
        }
    }
}

/// Sum of scores, each divided by its spread.
fn scaled_sum(parts: &[(&Vec<f64>, f64)]) -> Vec<f64> {
    let counts = parts.iter().map(|(scores, _)| scores.len());
    (0..counts.min().unwrap_or(0))
        .map(|index| {
            parts
                .iter()
                .map(|(scores, spread)| scores[index] / spread)
                .sum()
        })
        .collect()
}

/// Spread of each score on training samples: what [`ScoreRule::Sum`] and [`ScoreRule::SumOfThree`]
/// divide by.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ScoreScale {
    /// Standard deviation of the reconstruction error, above 0.
    pub reconstruction: f64,
    /// Standard deviation of the read distance, above 0.
    pub read_distance: f64,
    /// Standard deviation of the encoding distance, above 0; 1 in JSON that has none.
    #[serde(default = "no_spread")]
    pub encoding_distance: f64,
}

impl ScoreScale {
    /// Standard deviations of the scores of training samples; 1 where there is no spread.
    pub fn fit(training: &Scores) -> Self {
        Self {
            reconstruction: spread(&training.reconstruction),
            read_distance: training
                .read_distance
                .as_deref()
                .map_or_else(no_spread, spread),
            encoding_distance: training
                .encoding_distance
                .as_deref()
                .map_or_else(no_spread, spread),
        }
    }
}

/// For scores that were not measured.
pub(crate) fn no_spread() -> f64 {
    1.0
}

fn spread(values: &[f64]) -> f64 {
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count;
    match variance.sqrt() {
        deviation if deviation > 0.0 && deviation.is_finite() => deviation,
        _ => 1.0,
    }
}
