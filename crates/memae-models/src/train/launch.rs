use std::sync::Arc;

use burn::data::dataloader::{DataLoader, DataLoaderBuilder};
use burn::optim::ModuleOptimizer;
use burn::tensor::Tensor;
use burn::train::checkpoint::KeepLastNCheckpoints;
use burn::train::logger::FileMetricLogger;
use burn::train::{Learner, SupervisedTraining};

use super::report::HistoryLogger;
use super::{Figure, FigureMetric, Phase, TrainError, TrainHistory, Trainer, TrainingModel};
use crate::network::Autoencoder;
use crate::samples::{RowBatcher, Samples, Selection, SubsetLoader};
use crate::score::evaluate_samples;

/// One call of burn-train.
pub(super) struct Launch<'a, A: Autoencoder, S> {
    pub(super) model: TrainingModel<A>,
    pub(super) optimizer: ModuleOptimizer,
    pub(super) phase: Phase,
    pub(super) epochs: usize,
    pub(super) train: &'a Selection<S>,
    pub(super) validation: &'a Selection<S>,
}

impl Trainer {
    /// Batches of all samples; of those to train on, in an order drawn anew for each pass.
    fn loader<S: Samples + Clone + 'static>(
        &self,
        samples: &Selection<S>,
        seed: Option<u64>,
    ) -> Arc<dyn DataLoader<Tensor<2>>> {
        let config = &self.config;
        if let (Some(seed), Some(count)) = (seed, config.samples_per_epoch) {
            return Arc::new(SubsetLoader::new(
                samples.clone(),
                count,
                config.batch_size,
                self.device.clone(),
                seed,
            ));
        }
        let builder = DataLoaderBuilder::new(RowBatcher)
            .batch_size(config.batch_size)
            .set_device(self.device.clone());
        match seed {
            Some(seed) => builder.shuffle(seed),
            None => builder,
        }
        .build(samples.clone())
    }

    /// Runs one phase through burn-train; the network that comes back is for inference.
    pub(super) fn launch<A: Autoencoder, S: Samples + Clone + 'static>(
        &self,
        launch: Launch<'_, A, S>,
        history: &mut TrainHistory,
    ) -> Result<A, TrainError> {
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

        let has_memory = launch.model.autoencoder.memory().is_some();
        let learner = Learner::new(launch.model, launch.optimizer, config.learning_rate);
        let seed = config.seed.wrapping_add(first_epoch as u64);
        let mut training = SupervisedTraining::new(
            directory.clone().unwrap_or_default(),
            self.loader(launch.train, Some(seed)),
            self.loader(launch.validation, None),
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
        let per_epoch = self.samples_per_epoch(launch.train);
        if let Some(renderer) = self.display.renderer(&label, per_epoch) {
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
        let batch = Selection::new(launch.train.clone(), (0..count).collect::<Vec<_>>());
        let errors = evaluate_samples(&model, &batch, count, &self.device)?
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
}
