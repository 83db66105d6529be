use crate::chart::{Histogram, Kind};

/// The anomaly scores of all samples, for a histogram.
///
/// Scores may be infinite, which are counted at the ends of the axis, or no numbers, which are counted apart.
///
/// ```
/// use memae_report::Scores;
///
/// let known = Scores::new().with_normal([0.1, 0.2, 0.15]).with_anomalous([0.7]);
/// let unknown = Scores::new().with_unlabelled([0.1, 0.2, 0.15, 0.7]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Scores {
    normal: Vec<f64>,
    anomalous: Vec<f64>,
    unlabelled: Vec<f64>,
}

impl Scores {
    /// No scores.
    pub fn new() -> Self {
        Self::default()
    }

    /// Scores of samples that are known to be normal.
    pub fn with_normal(mut self, scores: impl IntoIterator<Item = f64>) -> Self {
        self.normal = scores.into_iter().collect();
        self
    }

    /// Scores of samples that are known to be anomalous.
    pub fn with_anomalous(mut self, scores: impl IntoIterator<Item = f64>) -> Self {
        self.anomalous = scores.into_iter().collect();
        self
    }

    /// Scores of samples of which it isn't known what they are.
    pub fn with_unlabelled(mut self, scores: impl IntoIterator<Item = f64>) -> Self {
        self.unlabelled = scores.into_iter().collect();
        self
    }

    /// The kinds that there are.
    pub(crate) fn kinds(&self) -> Vec<Kind<'_>> {
        [
            ("normal", &self.normal),
            ("anomalous", &self.anomalous),
            ("unlabelled", &self.unlabelled),
        ]
        .into_iter()
        .filter(|(_, scores)| !scores.is_empty())
        .map(|(name, scores)| Kind { name, scores })
        .collect()
    }

    /// `None` where no score is a number.
    pub(crate) fn histogram(&self, threshold: Option<f64>) -> Option<Histogram> {
        Histogram::new(&self.kinds(), threshold)
    }
}
