use burn::optim::ModuleOptimizer;
use burn::train::checkpoint::KeepLastNCheckpoints;
use burn::train::{Learner, SupervisedTraining};

use super::best_epoch::BestEpoch;
use super::checkpoint::{KEPT_CHECKPOINTS, RECORDS};
use super::error::TrainError;
use super::files::{Checkpoints, FileFailure, LogFiles};
use super::report::{DivergenceWatch, Figure, FigureMetric, HistoryLogger, Phase, TrainHistory};
use super::run::Run;
use super::step::TrainingModel;
use crate::network::Autoencoder;
use crate::samples::{Samples, Selection, loader_in_order, shuffled_loader};
use crate::score::evaluate_samples;

/// One call of burn-train.
pub(super) struct Launch<'a, A: Autoencoder, S> {
    pub(super) model: TrainingModel<A>,
    pub(super) optimizer: ModuleOptimizer,
    pub(super) phase: Phase,
    pub(super) epochs: usize,
    pub(super) train: &'a Selection<S>,
    pub(super) validation: &'a Selection<S>,
    /// Keeps the best network, where it is asked for.
    pub(super) best: Option<BestEpoch<A>>,
}

/// What came of a phase.
pub(super) struct Launched<A> {
    pub(super) network: A,
    /// Epoch that it is of, from 1 through all phases.
    pub(super) epoch: usize,
}

impl<A: Autoencoder, S: Samples + Clone + 'static> Launch<'_, A, S> {
    /// Runs the phase; the network that comes back is for inference.
    pub(super) fn start(
        self,
        run: &Run,
        history: &mut TrainHistory,
    ) -> Result<Launched<A>, TrainError> {
        let config = &run.config;
        let label = match self.phase {
            Phase::WarmUp => format!("{} (warm-up)", run.label),
            Phase::Main => run.label.clone(),
        };
        let first_epoch = history.epochs.len() + 1;
        let logger = HistoryLogger::default();
        let directory = run.folder.of(self.phase);

        let has_memory = self.model.autoencoder.memory().is_some();
        let learner = Learner::new(self.model, self.optimizer, config.learning_rate);
        let seed = config.seed.wrapping_add(first_epoch as u64);
        let mut training = SupervisedTraining::new(
            directory.clone().unwrap_or_default(),
            shuffled_loader(
                self.train,
                config.samples_per_epoch,
                config.batch_size,
                seed,
                &run.device,
            ),
            loader_in_order(self.validation, config.batch_size, &run.device),
        )
        .with_application_logger(None)
        .with_metric_logger(logger.clone())
        .with_interrupter(run.interrupter.clone())
        .with_checkpointing_strategy(KeepLastNCheckpoints::new(KEPT_CHECKPOINTS))
        .num_epochs(self.epochs)
        .label(&label);
        let figures = match has_memory {
            true => &Figure::ALL[..],
            false => &Figure::ALL[..2],
        };
        let divergence = DivergenceWatch::new(&run.interrupter);
        for &figure in figures {
            let metric = match figure {
                Figure::Loss => FigureMetric::new(figure).with_watch(divergence.clone()),
                _ => FigureMetric::new(figure),
            };
            training = training.metric_train_numeric(metric);
            if !self.validation.is_empty() {
                training = training.metric_valid_numeric(FigureMetric::new(figure));
            }
        }
        let per_epoch = run.samples_per_epoch(self.train);
        if let Some(renderer) = run.display.renderer(&label, per_epoch) {
            training = training.renderer(renderer);
        }
        if let Some(best) = &self.best {
            training = training.early_stopping(best.clone());
        }
        let failure = FileFailure::new(&run.interrupter);
        if let Some(directory) = &directory {
            let folder = directory.join("checkpoint");
            let checkpoints = |name| Checkpoints::new(&folder, name, failure.clone());
            let [model, optimizer, scheduler] = RECORDS.map(checkpoints);
            training = training
                .with_metric_logger(LogFiles::new(directory, failure.clone()))
                .with_custom_checkpointers(model, optimizer, scheduler);
        }

        let result = training.launch(learner);
        history
            .epochs
            .extend(logger.epochs(self.phase, first_epoch));
        if let Some(error) = failure.take() {
            // It was stopped by what failed, which would stop the next training too.
            run.interrupter.reset();
            return Err(error);
        }
        if let Some(found) = divergence.take() {
            run.interrupter.reset();
            return Err(TrainError::Diverged {
                epoch: first_epoch + found.epoch - 1,
                step: found.step,
                loss: found.loss,
            });
        }
        if let Some(error) = result.error {
            run.interrupter.reset();
            return Err(TrainError::Training(error));
        }
        if result.interrupted.is_some() {
            return Err(TrainError::Interrupted);
        }
        let launched = match self.best.and_then(|best| best.take()) {
            Some(best) => Launched {
                network: best.network,
                epoch: first_epoch + best.epoch - 1,
            },
            None => Launched {
                network: result.model.autoencoder,
                epoch: history.epochs.len(),
            },
        };
        // A batch has its loss before its step: where the last step led shows only now.
        let count = self.train.len().min(config.batch_size);
        let batch = Selection::new(self.train.clone(), (0..count).collect::<Vec<_>>());
        let errors = evaluate_samples(&launched.network, &batch, count, &run.device)?
            .scores
            .reconstruction;
        let loss = errors.iter().sum::<f64>() / count as f64;
        match loss.is_finite() {
            true => Ok(launched),
            false => Err(TrainError::Diverged {
                epoch: launched.epoch,
                step: run.steps_per_epoch(self.train),
                loss,
            }),
        }
    }
}
