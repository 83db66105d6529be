use std::any::Any;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use burn::tensor::Device;
use burn::train::Interrupter;
use memae_data::protocol::{NormalParts, holdout};

use super::checkpoint::{CheckpointFolder, Fingerprint, RunIdentity, SavedRun, is_file_of};
use super::config::{TrainConfig, TrainConfigError};
use super::error::TrainError;
use super::phases::Phases;
use super::report::{ProgressDisplay, TrainHistory};
use super::run::Run;
use super::watch::Watch;
use crate::network::{AutoencoderConfig, ImageAutoencoderConfig, SampleShape};
use crate::samples::{Samples, Selection};

/// A trained network.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Trained<N: AutoencoderConfig = ImageAutoencoderConfig> {
    /// The network, for inference.
    pub model: N::Network,
    /// Its settings.
    pub network: N,
    /// Figures of every epoch.
    pub history: TrainHistory,
    /// The epoch that the network is of, from 1, counted through all phases: the last one, unless [`TrainConfig::best_epoch`] is set.
    pub epoch: usize,
    /// Time that training took, in seconds.
    pub seconds: f64,
    /// The indices of the samples that it was trained on, of those that the loss was watched on, and of those that nothing has
    /// looked at. The last are none unless [`TrainConfig::parts`] asks for them, or [`Trainer::fit_on`] was given them; they are what
    /// [`Detector::calibrate`](crate::detect::Detector::calibrate) chooses a threshold by.
    pub parts: NormalParts,
}

/// Trains networks on normal samples: images, clips, or a [source](Samples) of your own.
///
/// # Example
///
/// ```
/// use burn::tensor::Device;
/// use memae_data::drawn::DigitsConfig;
/// use memae_models::network::{ImageAutoencoderConfig, Variant};
/// use memae_models::train::{ProgressDisplay, TrainConfig, Trainer};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let digits = DigitsConfig::default().with_train_per_class(16).generate();
/// let normal = digits.train.select(&digits.train.indices_of(9));
///
/// let network = ImageAutoencoderConfig::mnist(Variant::Ae);
/// let config = TrainConfig::new().with_epochs(1).with_batch_size(8);
/// let trained = Trainer::new(config, Device::flex())
///     .with_display(ProgressDisplay::Silent)
///     .fit(&network, &normal)?;
/// assert_eq!(trained.history.epochs.len(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Trainer {
    run: Run,
}

impl Trainer {
    /// A trainer that shows a progress bar and writes no files.
    pub fn new(config: TrainConfig, device: Device) -> Self {
        Self {
            run: Run {
                config,
                device: device.without_autodiff(),
                folder: CheckpointFolder::default(),
                resumes: false,
                display: ProgressDisplay::default(),
                interrupter: Interrupter::new(),
                label: "training".to_string(),
            },
        }
    }

    /// Writes logs of all figures and checkpoints below this folder, the warm-up's in `warm_up`, the rest in `main`: those of the last two
    /// epochs, and of the best where [`TrainConfig::best_epoch`] is set. A training that was stopped or killed goes on from the last
    /// by [`resume`](Self::resume).
    ///
    /// What cannot be written, before the training or in the middle of it, is an error that names the file, and so is a folder that
    /// holds a training already.
    pub fn with_directory(mut self, directory: impl AsRef<Path>) -> Self {
        self.run.folder = CheckpointFolder::new(directory.as_ref());
        self.run.resumes = false;
        self
    }

    /// As [`with_directory`](Self::with_directory), and goes on with the training that the folder holds, if there is one: after its last
    /// whole epoch, however it ended. On Flex it comes to the same weights and figures, to the last bit, as if it had never stopped, as
    /// long as nothing else draws from the device's generator. A training that is done is given back as it was.
    ///
    /// [Watches](Self::fit_watched) see the epochs that are still to come.
    ///
    /// # Example
    ///
    /// ```
    /// use burn::tensor::Device;
    /// use memae_data::drawn::DigitsConfig;
    /// use memae_models::network::{ImageAutoencoderConfig, Variant};
    /// use memae_models::train::{Interrupter, ProgressDisplay, TrainConfig, TrainError, Trainer};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let folder = folder.path();
    /// let digits = DigitsConfig::default().with_train_per_class(16).generate();
    /// let normal = digits.train.select(&digits.train.indices_of(9));
    /// let network = ImageAutoencoderConfig::mnist(Variant::MemAe);
    /// let config = TrainConfig::new().with_epochs(3).with_batch_size(8);
    /// let trainer = Trainer::new(config, Device::flex()).with_display(ProgressDisplay::Silent);
    ///
    /// let interrupter = Interrupter::new();
    /// let stop = interrupter.clone();
    /// let stopped = trainer
    ///     .clone()
    ///     .with_directory(folder)
    ///     .with_interrupter(interrupter)
    ///     .fit_watched(&network, &normal, move |epoch, _| {
    ///         if epoch == 2 {
    ///             stop.stop(None);
    ///         }
    ///     });
    /// assert!(matches!(stopped, Err(TrainError::Interrupted { .. })));
    ///
    /// let trained = trainer.resume(folder).fit(&network, &normal)?;
    /// assert_eq!(trained.history.epochs.len(), 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn resume(self, directory: impl AsRef<Path>) -> Self {
        let mut trainer = self.with_directory(directory);
        trainer.run.resumes = true;
        trainer
    }

    /// Whether a training of so many epochs may write this file, whose path is relative to
    /// [its directory](Self::with_directory): whoever clears the directory later can tell its files from those of others.
    ///
    /// ```
    /// use std::path::Path;
    ///
    /// use memae_models::train::Trainer;
    ///
    /// assert!(Trainer::may_write(Path::new("main/checkpoint/model-3.bpk"), 3));
    /// assert!(!Trainer::may_write(Path::new("main/checkpoint/model-4.bpk"), 3));
    /// assert!(!Trainer::may_write(Path::new("main/notes.txt"), 3));
    /// ```
    pub fn may_write(path: &Path, epochs: usize) -> bool {
        is_file_of(path, epochs)
    }

    /// The settings of the training.
    pub fn config(&self) -> &TrainConfig {
        &self.run.config
    }

    /// How the run shows itself.
    pub fn with_display(mut self, display: ProgressDisplay) -> Self {
        self.run.display = display;
        self
    }

    /// The handle that stops the run from another thread, for instance on Ctrl-C.
    pub fn with_interrupter(mut self, interrupter: Interrupter) -> Self {
        self.run.interrupter = interrupter;
        self
    }

    /// What the progress bar is called.
    pub fn with_label(mut self, label: &str) -> Self {
        self.run.label = label.to_string();
        self
    }

    /// Trains a network on samples, all of which are taken to be normal.
    ///
    /// The same seed on the same device gives the same network, as long as nothing else draws from the
    /// device's generator meanwhile: on Flex the whole process has one. Entropy is in the loss of every network
    /// with memory unless [`TrainConfig::loss`] says otherwise; see
    /// [`Variant::loss`](crate::network::Variant::loss) for the form without.
    ///
    /// # Errors
    ///
    /// Settings out of range; samples of another shape than the network's input, too few, not with a
    /// group each where they have groups, or that can't be read; a folder that can't be written; a stop through the interrupter, after which
    /// nothing is kept but the checkpoints; a loss that is no longer a number.
    pub fn fit<N, S>(&self, network: &N, samples: &S) -> Result<Trained<N>, TrainError>
    where
        N: AutoencoderConfig,
        S: Samples<Shape = N::Shape> + Clone + 'static,
    {
        self.check(network, samples)?;
        let parts = divide(&self.run.config, samples)?;
        self.train(network, samples, parts, None)
    }

    /// As [`fit`](Self::fit), on parts that were divided before: trains on `parts.train`, watches the loss on `parts.select`, which may be
    /// empty, and looks at nothing else. [`TrainConfig::parts`] and [`TrainConfig::validation_share`] have no say in it.
    ///
    /// So each of some [folds](memae_data::protocol::FoldsConfig) can be held out in its turn.
    ///
    /// # Errors
    ///
    /// As [`fit`](Self::fit).
    ///
    /// # Panics
    ///
    /// Panics if an index is not below the number of samples.
    ///
    /// # Example
    ///
    /// ```
    /// use burn::tensor::Device;
    /// use memae_data::drawn::DigitsConfig;
    /// use memae_data::protocol::FoldsConfig;
    /// use memae_models::network::{ImageAutoencoderConfig, Variant};
    /// use memae_models::train::{ProgressDisplay, TrainConfig, Trainer};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let digits = DigitsConfig::default().with_train_per_class(16).generate();
    /// let normal = digits.train.select(&digits.train.indices_of(9));
    /// let folds = FoldsConfig::default().with_folds(2).divide_single(normal.len())?;
    ///
    /// let network = ImageAutoencoderConfig::mnist(Variant::Ae);
    /// let trainer = Trainer::new(TrainConfig::new().with_epochs(1), Device::flex())
    ///     .with_display(ProgressDisplay::Silent);
    /// for parts in folds.turns() {
    ///     let trained = trainer.fit_on(&network, &normal, &parts)?;
    ///     assert_eq!(trained.parts, parts);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn fit_on<N, S>(
        &self,
        network: &N,
        samples: &S,
        parts: &NormalParts,
    ) -> Result<Trained<N>, TrainError>
    where
        N: AutoencoderConfig,
        S: Samples<Shape = N::Shape> + Clone + 'static,
    {
        self.check(network, samples)?;
        self.train(network, samples, parts.clone(), None)
    }

    /// As [`fit`](Self::fit), and shows the network to `watch` after every epoch, for inference, with
    /// the number of the epoch from 1: to score test data with it, say, or to keep the best.
    ///
    /// The call takes its time in the middle of the training; what it returns goes through a channel
    /// or a lock.
    ///
    /// # Errors
    ///
    /// As [`fit`](Self::fit).
    ///
    /// # Example
    ///
    /// ```
    /// use burn::tensor::Device;
    /// use memae_data::drawn::DigitsConfig;
    /// use memae_models::network::{ImageAutoencoder, ImageAutoencoderConfig, Variant};
    /// use memae_models::score::evaluate;
    /// use memae_models::train::{ProgressDisplay, TrainConfig, Trainer};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let digits = DigitsConfig::default().with_train_per_class(16).generate();
    /// let normal = digits.train.select(&digits.train.indices_of(9));
    /// let test = digits.test.clone();
    ///
    /// let (sender, curve) = std::sync::mpsc::channel();
    /// Trainer::new(TrainConfig::new().with_epochs(2), Device::flex())
    ///     .with_display(ProgressDisplay::Silent)
    ///     .fit_watched(
    ///         &ImageAutoencoderConfig::mnist(Variant::Ae),
    ///         &normal,
    ///         move |epoch, model: &ImageAutoencoder| {
    ///             let scores = evaluate(model, &test, 64, &Device::flex()).scores;
    ///             let _ = sender.send((epoch, scores.reconstruction));
    ///         },
    ///     )?;
    /// assert_eq!(curve.iter().map(|(epoch, _)| epoch).collect::<Vec<_>>(), [1, 2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn fit_watched<N, S>(
        &self,
        network: &N,
        samples: &S,
        mut watch: impl FnMut(usize, &N::Network) + Send + 'static,
    ) -> Result<Trained<N>, TrainError>
    where
        N: AutoencoderConfig,
        S: Samples<Shape = N::Shape> + Clone + 'static,
    {
        let watch = move |epoch: usize, model: &dyn Any| {
            if let Some(model) = model.downcast_ref::<N::Network>() {
                watch(epoch, model);
            }
        };
        self.check(network, samples)?;
        let parts = divide(&self.run.config, samples)?;
        let watch: Watch = Arc::new(Mutex::new(watch));
        self.train(network, samples, parts, Some(watch))
    }

    /// Settings, and the shape of the samples.
    fn check<N: AutoencoderConfig>(
        &self,
        network: &N,
        samples: &impl Samples<Shape = N::Shape>,
    ) -> Result<(), TrainError> {
        self.run.config.validate()?;
        network.validate()?;
        let (found, expected) = (samples.shape(), network.input());
        match found == expected {
            true => Ok(()),
            false => Err(TrainError::SampleShape {
                name: N::Shape::NAME,
                found: found.to_string(),
                expected: expected.to_string(),
            }),
        }
    }

    fn train<N, S>(
        &self,
        network: &N,
        samples: &S,
        parts: NormalParts,
        watch: Option<Watch>,
    ) -> Result<Trained<N>, TrainError>
    where
        N: AutoencoderConfig,
        S: Samples<Shape = N::Shape> + Clone + 'static,
    {
        let train = Selection::new(samples.clone(), parts.train.clone());
        let validation = Selection::new(samples.clone(), parts.select.clone());
        if train.len() < 2 {
            return Err(TrainError::TooFewSamples {
                name: N::Shape::NAME,
                found: train.len(),
                expected: 2,
            });
        }
        if self.run.config.best_epoch.is_some() && validation.is_empty() {
            return Err(TrainError::NothingWatched {
                name: N::Shape::NAME,
            });
        }
        let start = Instant::now();
        let (identity, saved) = match self.run.folder.is_set() {
            true => {
                let identity = self.identity(network, &train, &parts)?;
                let saved = self.saved_run(&identity)?;
                (Some(identity), saved)
            }
            false => (None, None),
        };
        self.run.folder.create()?;

        let seconds_before = saved.as_ref().map_or(0.0, |saved| saved.seconds);
        let phases = Phases {
            run: &self.run,
            network,
            train: &train,
            validation: &validation,
            watch,
            identity,
            start,
            seconds_before,
        };
        let (launched, history) = phases.run(saved)?;
        Ok(Trained {
            model: launched.network,
            epoch: launched.epoch,
            network: network.clone(),
            history,
            seconds: seconds_before + start.elapsed().as_secs_f64(),
            parts,
        })
    }

    fn identity<N: AutoencoderConfig, S: Samples>(
        &self,
        network: &N,
        train: &Selection<S>,
        parts: &NormalParts,
    ) -> Result<RunIdentity, TrainError> {
        let samples = Fingerprint::of(train, parts)?;
        RunIdentity::new(network, &self.run.config, samples)
            .map_err(|error| TrainError::Settings(error.to_string()))
    }

    /// What there is to go on from.
    fn saved_run(&self, identity: &RunIdentity) -> Result<Option<SavedRun>, TrainError> {
        let folder = &self.run.folder;
        match self.run.resumes {
            true => folder.saved_run(identity),
            false => folder.refuse_run().map(|()| None),
        }
    }
}

/// What is trained on, what the loss is watched on, and what is kept for a threshold.
fn divide<S: Samples>(config: &TrainConfig, samples: &S) -> Result<NormalParts, TrainError> {
    let Some(parts) = config.parts else {
        let (kept, held_out) = holdout(samples.len(), config.validation_share, config.seed);
        return Ok(NormalParts::new(kept, held_out, Vec::new()));
    };
    let parts = match samples.groups() {
        Some(groups) if groups.len() != samples.len() => {
            return Err(TrainError::GroupCount {
                name: <S::Shape>::NAME,
                found: groups.len(),
                expected: samples.len(),
            });
        }
        Some(groups) => parts.divide(&groups),
        None => parts.divide_single(samples.len()),
    };
    Ok(parts.map_err(TrainConfigError::from)?)
}
