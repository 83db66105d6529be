use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::store::ModuleRecord;
use burn::train::{Learner, SupervisedTraining};

use super::best_epoch::{BestEpoch, BestNetwork};
use super::checkpoint::{
    FileFailure, KeptCheckpoints, LogFiles, PhaseAccount, RunAccount, SavedPhase,
};
use super::error::TrainError;
use super::report::{DivergenceWatch, Figure, FigureMetric, HistoryLogger, Phase, TrainHistory};
use super::run::Run;
use super::step::TrainingModel;
use crate::network::Autoencoder;
use crate::samples::{BatchPlace, Samples, Selection, loader_in_order, shuffled_loader};
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
    /// Where it was left, if it goes on.
    pub(super) saved: Option<SavedPhase>,
    /// What checkpoints say of the run, where there are to be some.
    pub(super) account: Option<RunAccount>,
}

/// What came of a phase.
pub(super) struct Launched<A> {
    pub(super) network: A,
    /// Epoch that it is of, from 1 through all phases.
    pub(super) epoch: usize,
    /// Its optimizer, of a phase that was done before.
    pub(super) optimizer: Option<ModuleOptimizer>,
}

impl<A: Autoencoder, S: Samples + Clone + 'static> Launch<'_, A, S> {
    /// Runs the phase, or what is left of it; the network that comes back is for inference.
    pub(super) fn start(
        mut self,
        run: &Run,
        history: &mut TrainHistory,
    ) -> Result<Launched<A>, TrainError> {
        let first_epoch = history.epochs.len() + 1;
        let saved = match self.saved.take() {
            Some(saved) => match self.go_on(&saved, run)? {
                Next::Epochs => Some(saved),
                Next::Nothing => return self.given_back(saved, run, history),
            },
            None => None,
        };
        let (epochs, best, train) = (self.epochs, self.best.clone(), self.train);
        let figures = saved.as_ref().map_or(&[][..], |saved| &saved.figures);
        let logger = HistoryLogger::after(figures);
        let phase = self.phase;
        let interrupter = &run.interrupter;
        let failure = FileFailure::new(interrupter);
        let divergence = DivergenceWatch::new(interrupter);
        let (training, learner) =
            self.training(run, saved, history, &logger, &failure, &divergence);

        let result = training.num_epochs(epochs).launch(learner);
        history.epochs.extend(logger.epochs(phase, first_epoch));
        if let Some(error) = failure.take() {
            // It was stopped by what failed, which would stop the next training too.
            interrupter.reset();
            return Err(error);
        }
        if let Some(found) = divergence.take() {
            interrupter.reset();
            let batch = BatchPlace {
                order: run.pass_order(first_epoch, found.epoch - 1),
                size: run.config.batch_size,
                number: found.step,
            };
            let places = batch.samples(Samples::len(train), &run.device);
            return Err(TrainError::Diverged {
                epoch: first_epoch + found.epoch - 1,
                step: found.step,
                samples: train.indices_of(&places),
                loss: found.loss,
                checkpoint: run.folder.last_checkpoint(),
            });
        }
        if let Some(error) = result.error {
            interrupter.reset();
            return Err(TrainError::Training(error));
        }
        if result.interrupted.is_some() {
            let checkpoint = run.folder.last_checkpoint();
            return Err(TrainError::Interrupted { checkpoint });
        }
        let last = BestNetwork {
            epoch: history.epochs.len() + 1 - first_epoch,
            network: result.model.autoencoder,
        };
        let kept = best.and_then(|best| best.take()).unwrap_or(last);
        Launched {
            network: kept.network,
            epoch: first_epoch + kept.epoch - 1,
            optimizer: None,
        }
        .checked(train, run)
    }

    /// burn-train's training with all that it is to do, and what it is to train.
    fn training(
        self,
        run: &Run,
        saved: Option<SavedPhase>,
        history: &TrainHistory,
        logger: &HistoryLogger,
        failure: &FileFailure,
        divergence: &DivergenceWatch,
    ) -> (
        SupervisedTraining<TrainingModel<A>>,
        Learner<TrainingModel<A>>,
    ) {
        let config = &run.config;
        let label = match self.phase {
            Phase::WarmUp => format!("{} (warm-up)", run.label),
            Phase::Main => run.label.clone(),
        };
        let directory = run.folder.of(self.phase);
        let has_memory = self.model.autoencoder.memory().is_some();
        let learner = Learner::new(self.model, self.optimizer, config.learning_rate);
        let first_epoch = history.epochs.len() + 1;
        let done = saved.as_ref().map_or(0, |saved| saved.epoch);
        let order = run.pass_order(first_epoch, done);
        let compared_by = self.best.as_ref().map(BestEpoch::figure);
        let so_far = self.best.as_ref().map(BestEpoch::so_far);
        let kept = saved.as_ref().map(SavedPhase::epochs);
        let mut training = SupervisedTraining::new(
            directory.clone().unwrap_or_default(),
            shuffled_loader(self.train, order, config.batch_size, &run.device),
            loader_in_order(self.validation, config.batch_size, &run.device),
        )
        .with_application_logger(None)
        .with_metric_logger(logger.clone())
        .with_interrupter(run.interrupter.clone())
        .with_checkpointing_strategy(KeptCheckpoints::new(
            compared_by,
            so_far.unwrap_or_default(),
            kept.unwrap_or_default(),
        ))
        .label(&label);
        let figures = match has_memory {
            true => &Figure::ALL[..],
            false => &Figure::ALL[..2],
        };
        for &figure in figures {
            let metric = match figure {
                Figure::Loss => FigureMetric::new(figure).with_watch(divergence.clone(), done + 1),
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
        if let Some(best) = self.best {
            training = training.early_stopping(best);
        }
        if let (Some(directory), Some(account)) = (directory, self.account) {
            let account = PhaseAccount {
                run: account,
                phase: self.phase,
                before: history.clone(),
                figures: logger.clone(),
                compared_by,
            };
            training = training.with_metric_logger(LogFiles::new(&directory, failure.clone()));
            if let Some(checkpoints) = run.folder.checkpoints_of(account, saved, failure) {
                training = training.with_custom_checkpointers(
                    checkpoints.model,
                    checkpoints.optimizer,
                    checkpoints.scheduler,
                );
            }
            if done > 0 {
                training = training.checkpoint(done);
            }
        }
        (training, learner)
    }

    /// Takes up what was left, and tells whether there is more to do.
    fn go_on(&mut self, saved: &SavedPhase, run: &Run) -> Result<Next, TrainError> {
        let steps_per_epoch = run.steps_per_epoch(self.train);
        let model = &self.model;
        let after = |epoch: usize, record: &ModuleRecord| {
            let loaded = model.clone().try_load_record(record.clone());
            let loaded = loaded.map_err(|error| TrainError::Checkpoint {
                path: run.folder.to_string(),
                reason: format!("model of epoch {epoch}: {error}"),
            })?;
            Ok::<_, TrainError>(loaded.after_steps(epoch * steps_per_epoch))
        };
        let mut is_over = saved.epoch >= self.epochs;
        if let Some(best) = &self.best {
            let network = match &saved.best {
                Some((epoch, record)) => Some(BestNetwork {
                    epoch: *epoch,
                    network: after(*epoch, record)?.autoencoder.valid(),
                }),
                None => None,
            };
            is_over |= best.resume(&saved.figures, network);
        }
        self.model = after(saved.epoch, &saved.model)?;
        Ok(match is_over {
            true => Next::Nothing,
            false => Next::Epochs,
        })
    }

    /// What came of a phase that was done before.
    fn given_back(
        self,
        saved: SavedPhase,
        run: &Run,
        history: &mut TrainHistory,
    ) -> Result<Launched<A>, TrainError> {
        let before = history.epochs.len();
        let last = BestNetwork {
            epoch: saved.epoch,
            network: self.model.autoencoder.valid(),
        };
        history.epochs.extend(saved.figures);
        let kept = self.best.and_then(|best| best.take()).unwrap_or(last);
        Launched {
            network: kept.network,
            epoch: before + kept.epoch,
            optimizer: Some(self.optimizer.load_record(saved.optimizer)),
        }
        .checked(self.train, run)
    }
}

/// What is left of a phase.
enum Next {
    Epochs,
    Nothing,
}

impl<A: Autoencoder> Launched<A> {
    /// The same, unless the network gives no numbers: a batch has its loss before its step, so that where the last step led shows only now.
    fn checked<S: Samples + Clone + 'static>(
        self,
        train: &Selection<S>,
        run: &Run,
    ) -> Result<Self, TrainError> {
        let count = train.len().min(run.config.batch_size);
        let places: Vec<usize> = (0..count).collect();
        let batch = Selection::new(train.clone(), places.clone());
        let errors = evaluate_samples(&self.network, &batch, count, &run.device)?
            .scores
            .reconstruction;
        let loss = errors.iter().sum::<f64>() / count as f64;
        match loss.is_finite() {
            true => Ok(self),
            false => Err(TrainError::Diverged {
                epoch: self.epoch,
                step: run.steps_per_epoch(train),
                samples: train.indices_of(&places),
                loss,
                checkpoint: run.folder.last_checkpoint(),
            }),
        }
    }
}
