//! Few normal samples: thresholds by a part that is held out once, beside thresholds by folds.

use burn::tensor::Device;
use memae_core::addressing::Shrinkage;
use memae_data::metrics::roc_auc;
use memae_data::protocol::{Calibration, FoldsConfig, NormalParts, NormalPartsConfig, permutation};
use memae_data::sample::LabeledImages;
use memae_models::detect::{DetectionThreshold, Detector, DetectorConfig};
use memae_models::network::ImageAutoencoderConfig;
use memae_models::samples::Selection;
use memae_models::score::ScoreRule;
use memae_models::train::{Interrupter, ProgressDisplay, TrainConfig, Trainer};

use super::small_set::{Drawn, SmallSet, Way};
use crate::ExperimentError;
use crate::digits::DigitSource;

/// Steps of each training, about, and images a step.
const STEPS: usize = 512;
const BATCH_SIZE: usize = 8;

/// How small the sets of normal samples are, and how often they are drawn.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SmallSetsConfig {
    /// Normal samples of a set. Default: 60 and 200.
    pub sizes: Vec<usize>,
    /// Folds, at least 2. Default: 5.
    pub folds: usize,
    /// Sets drawn of each size. Default: 20.
    pub draws: u64,
    /// False alarm rates asked for, each in (0, 1). Default: 0.01 and 0.05.
    pub rates: Vec<f64>,
    /// Of test images of other digits one in so many is scored, at least 1. Default: 4.
    pub every: usize,
}

impl Default for SmallSetsConfig {
    fn default() -> Self {
        Self {
            sizes: vec![60, 200],
            folds: 5,
            draws: 20,
            rates: vec![0.01, 0.05],
            every: 4,
        }
    }
}

/// What trainings on sets of one digit have in common.
struct Lesson<'a> {
    device: &'a Device,
    interrupter: &'a Interrupter,
    display: ProgressDisplay,
    seed: u64,
}

impl SmallSetsConfig {
    /// Sets the numbers of normal samples.
    pub fn with_sizes(mut self, sizes: impl Into<Vec<usize>>) -> Self {
        self.sizes = sizes.into();
        self
    }

    /// Sets the number of folds, at least 2.
    pub fn with_folds(mut self, folds: usize) -> Self {
        self.folds = folds;
        self
    }

    /// Sets how many sets are drawn of each size.
    pub fn with_draws(mut self, draws: u64) -> Self {
        self.draws = draws;
        self
    }

    /// Sets the rates.
    pub fn with_rates(mut self, rates: impl Into<Vec<f64>>) -> Self {
        self.rates = rates.into();
        self
    }

    /// Draws sets of training images of a digit, trains and calibrates on each in both ways, and counts what is flagged of the test images
    /// of the digit; `seed` is that of the trainings.
    ///
    /// # Errors
    ///
    /// The source can't be read; no images of the digit, or not as many; no draws; sets too small to be divided; a rate out of range; a
    /// stop through the interrupter.
    pub fn measure(
        &self,
        source: &DigitSource,
        normal_class: u8,
        seed: u64,
        device: &Device,
        interrupter: &Interrupter,
        display: ProgressDisplay,
    ) -> Result<Vec<SmallSet>, ExperimentError> {
        let images = source.load()?;
        let pool = images.train.indices_of(normal_class);
        let fresh = images.test.indices_of(normal_class);
        let others = (0..images.test.len()).filter(|index| !fresh.contains(index));
        let others: Vec<usize> = others.step_by(self.every.max(1)).collect();
        let test = images.test.select(&[&fresh[..], &others].concat());
        let mut sets = Vec::new();
        for &size in &self.sizes {
            if pool.len() < size {
                return Err(ExperimentError::TooFewNormal {
                    found: pool.len(),
                    expected: size,
                });
            }
            let mut ways = [Way::Once, Way::Folds(self.folds)]
                .map(|way| SmallSet::new(size, way, &self.rates));
            for draw in 0..self.draws {
                let drawn = permutation(pool.len(), draw).into_iter().take(size);
                let drawn: Vec<usize> = drawn.map(|index| pool[index]).collect();
                let normal = images.train.select(&drawn);
                let lesson = Lesson {
                    device,
                    interrupter,
                    display,
                    seed: seed.wrapping_add(draw),
                };
                for set in &mut ways {
                    let (detector, thresholds) =
                        lesson.calibrated(&normal, set.way, &self.rates)?;
                    let verdicts = detector.detect(&test, device)?;
                    let scores: Vec<f64> = verdicts.iter().map(|verdict| verdict.score).collect();
                    let labels: Vec<bool> = (0..scores.len())
                        .map(|index| index >= fresh.len())
                        .collect();
                    set.add(Drawn {
                        auc: roc_auc(&scores, &labels)?,
                        fresh: &scores[..fresh.len()],
                        thresholds: &thresholds,
                    });
                }
            }
            sets.extend(ways);
        }
        Ok(sets)
    }
}

impl Lesson<'_> {
    /// A detector with its thresholds, one for each rate.
    fn calibrated(
        &self,
        normal: &LabeledImages,
        way: Way,
        rates: &[f64],
    ) -> Result<(Detector, Vec<DetectionThreshold>), ExperimentError> {
        let part = |indices: &[usize]| Selection::new(normal.clone(), indices);
        match way {
            Way::Once => {
                let parts = NormalPartsConfig::default().with_seed(self.seed);
                let parts = parts.divide_single(normal.len())?;
                let detector = self.taught(normal, &parts)?;
                let held_out = detector.calibration(&part(&parts.calibrate), None, self.device)?;
                let threshold = |&rate| DetectionThreshold::held_out(held_out.clone(), rate);
                let thresholds = rates.iter().map(threshold).collect::<Result<_, _>>()?;
                Ok((detector, thresholds))
            }
            Way::Folds(count) => {
                let folds = FoldsConfig::default()
                    .with_folds(count)
                    .with_seed(self.seed);
                let folds = folds.divide_single(normal.len())?;
                let scored = folds.turns().map(|parts| {
                    let detector = self.taught(normal, &parts)?;
                    Ok(detector.calibration(&part(&parts.calibrate), None, self.device)?)
                });
                let scored: Vec<Calibration> = scored.collect::<Result<_, ExperimentError>>()?;
                let threshold = |&rate| DetectionThreshold::of_folds(&scored, rate);
                let thresholds = rates.iter().map(threshold).collect::<Result<_, _>>()?;
                Ok((self.taught(normal, &folds.together())?, thresholds))
            }
        }
    }

    /// A network and a training much as the program `memae` chooses them for so few images.
    fn taught(
        &self,
        normal: &LabeledImages,
        parts: &NormalParts,
    ) -> Result<Detector, ExperimentError> {
        let count = parts.train.len();
        let items = (count / 3).clamp(4, 100);
        let network = ImageAutoencoderConfig::mnist_prototypes();
        let memory = network.memory.clone().map(|mut memory| {
            memory.num_items = items;
            memory.with_shrinkage(Shrinkage::relative(3.0_f64.min(items as f64 / 2.0)))
        });
        let network = network.with_memory(memory);
        let epochs = (STEPS * BATCH_SIZE).div_ceil(count.max(1)).clamp(8, 200);
        let config = TrainConfig::prototypes()
            .with_total_epochs(epochs)
            .with_batch_size(BATCH_SIZE)
            .with_seed(self.seed);
        let trained = Trainer::new(config, self.device.clone())
            .with_display(self.display)
            .with_interrupter(self.interrupter.clone())
            .with_label(&format!("{count} images"))
            .fit_on(&network, normal, parts)?;
        let config = DetectorConfig {
            rule: ScoreRule::SumOfThree,
            ..DetectorConfig::default()
        };
        let training = Selection::new(normal.clone(), parts.train.clone());
        Ok(Detector::fit(
            trained.model,
            network,
            config,
            &training,
            self.device,
        )?)
    }
}
