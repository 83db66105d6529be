use serde::{Deserialize, Serialize};

/// How an image is scored; higher is more anomalous.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ScoreRule {
    /// Reconstruction error `‖x − x̂‖²`: the paper.
    Reconstruction,
    /// Distance between the query and what it read, `1 − cos(z, ẑ)`; the mean over the queries of
    /// an image. Needs a memory.
    ReadDistance,
    /// Sum of both, each divided by its spread on training images. Needs a memory.
    Sum,
}

impl ScoreRule {
    /// All rules.
    pub const ALL: [ScoreRule; 3] = [
        ScoreRule::Reconstruction,
        ScoreRule::ReadDistance,
        ScoreRule::Sum,
    ];

    /// The name shown in tables.
    pub fn name(self) -> &'static str {
        match self {
            ScoreRule::Reconstruction => "reconstruction error",
            ScoreRule::ReadDistance => "read distance",
            ScoreRule::Sum => "sum",
        }
    }
}

/// Both scores of a set of images.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// Reconstruction error of each image, ≥ 0.
    pub reconstruction: Vec<f64>,
    /// Distance between query and read of each image, in `[0, 2]`; `None` without a memory.
    pub read_distance: Option<Vec<f64>>,
}

impl Scores {
    /// The scores by a rule; `None` if the rule needs a memory and there is none.
    ///
    /// ```
    /// use memae_models::detect::{ScoreRule, ScoreScale, Scores};
    ///
    /// let training = Scores { reconstruction: vec![1.0, 3.0], read_distance: Some(vec![0.1, 0.3]) };
    /// let scale = ScoreScale::fit(&training);
    /// let test = Scores { reconstruction: vec![4.0], read_distance: Some(vec![0.4]) };
    /// let sum = test.by_rule(ScoreRule::Sum, &scale).unwrap();
    /// assert!((sum[0] - (4.0 / 1.0 + 0.4 / 0.1)).abs() < 1e-9);
    /// ```
    pub fn by_rule(&self, rule: ScoreRule, scale: &ScoreScale) -> Option<Vec<f64>> {
        match rule {
            ScoreRule::Reconstruction => Some(self.reconstruction.clone()),
            ScoreRule::ReadDistance => self.read_distance.clone(),
            ScoreRule::Sum => self.read_distance.as_ref().map(|distances| {
                self.reconstruction
                    .iter()
                    .zip(distances)
                    .map(|(error, distance)| {
                        error / scale.reconstruction + distance / scale.read_distance
                    })
                    .collect()
            }),
        }
    }
}

/// Spread of each score on training images: what [`ScoreRule::Sum`] divides by.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ScoreScale {
    /// Standard deviation of the reconstruction error, above 0.
    pub reconstruction: f64,
    /// Standard deviation of the read distance, above 0.
    pub read_distance: f64,
}

impl ScoreScale {
    /// Standard deviations of the scores of training images; 1 where there is no spread.
    pub fn fit(training: &Scores) -> Self {
        Self {
            reconstruction: spread(&training.reconstruction),
            read_distance: training.read_distance.as_deref().map_or(1.0, spread),
        }
    }
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
