use burn::tensor::Device;
use memae_data::protocol::NormalPartsConfig;
use memae_models::train::TrainError;

use super::data::{MotionData, MotionVideo};
use super::figures::MotionFigures;
use super::rival::Rival;
use crate::ExperimentError;

/// Sets rivals beside each other on the same motion, over several seeds: of each training videos are divided anew, and items
/// and weights are drawn anew.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MotionExperiment {
    /// Those that are compared.
    pub rivals: Vec<Rival>,
    /// Seeds.
    pub seeds: Vec<u64>,
    /// Rates of false alarms that thresholds are chosen for, each in (0, 1).
    pub rates: Vec<f64>,
}

impl Default for MotionExperiment {
    /// All rivals, three seeds, 1 % and 5 %.
    fn default() -> Self {
        Self {
            rivals: Rival::ALL.to_vec(),
            seeds: vec![0, 1, 2],
            rates: vec![0.01, 0.05],
        }
    }
}

impl MotionExperiment {
    /// Compares these.
    pub fn with_rivals(mut self, rivals: impl Into<Vec<Rival>>) -> Self {
        self.rivals = rivals.into();
        self
    }

    /// With these seeds.
    pub fn with_seeds(mut self, seeds: impl Into<Vec<u64>>) -> Self {
        self.seeds = seeds.into();
        self
    }

    /// For these rates of false alarms.
    pub fn with_rates(mut self, rates: impl Into<Vec<f64>>) -> Self {
        self.rates = rates.into();
        self
    }

    /// What each rival tells with each seed.
    ///
    /// # Errors
    ///
    /// Too few training videos to hold some out; nothing in them moves; test videos without labels, or of one kind; a rate out of
    /// range.
    pub fn run(
        &self,
        data: &MotionData,
        device: &Device,
    ) -> Result<Vec<(Rival, Vec<MotionFigures>)>, ExperimentError> {
        let figures = |rival: Rival, seed: u64| -> Result<MotionFigures, ExperimentError> {
            let parts = NormalPartsConfig::default()
                .with_seed(seed)
                .divide_single(data.train.len())
                .map_err(TrainError::from)?;
            let train: Vec<&MotionVideo> = parts.train.iter().map(|&at| &data.train[at]).collect();
            let learned = rival.learn(&data.layout, &train, seed, device)?;
            MotionFigures::of(learned.as_ref(), data, &parts, &self.rates)
        };
        let rivals = self.rivals.iter().map(|&rival| {
            let seeds = self.seeds.iter().map(|&seed| figures(rival, seed));
            Ok((rival, seeds.collect::<Result<_, ExperimentError>>()?))
        });
        rivals.collect()
    }
}
