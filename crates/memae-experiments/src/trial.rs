use std::path::{Path, PathBuf};
use std::sync::mpsc;

use burn::tensor::Device;
use memae_data::metrics::roc_auc;
use memae_models::detect::{Detector, DetectorConfig};
use memae_models::network::AutoencoderConfig;
use memae_models::network::SampleShape;
use memae_models::samples::Samples;
use memae_models::score::{Evaluation, ScoreRule, Scores, evaluate_samples};
use memae_models::train::{
    Interrupter, ProgressDisplay, TrainConfig, TrainError, TrainHistory, Trainer,
};

use crate::ExperimentError;
use crate::training_folder::training_in;

/// Values scored at once in the middle of a training.
const BATCH_VALUES: usize = 1 << 17;

/// Trains one network on normal samples and scores test samples with it: images, vectors, or any
/// other [`Samples`].
///
/// # Example
///
/// ```
/// use burn::tensor::Device;
/// use memae_data::drawn::DigitsConfig;
/// use memae_data::protocol::OneClassConfig;
/// use memae_models::score::ScoreRule;
/// use memae_experiments::Trial;
/// use memae_models::network::{ImageAutoencoderConfig, Variant};
/// use memae_models::train::{ProgressDisplay, TrainConfig};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let digits = DigitsConfig::default().with_train_per_class(120).with_test_per_class(10).generate();
/// let split = OneClassConfig::new(0).apply(&digits.train, &digits.test)?;
///
/// let network = ImageAutoencoderConfig::mnist(Variant::MemAe);
/// let outcome = Trial::new(network, TrainConfig::new().with_epochs(2), Device::flex())
///     .with_display(ProgressDisplay::Silent)
///     .run(&split.train, &split.test)?;
/// for rule in ScoreRule::ALL {
///     let auc = outcome.auc(rule, &split.anomalous)?;
///     println!("{}: {auc:?}", rule.name());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Trial<N: AutoencoderConfig> {
    /// The network.
    pub network: N,
    /// How it is trained.
    pub train: TrainConfig,
    device: Device,
    display: ProgressDisplay,
    interrupter: Interrupter,
    directory: Option<PathBuf>,
    resumes: bool,
    label: String,
    scores_every_epoch: bool,
}

/// What a [`Trial`] found.
#[derive(Debug, Clone)]
pub struct TrialOutcome<N: AutoencoderConfig> {
    /// The network with its threshold, ready to be saved.
    pub detector: Detector<N>,
    /// Figures of every epoch.
    pub history: TrainHistory,
    /// Time that training took, in seconds, with the scores after each epoch.
    pub seconds: f64,
    /// Scores and memory usage on the training samples.
    pub training: Evaluation,
    /// Scores and memory usage on the test samples.
    pub test: Evaluation,
    /// Scores of the test samples after each epoch; empty unless they were asked for.
    pub epochs: Vec<EpochScores>,
}

/// Scores of the test samples in the middle of a training.
#[derive(Debug, Clone, PartialEq)]
pub struct EpochScores {
    /// Passes trained, from 1; those of the warm-up count.
    pub epoch: usize,
    /// Scores of each test sample.
    pub scores: Scores,
}

impl<N: AutoencoderConfig> Trial<N> {
    /// A trial that shows a progress bar and writes no files.
    pub fn new(network: N, train: TrainConfig, device: Device) -> Self {
        Self {
            network,
            train,
            device: device.without_autodiff(),
            display: ProgressDisplay::default(),
            interrupter: Interrupter::new(),
            directory: None,
            resumes: false,
            label: "training".to_string(),
            scores_every_epoch: false,
        }
    }

    /// How training shows itself.
    pub fn with_display(mut self, display: ProgressDisplay) -> Self {
        self.display = display;
        self
    }

    /// The handle that stops the trial from another thread.
    pub fn with_interrupter(mut self, interrupter: Interrupter) -> Self {
        self.interrupter = interrupter;
        self
    }

    /// Writes metric logs and checkpoints of the training into this folder, in place of those of an
    /// earlier run. A folder in which there is anything else is an error of the run.
    pub fn with_directory(mut self, directory: impl AsRef<Path>) -> Self {
        self.directory = Some(directory.as_ref().to_path_buf());
        self
    }

    /// Whether to go on with a run that was stopped or killed, where the folder holds one of the same samples and settings, and not
    /// to begin anew. [Scores of every epoch](Self::with_scores_every_epoch) are then those of epochs to come.
    pub fn with_resume(mut self, resumes: bool) -> Self {
        self.resumes = resumes;
        self
    }

    /// What the progress bar is called.
    pub fn with_label(mut self, label: &str) -> Self {
        self.label = label.to_string();
        self
    }

    /// Scores the test samples after every epoch too. Nothing is chosen by these scores.
    pub fn with_scores_every_epoch(mut self, scores_every_epoch: bool) -> Self {
        self.scores_every_epoch = scores_every_epoch;
        self
    }

    /// Trains on `train`, all of which is taken to be normal, and scores `test`.
    ///
    /// # Errors
    ///
    /// Settings out of range, samples of another shape or that can't be read, a folder that can't be
    /// written, or a stop through the interrupter.
    pub fn run<S>(&self, train: &S, test: &S) -> Result<TrialOutcome<N>, ExperimentError>
    where
        S: Samples<Shape = N::Shape> + Clone + 'static,
    {
        let (found, expected) = (test.shape(), self.network.input());
        if found != expected {
            return Err(ExperimentError::SampleShape {
                name: N::Shape::NAME,
                found: found.to_string(),
                expected: expected.to_string(),
            });
        }
        // Before anything is written.
        self.train.validate().map_err(TrainError::from)?;
        self.network.validate()?;
        let mut trainer = Trainer::new(self.train.clone(), self.device.clone())
            .with_display(self.display)
            .with_interrupter(self.interrupter.clone())
            .with_label(&self.label);
        if let Some(directory) = &self.directory {
            trainer = training_in(directory, trainer, self.resumes)?;
        }
        let (sender, epochs) = mpsc::channel();
        let trained = match self.scores_every_epoch {
            true => {
                let (test, device) = (test.clone(), self.device.clone());
                let batch_size = batch_size(&test);
                trainer.fit_watched(&self.network, train, move |epoch, model: &N::Network| {
                    // Nobody listens any more only once the trial has ended.
                    let _ =
                        sender.send((epoch, evaluate_samples(model, &test, batch_size, &device)));
                })?
            }
            false => trainer.fit(&self.network, train)?,
        };
        let epochs = epochs
            .try_iter()
            .map(|(epoch, evaluation)| {
                let scores = evaluation.map_err(TrainError::from)?.scores;
                Ok(EpochScores { epoch, scores })
            })
            .collect::<Result<_, ExperimentError>>()?;
        self.check_interruption()?;

        let score = |samples: &S| {
            evaluate_samples(&trained.model, samples, batch_size(samples), &self.device)
        };
        let training = score(train).map_err(TrainError::from)?;
        let test = score(test).map_err(TrainError::from)?;
        self.check_interruption()?;
        Ok(TrialOutcome {
            detector: Detector::from_training(
                trained.model,
                trained.network,
                DetectorConfig::default(),
                &training,
            )?,
            history: trained.history,
            seconds: trained.seconds,
            training,
            test,
            epochs,
        })
    }

    fn check_interruption(&self) -> Result<(), ExperimentError> {
        match self.interrupter.should_stop() {
            true => Err(TrainError::Interrupted { checkpoint: None }.into()),
            false => Ok(()),
        }
    }
}

/// Samples scored at once: of small ones more, which costs less time a sample.
fn batch_size(samples: &impl Samples) -> usize {
    let values: usize = samples.shape().dims().iter().product();
    (BATCH_VALUES / values.max(1)).clamp(1, 1024)
}

impl<N: AutoencoderConfig> TrialOutcome<N> {
    /// Anomaly scores of the test samples by a rule; `None` if it needs a memory and there is none.
    pub fn scores(&self, rule: ScoreRule) -> Option<Vec<f64>> {
        self.test.scores.by_rule(rule, &self.detector.scale())
    }

    /// Area under the ROC curve of the test samples' scores by a rule; `None` if it needs a memory
    /// and there is none.
    ///
    /// # Errors
    ///
    /// Not one label for each test sample, or labels of one kind only.
    pub fn auc(&self, rule: ScoreRule, anomalous: &[bool]) -> Result<Option<f64>, ExperimentError> {
        let scores = self.scores(rule);
        Ok(scores
            .map(|scores| roc_auc(&scores, anomalous))
            .transpose()?)
    }
}

#[cfg(test)]
mod tests {
    use memae_data::sample::{ImageShape, LabeledImages, Vectors};
    use memae_models::network::{ImageAutoencoderConfig, Variant, VectorAutoencoderConfig};

    use super::*;

    #[test]
    fn test_samples_of_another_shape_are_an_error_before_the_training() {
        let trial = Trial::new(
            VectorAutoencoderConfig::kddcup99(Variant::Ae),
            TrainConfig::new(),
            Device::flex(),
        );
        let train = Vectors::new(120, vec![0.5; 240]).unwrap();
        let test = Vectors::new(119, vec![0.5; 119]).unwrap();
        assert_eq!(
            trial.run(&train, &test).unwrap_err().to_string(),
            "test vectors are 119, expected 120 as the network's input"
        );

        // As many values, laid out in another way.
        let trial = Trial::new(
            ImageAutoencoderConfig::mnist(Variant::Ae),
            TrainConfig::new(),
            Device::flex(),
        );
        let images = |height, width| {
            let shape = ImageShape {
                channels: 1,
                height,
                width,
            };
            LabeledImages::new(shape, vec![9; 784 * 2], vec![0; 2]).unwrap()
        };
        assert_eq!(
            trial
                .run(&images(28, 28), &images(14, 56))
                .unwrap_err()
                .to_string(),
            "test images are 1x14x56, expected 1x28x28 as the network's input"
        );
    }
}
