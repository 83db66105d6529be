use std::path::{Path, PathBuf};
use std::time::Instant;

use burn::data::dataloader::{DataLoader, DataLoaderBuilder};
use burn::module::Module;
use burn::optim::AdamConfig;
use burn::tensor::{Device, Tensor};
use burn::train::checkpoint::KeepLastNCheckpoints;
use burn::train::logger::FileMetricLogger;
use burn::train::{Interrupter, Learner, SupervisedTraining};
use memae_core::items::KMeansConfig;
use memae_data::LabeledImages;
use memae_data::protocol::holdout;

use super::history::HistoryLogger;
use super::learner::TemperatureSchedule;
use super::{
    Figure, FigureMetric, ImageBatch, ImageBatcher, InitialItems, Phase, ProgressDisplay,
    TrainConfig, TrainError, TrainHistory, TrainingModel,
};
use crate::detect::{evaluate, for_each_batch};
use crate::network::{ImageAutoencoder, ImageAutoencoderConfig};

/// Items are made from at most this many queries an item: more cost time and change little.
const QUERIES_PER_ITEM: usize = 256;

/// A trained network.
#[derive(Debug, Clone)]
pub struct Trained {
    /// The network, for inference.
    pub model: ImageAutoencoder,
    /// Its settings.
    pub network: ImageAutoencoderConfig,
    /// Figures of every epoch.
    pub history: TrainHistory,
    /// Time that training took, in seconds.
    pub seconds: f64,
}

/// Trains networks on normal images.
///
/// # Example
///
/// ```
/// use burn::tensor::Device;
/// use memae_data::DigitsConfig;
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
    config: TrainConfig,
    device: Device,
    directory: Option<PathBuf>,
    display: ProgressDisplay,
    interrupter: Interrupter,
    label: String,
}

/// One call of burn-train.
struct Launch<'a> {
    model: TrainingModel,
    phase: Phase,
    epochs: usize,
    train: &'a LabeledImages,
    validation: &'a LabeledImages,
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

    /// Trains a network on images, all of which are taken to be normal.
    ///
    /// The same seed on the same device gives the same network, as long as nothing else draws from the
    /// device's generator meanwhile: on Flex the whole process has one. Entropy is in the loss of every network
    /// with memory unless [`TrainConfig::loss`] says otherwise; see
    /// [`Variant::loss`](crate::network::Variant::loss) for the form without.
    ///
    /// # Errors
    ///
    /// Settings out of range; images of another shape than the network's input, or too few; a folder
    /// that can't be written; a stop through the interrupter, after which nothing is kept but the
    /// checkpoints; a loss that is no longer a number.
    pub fn fit(
        &self,
        network: &ImageAutoencoderConfig,
        images: &LabeledImages,
    ) -> Result<Trained, TrainError> {
        let config = &self.config;
        config.validate()?;
        network.validate()?;
        if images.shape() != network.input {
            return Err(TrainError::ImageShape {
                found: images.shape(),
                expected: network.input,
            });
        }
        let (kept, held_out) = holdout(images.len(), config.validation_share, config.seed);
        let (train, validation) = (images.select(&kept), images.select(&held_out));
        if train.len() < 2 {
            return Err(TrainError::TooFewImages {
                found: train.len(),
                expected: 2,
            });
        }
        self.create_directory()?;

        let start = Instant::now();
        let mut history = TrainHistory::default();
        self.device.seed(config.seed);
        let device = self.device.clone().autodiff();
        let plain = network.clone().with_memory(None);
        let mut autoencoder = plain.try_init(&device)?;
        if let Some(memory_config) = &network.memory {
            if config.warm_up_epochs > 0 {
                let loss = config
                    .loss
                    .try_init()
                    .map_err(super::TrainConfigError::from)?;
                let launch = Launch {
                    model: TrainingModel::new(autoencoder, loss, 0.0, None, None),
                    phase: Phase::WarmUp,
                    epochs: config.warm_up_epochs,
                    train: &train,
                    validation: &validation,
                };
                autoencoder = self.launch(launch, &mut history)?.train();
            }
            let memory = match config.initial_items {
                InitialItems::Drawn => memory_config.try_init(&device)?,
                InitialItems::Encodings => {
                    let encodings =
                        self.encodings(&autoencoder.valid(), &train, memory_config.num_items);
                    let items = KMeansConfig::new()
                        .with_seed(config.seed)
                        .centers(encodings, memory_config.num_items)?;
                    memory_config.init_with_items(Tensor::from_inner(items))?
                }
            };
            autoencoder.memory = Some(memory);
        }

        let epochs = match network.memory {
            Some(_) => config.epochs - config.warm_up_epochs,
            None => config.epochs,
        };
        let launch = Launch {
            model: self.main_model(autoencoder, network, epochs, train.len())?,
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

    /// The network with everything that its main phase needs.
    fn main_model(
        &self,
        mut autoencoder: ImageAutoencoder,
        network: &ImageAutoencoderConfig,
        epochs: usize,
        images: usize,
    ) -> Result<TrainingModel, TrainError> {
        let config = &self.config;
        let loss = config
            .loss
            .try_init()
            .map_err(super::TrainConfigError::from)?;
        let Some(memory) = autoencoder.memory.take() else {
            return Ok(TrainingModel::new(autoencoder, loss, 0.0, None, None));
        };
        let temperature = config.initial_temperature.map(|from| TemperatureSchedule {
            from,
            to: memory.addressing.temperature,
            steps: epochs * images.div_ceil(config.batch_size),
            step: 0,
        });
        let queries_per_batch = config.batch_size * queries_per_image(network)?;
        let (item_update, memory) = match config.item_update.is_active() {
            true => {
                let (update, memory) = config.item_update.init(memory, queries_per_batch)?;
                (Some(update), memory)
            }
            false => (None, memory),
        };
        autoencoder.memory = Some(memory);
        Ok(TrainingModel::new(
            autoencoder,
            loss,
            config.prototype_weight,
            item_update,
            temperature,
        ))
    }

    /// Runs one phase through burn-train; the network that comes back is for inference.
    fn launch(
        &self,
        launch: Launch<'_>,
        history: &mut TrainHistory,
    ) -> Result<ImageAutoencoder, TrainError> {
        let config = &self.config;
        let (name, label) = match launch.phase {
            Phase::WarmUp => ("warm_up", format!("{} (warm-up)", self.label)),
            Phase::Main => ("main", self.label.clone()),
        };
        let first_epoch = history.epochs.len() + 1;
        let logger = HistoryLogger::default();
        let directory = self
            .directory
            .as_ref()
            .map(|directory| directory.join(name));
        let loader = |images: &LabeledImages,
                      seed: Option<u64>|
         -> std::sync::Arc<dyn DataLoader<ImageBatch>> {
            let builder = DataLoaderBuilder::new(ImageBatcher::new(images.shape()))
                .batch_size(config.batch_size)
                .set_device(self.device.clone());
            match seed {
                Some(seed) => builder.shuffle(seed),
                None => builder,
            }
            .build(images.clone())
        };

        let has_memory = launch.model.autoencoder.memory.is_some();
        let optimizer = AdamConfig::new().with_epsilon(1e-8).init();
        let learner = Learner::new(launch.model, optimizer, config.learning_rate);
        let mut training = SupervisedTraining::new(
            directory.clone().unwrap_or_default(),
            loader(
                launch.train,
                Some(config.seed.wrapping_add(first_epoch as u64)),
            ),
            loader(launch.validation, None),
        )
        .with_application_logger(None)
        .with_metric_logger(logger.clone())
        .with_interrupter(self.interrupter.clone())
        .with_checkpointing_strategy(KeepLastNCheckpoints::new(2))
        .num_epochs(launch.epochs)
        .label(&label);
        let figures = match has_memory {
            true => &Figure::ALL[..],
            false => &Figure::ALL[..2],
        };
        for &figure in figures {
            training = training.metric_train_numeric(FigureMetric::new(figure));
            if !launch.validation.is_empty() {
                training = training.metric_valid_numeric(FigureMetric::new(figure));
            }
        }
        if let Some(renderer) = self.display.renderer(&label, launch.train.len()) {
            training = training.renderer(renderer);
        }
        if let Some(directory) = &directory {
            training = training
                .with_metric_logger(FileMetricLogger::new(directory))
                .with_default_checkpointers();
        }

        let result = training.launch(learner);
        history
            .epochs
            .extend(logger.epochs(launch.phase, first_epoch));
        if let Some(error) = result.error {
            return Err(TrainError::Training(error));
        }
        if result.interrupted.is_some() {
            return Err(TrainError::Interrupted);
        }
        for figures in &history.epochs {
            if let Some(&loss) = figures.train.get(Figure::Loss.name())
                && !loss.is_finite()
            {
                return Err(TrainError::Diverged {
                    epoch: figures.epoch,
                    loss,
                });
            }
        }
        let model = result.model.autoencoder;
        // A batch has its loss before its step: where the last step led shows only now.
        let count = launch.train.len().min(config.batch_size);
        let batch = launch.train.select(&(0..count).collect::<Vec<_>>());
        let errors = evaluate(&model, &batch, count, &self.device)
            .scores
            .reconstruction;
        let loss = errors.iter().sum::<f64>() / count as f64;
        match loss.is_finite() {
            true => Ok(model),
            false => Err(TrainError::Diverged {
                epoch: history.epochs.len(),
                loss,
            }),
        }
    }

    /// Queries of the training images, `[queries, item_dim]`, evenly thinned if there are many.
    fn encodings(
        &self,
        model: &ImageAutoencoder,
        images: &LabeledImages,
        num_items: usize,
    ) -> Tensor<2> {
        let mut queries = Vec::new();
        for_each_batch(images, self.config.batch_size, &self.device, |batch| {
            queries.push(model.query().to_queries(model.encode(batch)));
        });
        let queries = Tensor::cat(queries, 0);
        let [found, _] = queries.dims();
        let step = (found / (num_items * QUERIES_PER_ITEM)).max(1);
        queries.slice(burn::tensor::s![0..;step as isize, ..])
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

fn queries_per_image(network: &ImageAutoencoderConfig) -> Result<usize, TrainError> {
    let features = network.feature_dims()?;
    Ok(features.iter().product::<usize>() / network.query.item_dim(&features))
}
