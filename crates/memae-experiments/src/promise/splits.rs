//! Random splits of scores into those that a threshold is chosen by, and fresh ones.

use memae_data::protocol::{Calibration, NormalPartsConfig, Promise};
use ndarray::aview1;

use crate::ExperimentError;

/// Scores of normal samples that a network was not trained on.
#[derive(Debug, Clone, PartialEq)]
pub struct UnseenScores {
    /// What they are scores of.
    pub name: String,
    /// The scores.
    pub scores: Vec<f64>,
    /// The group of each, such as its video; samples that are exchangeable one by one are groups of their own.
    pub groups: Vec<usize>,
    /// Scores of the samples that were trained on, to set the threshold that they give beside the others.
    pub training: Vec<f64>,
}

/// How often, and for which rates.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SplitsConfig {
    /// Random splits. Default: 100.
    pub splits: u64,
    /// False alarm rates asked for, each in (0, 1). Default: 0.01 and 0.05.
    pub rates: Vec<f64>,
    /// Share of the samples that thresholds are chosen by, in (0, 1). Default: 0.5.
    pub calibrate_share: f64,
}

impl Default for SplitsConfig {
    fn default() -> Self {
        Self {
            splits: 100,
            rates: vec![0.01, 0.05],
            calibrate_share: 0.5,
        }
    }
}

/// What came of one rate.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Kept {
    /// The rate asked for.
    pub asked: f64,
    /// The largest rate that a split promised; `None` if one could promise nothing.
    pub promised: Option<f64>,
    /// Samples that the threshold of the first split was chosen by, and groups of them.
    pub calibrated_by: [usize; 2],
    /// Share of fresh normal samples flagged, over the splits: mean and standard deviation.
    pub flagged: [f64; 2],
    /// The largest share of a split.
    pub most: f64,
    /// The share of all unseen samples above the same quantile of the training scores.
    pub by_training: f64,
}

impl SplitsConfig {
    /// Sets the number of splits.
    pub fn with_splits(mut self, splits: u64) -> Self {
        self.splits = splits;
        self
    }

    /// Sets the rates.
    pub fn with_rates(mut self, rates: impl Into<Vec<f64>>) -> Self {
        self.rates = rates.into();
        self
    }

    /// Sets the share that thresholds are chosen by.
    pub fn with_calibrate_share(mut self, share: f64) -> Self {
        self.calibrate_share = share;
        self
    }

    /// Counts what thresholds flag, a rate at a time.
    ///
    /// ```
    /// use memae_experiments::promise::{SplitsConfig, UnseenScores};
    ///
    /// let scores: Vec<f64> = (0..1000).map(|sample| f64::from(sample * 389 % 1009)).collect();
    /// let unseen = UnseenScores {
    ///     name: "numbers".to_string(),
    ///     groups: (0..1000).collect(),
    ///     training: vec![0.0; 10],
    ///     scores,
    /// };
    /// let kept = SplitsConfig::default().with_rates([0.1]).measure(&unseen)?;
    /// assert_eq!(kept[0].promised, Some(0.1));
    /// assert!(kept[0].flagged[0] < 0.11, "{kept:?}");
    /// assert_eq!(kept[0].by_training, 0.999);
    /// # Ok::<(), memae_experiments::ExperimentError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// No splits; a rate or share that is not in (0, 1); fewer than three groups, or not one for each score; a score that is not
    /// finite; no training scores.
    pub fn measure(&self, unseen: &UnseenScores) -> Result<Vec<Kept>, ExperimentError> {
        let rates = self.rates.iter();
        rates.map(|&rate| self.measure_rate(unseen, rate)).collect()
    }

    fn measure_rate(&self, unseen: &UnseenScores, rate: f64) -> Result<Kept, ExperimentError> {
        let parts = NormalPartsConfig::default()
            .with_calibrate_share(self.calibrate_share)
            .with_select_share((1.0 - self.calibrate_share) / 2.0);
        let of = |indices: &[usize]| -> (Vec<f64>, Vec<usize>) {
            let both = indices
                .iter()
                .map(|&i| (unseen.scores[i], unseen.groups[i]));
            both.unzip()
        };
        let (mut promised, mut calibrated_by) = (Some(0.0_f64), [0; 2]);
        let mut shares = Vec::new();
        for seed in 0..self.splits {
            let parts = parts.with_seed(seed).divide(&unseen.groups)?;
            let (scores, groups) = of(&parts.calibrate);
            let calibration = Calibration::in_groups(&scores, &groups)?;
            let calibrated = calibration.threshold(rate)?;
            if seed == 0 {
                calibrated_by = [scores.len(), calibration.num_groups()];
            }
            promised = match (promised, calibrated.promise) {
                (Some(most), Promise::Rate { rate }) => Some(most.max(rate)),
                _ => None,
            };
            // What neither training nor the threshold has seen.
            let (fresh, _) = of(&[parts.train, parts.select].concat());
            shares.push(share_above(&fresh, calibrated.threshold));
        }
        let over_splits = aview1(&shares);
        let mean = over_splits
            .mean()
            .ok_or(ExperimentError::NothingToMeasure)?;
        let mut training = unseen.training.clone();
        training.sort_unstable_by(f64::total_cmp);
        let rank = ((1.0 - rate) * training.len() as f64).ceil() as usize;
        let by_training = training.get(rank.clamp(1, training.len().max(1)) - 1);
        let by_training = by_training.ok_or(ExperimentError::NothingToMeasure)?;
        Ok(Kept {
            asked: rate,
            promised,
            calibrated_by,
            flagged: [mean, over_splits.std(0.0)],
            most: shares.iter().copied().fold(0.0, f64::max),
            by_training: share_above(&unseen.scores, *by_training),
        })
    }
}

/// The share of scores above a threshold.
pub(super) fn share_above(scores: &[f64], threshold: f64) -> f64 {
    let above = scores.iter().filter(|&&score| score > threshold).count();
    above as f64 / scores.len().max(1) as f64
}
