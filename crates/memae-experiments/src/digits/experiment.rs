use std::path::{Path, PathBuf};

use burn::tensor::Device;
use memae_data::protocol::{OneClass, OneClassConfig};
use memae_models::network::{ImageAutoencoderConfig, Variant};
use memae_models::score::ScoreRule;
use memae_models::train::{Interrupter, ProgressDisplay, TrainConfig, TrainError};

use super::outcome::{Auc, ModelOutcome, Outcome};
use super::prototypes::Prototypes;
use super::source::DigitSource;
use crate::{ExperimentError, Trial};

/// Trains a plain autoencoder and MemAE of the same network on one class, and tests both on all.
///
/// # Example
///
/// ```
/// use burn::tensor::Device;
/// use memae_data::drawn::DigitsConfig;
/// use memae_data::protocol::OneClassConfig;
/// use memae_experiments::digits::{DigitSource, Experiment};
/// use memae_models::train::ProgressDisplay;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let digits = DigitsConfig::default().with_train_per_class(120).with_test_per_class(10).generate();
/// let split = OneClassConfig::new(9).apply(&digits.train, &digits.test)?;
///
/// let mut experiment = Experiment::mnist(Device::flex()).with_display(ProgressDisplay::Silent);
/// experiment.train.epochs = 2;
/// experiment.train.warm_up_epochs = 1;
/// let outcome = experiment.run(&split)?;
/// println!("{}", outcome.report(DigitSource::Embedded.name(), "flex").table());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Experiment {
    /// The network, with memory; the plain autoencoder is the same without it.
    pub network: ImageAutoencoderConfig,
    /// How both are trained.
    pub train: TrainConfig,
    device: Device,
    display: ProgressDisplay,
    interrupter: Interrupter,
    directory: Option<PathBuf>,
    resumes: bool,
}

impl Experiment {
    /// The paper's MNIST network, with the training that gave the best mixture of detection and
    /// items one can look at; see the guide's chapter on training.
    pub fn mnist(device: Device) -> Self {
        Self {
            network: ImageAutoencoderConfig::mnist_prototypes(),
            train: TrainConfig::prototypes(),
            device,
            display: ProgressDisplay::default(),
            interrupter: Interrupter::new(),
            directory: None,
            resumes: false,
        }
    }

    /// How training shows itself.
    pub fn with_display(mut self, display: ProgressDisplay) -> Self {
        self.display = display;
        self
    }

    /// The handle that stops the experiment from another thread.
    pub fn with_interrupter(mut self, interrupter: Interrupter) -> Self {
        self.interrupter = interrupter;
        self
    }

    /// Writes metric logs and checkpoints of the training below this folder, in place of those of
    /// an earlier run.
    pub fn with_directory(mut self, directory: impl AsRef<Path>) -> Self {
        self.directory = Some(directory.as_ref().to_path_buf());
        self
    }

    /// Whether to go on with a run that was stopped or killed, where the folder holds one of the same samples and settings, and not
    /// to begin anew.
    pub fn with_resume(mut self, resumes: bool) -> Self {
        self.resumes = resumes;
        self
    }

    /// Trains and tests both networks.
    ///
    /// # Errors
    ///
    /// A network without memory, settings out of range, images of another shape, a test set of one
    /// class, a folder that can't be written, or a stop through the interrupter.
    pub fn run(&self, split: &OneClass) -> Result<Outcome, ExperimentError> {
        self.network.validate()?;
        self.train.validate().map_err(TrainError::from)?;
        if self.network.memory.is_none() {
            return Err(ExperimentError::NoMemory);
        }
        let ae = self.run_variant(Variant::Ae, split)?;
        let memae = self.run_variant(Variant::MemAe, split)?;
        let prototypes = Prototypes::measure(
            &memae.detector.model,
            memae.training.usage.as_ref(),
            split,
            &self.device,
        );
        Ok(Outcome {
            ae,
            memae,
            prototypes,
            split: split.clone(),
            train: self.train.clone(),
            device: self.device.clone(),
        })
    }

    /// Splits the digits of a source and runs on them.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run); the source can't be read; an unknown digit.
    pub fn run_on(
        &self,
        source: &DigitSource,
        normal_class: u8,
    ) -> Result<Outcome, ExperimentError> {
        let digits = source.load()?;
        let split = OneClassConfig::new(normal_class).apply(&digits.train, &digits.test)?;
        self.run(&split)
    }

    fn run_variant(
        &self,
        variant: Variant,
        split: &OneClass,
    ) -> Result<ModelOutcome, ExperimentError> {
        let network = match variant {
            Variant::Ae => self.network.clone().with_memory(None),
            _ => self.network.clone(),
        };
        let mut trial = Trial::new(network, self.train.clone(), self.device.clone())
            .with_display(self.display)
            .with_interrupter(self.interrupter.clone())
            .with_label(variant.name());
        if let Some(directory) = &self.directory {
            trial = trial
                .with_directory(directory.join(variant.name().to_lowercase()))
                .with_resume(self.resumes);
        }
        let outcome = trial.run(&split.train, &split.test)?;
        let auc = |rule| outcome.auc(rule, &split.anomalous);
        let auc = Auc {
            reconstruction: auc(ScoreRule::Reconstruction)?.unwrap_or_default(),
            read_distance: auc(ScoreRule::ReadDistance)?,
            sum: auc(ScoreRule::Sum)?,
            encoding_distance: auc(ScoreRule::EncodingDistance)?.unwrap_or_default(),
            sum_of_three: auc(ScoreRule::SumOfThree)?,
        };
        Ok(ModelOutcome {
            variant,
            detector: outcome.detector,
            history: outcome.history,
            seconds: outcome.seconds,
            training: outcome.training,
            test: outcome.test,
            auc,
        })
    }
}
