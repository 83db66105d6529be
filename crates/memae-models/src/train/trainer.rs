use std::any::Any;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use burn::train::Interrupter;
use memae_core::items::KMeansConfig;
use memae_core::loss::MemAeLoss;
use memae_core::optim::AdamConfig;
use memae_data::protocol::holdout;

use super::last_step::LastStep;
use super::launch::Launch;
use super::learner::{EpochEnd, TemperatureSchedule, Watch};
use super::{
    InitialItems, Phase, ProgressDisplay, TrainConfig, TrainError, TrainHistory, TrainingModel,
};
use crate::network::{Autoencoder, AutoencoderConfig, ImageAutoencoderConfig};
use crate::samples::{SampleShape, Samples, Selection, for_each_batch};

/// Items are made from at most this many queries an item: more cost time and change little.
const QUERIES_PER_ITEM: usize = 256;

/// A trained network.
#[derive(Debug, Clone)]
pub struct Trained<N: AutoencoderConfig = ImageAutoencoderConfig> {
    /// The network, for inference.
    pub model: N::Network,
    /// Its settings.
    pub network: N,
    /// Figures of every epoch.
    pub history: TrainHistory,
    /// Time that training took, in seconds.
    pub seconds: f64,
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
    pub(super) config: TrainConfig,
    pub(super) device: Device,
    pub(super) directory: Option<PathBuf>,
    pub(super) display: ProgressDisplay,
    pub(super) interrupter: Interrupter,
    pub(super) label: String,
}

impl Trainer {
    /// A trainer that shows a progress bar and writes no files.
    pub fn new(config: TrainConfig, device: Device) -> Self {
        Self {
            config,
            device: device.without_autodiff(),
            directory: None,
            display: ProgressDisplay::default(),
            interrupter: Interrupter::new(),
            label: "training".to_string(),
        }
    }

    /// Writes burn-train's metric logs and the checkpoints of the last two epochs below this folder,
    /// the warm-up's in `warm_up`, the rest in `main`.
    ///
    /// burn-train adds to logs that are there already. The checkpoints hold weights, optimiser and
    /// moving averages; a run starts from its beginning all the same.
    pub fn with_directory(mut self, directory: impl AsRef<Path>) -> Self {
        self.directory = Some(directory.as_ref().to_path_buf());
        self
    }

    /// How the run shows itself.
    pub fn with_display(mut self, display: ProgressDisplay) -> Self {
        self.display = display;
        self
    }

    /// The handle that stops the run from another thread, for instance on Ctrl-C.
    pub fn with_interrupter(mut self, interrupter: Interrupter) -> Self {
        self.interrupter = interrupter;
        self
    }

    /// What the progress bar is called.
    pub fn with_label(mut self, label: &str) -> Self {
        self.label = label.to_string();
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
    /// Settings out of range; samples of another shape than the network's input, too few, or that
    /// can't be read; a folder that can't be written; a stop through the interrupter, after which
    /// nothing is kept but the checkpoints; a loss that is no longer a number.
    pub fn fit<N, S>(&self, network: &N, samples: &S) -> Result<Trained<N>, TrainError>
    where
        N: AutoencoderConfig,
        S: Samples<Shape = N::Shape> + Clone + 'static,
    {
        self.train(network, samples, None)
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
    /// use memae_models::detect::evaluate;
    /// use memae_models::network::{ImageAutoencoder, ImageAutoencoderConfig, Variant};
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
        self.train(network, samples, Some(Arc::new(Mutex::new(watch))))
    }

    fn train<N, S>(
        &self,
        network: &N,
        samples: &S,
        watch: Option<Watch>,
    ) -> Result<Trained<N>, TrainError>
    where
        N: AutoencoderConfig,
        S: Samples<Shape = N::Shape> + Clone + 'static,
    {
        let config = &self.config;
        config.validate()?;
        network.validate()?;
        let (found, expected) = (samples.shape(), network.input());
        if found != expected {
            return Err(TrainError::SampleShape {
                name: N::Shape::NAME,
                found: found.to_string(),
                expected: expected.to_string(),
            });
        }
        let (kept, held_out) = holdout(samples.len(), config.validation_share, config.seed);
        let train = Selection::new(samples.clone(), kept);
        let validation = Selection::new(samples.clone(), held_out);
        if train.len() < 2 {
            return Err(TrainError::TooFewSamples {
                name: N::Shape::NAME,
                found: train.len(),
                expected: 2,
            });
        }
        self.create_directory()?;

        let start = Instant::now();
        let mut history = TrainHistory::default();
        self.device.seed(config.seed);
        let device = self.device.clone().autodiff();
        let mut autoencoder = network.without_memory().try_init(&device)?;
        let loss = config
            .loss
            .try_init()
            .map_err(super::TrainConfigError::from)?;
        let mut optimizer = AdamConfig::new().init();
        if let Some(memory_config) = network.memory() {
            if config.warm_up_epochs > 0 {
                let steps = config.warm_up_epochs * self.steps_per_epoch(&train);
                let last_step = LastStep::new(steps);
                let launch = Launch {
                    model: TrainingModel::new(autoencoder, loss)
                        .with_epoch_end(self.epoch_end(&watch, &history, &train))
                        .with_last_step(last_step.clone()),
                    optimizer: optimizer.clone(),
                    phase: Phase::WarmUp,
                    epochs: config.warm_up_epochs,
                    train: &train,
                    validation: &validation,
                };
                autoencoder = self.launch(launch, &mut history)?.train();
                optimizer = last_step.optimizer().unwrap_or(optimizer);
            }
            let memory = match config.initial_items {
                InitialItems::Drawn => memory_config.try_init(&device)?,
                InitialItems::Encodings => {
                    let encodings = self.encodings(
                        &autoencoder.valid(),
                        network,
                        &train,
                        memory_config.num_items,
                    )?;
                    let items = KMeansConfig::new()
                        .with_seed(config.seed)
                        .centers(encodings, memory_config.num_items)?;
                    memory_config.init_with_items(Tensor::from_inner(items))?
                }
            };
            *autoencoder.memory_mut() = Some(memory);
        }

        let epochs = match network.memory() {
            Some(_) => config.epochs - config.warm_up_epochs,
            None => config.epochs,
        };
        let steps = epochs * self.steps_per_epoch(&train);
        let launch = Launch {
            model: self
                .main_model(autoencoder, network, loss, steps)?
                .with_epoch_end(self.epoch_end(&watch, &history, &train)),
            optimizer,
            phase: Phase::Main,
            epochs,
            train: &train,
            validation: &validation,
        };
        let model = self.launch(launch, &mut history)?;
        Ok(Trained {
            model,
            network: network.clone(),
            history,
            seconds: start.elapsed().as_secs_f64(),
        })
    }

    /// Samples of one pass.
    pub(super) fn samples_per_epoch(&self, train: &impl Samples) -> usize {
        let all = train.len();
        self.config
            .samples_per_epoch
            .map_or(all, |count| count.min(all))
    }

    fn steps_per_epoch(&self, train: &impl Samples) -> usize {
        self.samples_per_epoch(train)
            .div_ceil(self.config.batch_size)
    }

    /// What is to be done after each epoch of a phase that starts now.
    fn epoch_end(
        &self,
        watch: &Option<Watch>,
        history: &TrainHistory,
        train: &impl Samples,
    ) -> Option<EpochEnd> {
        let watch = watch.clone()?;
        Some(EpochEnd {
            steps_per_epoch: self.steps_per_epoch(train),
            step: 0,
            epochs_before: history.epochs.len(),
            watch,
        })
    }

    /// The network with everything that its main phase, of `steps` steps, needs.
    fn main_model<N: AutoencoderConfig>(
        &self,
        mut autoencoder: N::Network,
        network: &N,
        loss: MemAeLoss,
        steps: usize,
    ) -> Result<TrainingModel<N::Network>, TrainError> {
        let config = &self.config;
        let Some(memory) = autoencoder.memory_mut().take() else {
            return Ok(TrainingModel::new(autoencoder, loss));
        };
        let temperature = config.initial_temperature.map(|from| TemperatureSchedule {
            from,
            to: memory.addressing.temperature,
            steps,
            step: 0,
        });
        let queries_per_batch = config.batch_size * network.queries_per_sample()?;
        let (item_update, memory) = match config.item_update.is_active() {
            true => {
                let (update, memory) = config.item_update.init(memory, queries_per_batch)?;
                (Some(update), memory)
            }
            false => (None, memory),
        };
        *autoencoder.memory_mut() = Some(memory);
        Ok(TrainingModel::new(autoencoder, loss)
            .with_prototype_weight(config.prototype_weight)
            .with_item_update(item_update)
            .with_temperature(temperature))
    }

    /// Queries of the training samples, `[queries, item_dim]`, evenly thinned if there are many.
    fn encodings<N: AutoencoderConfig, S: Samples + Clone>(
        &self,
        model: &N::Network,
        network: &N,
        train: &Selection<S>,
        num_items: usize,
    ) -> Result<Tensor<2>, TrainError> {
        let wanted = num_items.saturating_mul(QUERIES_PER_ITEM);
        // Of samples that ask many queries, fewer do.
        let every = train.len().saturating_mul(network.queries_per_sample()?) / wanted;
        let indices: Vec<usize> = (0..train.len())
            .step_by(every.clamp(1, train.len()))
            .collect();
        let mut queries = Vec::new();
        let thinned = Selection::new(train.clone(), indices);
        for_each_batch(&thinned, self.config.batch_size, &self.device, |batch| {
            queries.push(model.queries_of_rows(batch));
        })?;
        let queries = Tensor::cat(queries, 0);
        let [found, _] = queries.dims();
        let every = (found / wanted).max(1);
        Ok(queries.slice(burn::tensor::s![0..;every as isize, ..]))
    }

    fn create_directory(&self) -> Result<(), TrainError> {
        match &self.directory {
            Some(directory) => {
                std::fs::create_dir_all(directory).map_err(|source| TrainError::Directory {
                    path: directory.display().to_string(),
                    source,
                })
            }
            None => Ok(()),
        }
    }
}
