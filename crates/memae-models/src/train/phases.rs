use std::time::Instant;

use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::tensor::{Device, Tensor};
use memae_core::items::KMeansConfig;
use memae_core::loss::MemAeLoss;
use memae_core::{MemoryModule, MemoryModuleConfig};
use memae_kernels::adam::AdamConfig;

use super::best_epoch::BestEpoch;
use super::checkpoint::{RunAccount, RunIdentity, SavedPhase, SavedRun};
use super::config::{InitialItems, TrainConfigError};
use super::epoch_draws::EpochDraws;
use super::error::TrainError;
use super::last_step::LastStep;
use super::launch::{Launch, Launched};
use super::report::{Phase, TrainHistory};
use super::run::Run;
use super::schedule::TemperatureSchedule;
use super::step::TrainingModel;
use super::watch::{EpochEnd, Watch};
use crate::network::{Autoencoder, AutoencoderConfig};
use crate::samples::{Samples, Selection, for_each_batch};

/// Items are made from at most this many queries an item: more cost time and change little.
const QUERIES_PER_ITEM: usize = 256;

/// The phases of a run: without memory, the first items, with the memory.
pub(super) struct Phases<'a, N, S> {
    pub(super) run: &'a Run,
    pub(super) network: &'a N,
    pub(super) train: &'a Selection<S>,
    pub(super) validation: &'a Selection<S>,
    pub(super) watch: Option<Watch>,
    /// What the run is known by, where it writes checkpoints.
    pub(super) identity: Option<RunIdentity>,
    pub(super) start: Instant,
    /// Time spent on it before.
    pub(super) seconds_before: f64,
}

impl<N: AutoencoderConfig, S: Samples + Clone + 'static> Phases<'_, N, S> {
    /// Runs them all, from where a run was left if there is one; the network that comes back is for inference.
    pub(super) fn run(
        &self,
        saved: Option<SavedRun>,
    ) -> Result<(Launched<N::Network>, TrainHistory), TrainError> {
        let config = &self.run.config;
        let (mut history, saved_warm_up, saved_main) = match saved {
            None => (TrainHistory::default(), None, None),
            Some(run) => match run.phase {
                Phase::WarmUp => (run.before, Some(run.saved), None),
                Phase::Main => (run.before, None, Some(run.saved)),
            },
        };
        self.run.device.seed(config.seed);
        let device = self.run.device.clone().autodiff();
        let mut autoencoder = self.network.without_memory().try_init(&device)?;
        let loss = config.loss.try_init().map_err(TrainConfigError::from)?;
        let mut optimizer = AdamConfig::new().init();
        if let Some(memory) = self.network.memory() {
            // Weights, optimiser and items of a saved main phase take the places of these.
            if config.warm_up_epochs > 0 && saved_main.is_none() {
                (autoencoder, optimizer) =
                    self.warm_up(autoencoder, loss, optimizer, &mut history, saved_warm_up)?;
            }
            let memory = match saved_main {
                Some(_) => {
                    let warm_up = history.epochs.len() * self.run.steps_per_epoch(self.train);
                    (0..warm_up).for_each(|_| autoencoder.count_batch());
                    memory.try_init(&device)?
                }
                None => self.first_memory(&autoencoder, memory, &device)?,
            };
            *autoencoder.memory_mut() = Some(memory);
        }
        let launched = self.main(autoencoder, loss, optimizer, &mut history, saved_main)?;
        Ok((launched, history))
    }

    /// Trains without the memory; the optimizer that comes back goes on with its averages.
    fn warm_up(
        &self,
        autoencoder: N::Network,
        loss: MemAeLoss,
        optimizer: ModuleOptimizer,
        history: &mut TrainHistory,
        saved: Option<SavedPhase>,
    ) -> Result<(N::Network, ModuleOptimizer), TrainError> {
        let epochs = self.run.config.warm_up_epochs;
        let last_step = LastStep::new(epochs * self.run.steps_per_epoch(self.train));
        let launch = Launch {
            model: TrainingModel::new(autoencoder, loss)
                .with_epoch_end(self.epoch_end(self.watch.clone(), None, history))
                .with_last_step(last_step.clone()),
            optimizer: optimizer.clone(),
            phase: Phase::WarmUp,
            epochs,
            train: self.train,
            validation: self.validation,
            best: None,
            saved,
            account: self.account(),
        };
        let launched = launch.start(self.run, history)?;
        let optimizer = launched
            .optimizer
            .or_else(|| last_step.optimizer())
            .unwrap_or(optimizer);
        Ok((launched.network.train(), optimizer))
    }

    /// The memory as the training with it starts.
    fn first_memory(
        &self,
        autoencoder: &N::Network,
        memory: &MemoryModuleConfig,
        device: &Device,
    ) -> Result<MemoryModule, TrainError> {
        let config = &self.run.config;
        match config.initial_items {
            InitialItems::Drawn => Ok(memory.try_init(device)?),
            InitialItems::Encodings => {
                let encodings = self.encodings(&autoencoder.valid(), memory.num_items)?;
                let items = KMeansConfig::new()
                    .with_seed(config.seed)
                    .centers(encodings, memory.num_items)?;
                Ok(memory.init_with_items(Tensor::from_inner(items))?)
            }
        }
    }

    /// Trains the network as it is configured, with its memory if it has one.
    fn main(
        &self,
        autoencoder: N::Network,
        loss: MemAeLoss,
        optimizer: ModuleOptimizer,
        history: &mut TrainHistory,
        saved: Option<SavedPhase>,
    ) -> Result<Launched<N::Network>, TrainError> {
        let config = &self.run.config;
        let epochs = match self.network.memory() {
            Some(_) => config.epochs - config.warm_up_epochs,
            None => config.epochs,
        };
        let steps = epochs * self.run.steps_per_epoch(self.train);
        let best = config.best_epoch.map(BestEpoch::new);
        let watch = match &best {
            Some(best) => Some(best.watch(self.watch.clone())),
            None => self.watch.clone(),
        };
        let draws = (config.item_update.revival_share > 0.0 && self.network.memory().is_some())
            .then(|| EpochDraws::new(&self.run.device, config.seed));
        if let Some(draws) = &draws {
            let done = saved.as_ref().map_or(0, |saved| saved.epoch);
            draws.start(history.epochs.len() + done + 1);
        }
        let launch = Launch {
            model: self
                .main_model(autoencoder, loss, steps)?
                .with_epoch_end(self.epoch_end(watch, draws, history)),
            optimizer,
            phase: Phase::Main,
            epochs,
            train: self.train,
            validation: self.validation,
            best,
            saved,
            account: self.account(),
        };
        launch.start(self.run, history)
    }

    /// The network with everything that its main phase, of `steps` steps, needs.
    fn main_model(
        &self,
        mut autoencoder: N::Network,
        loss: MemAeLoss,
        steps: usize,
    ) -> Result<TrainingModel<N::Network>, TrainError> {
        let config = &self.run.config;
        let Some(memory) = autoencoder.memory_mut().take() else {
            return Ok(TrainingModel::new(autoencoder, loss));
        };
        let temperature = config
            .initial_temperature
            .map(|from| TemperatureSchedule::new(from, memory.addressing.temperature, steps));
        let queries_per_batch = config.batch_size * self.network.queries_per_sample()?;
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

    /// What is to be done after each epoch of a phase that starts now.
    fn epoch_end(
        &self,
        watch: Option<Watch>,
        draws: Option<EpochDraws>,
        history: &TrainHistory,
    ) -> Option<EpochEnd> {
        (watch.is_some() || draws.is_some()).then(|| EpochEnd {
            watch,
            draws,
            steps_per_epoch: self.run.steps_per_epoch(self.train),
            step: 0,
            epochs_before: history.epochs.len(),
        })
    }

    /// What checkpoints say of the run, where there are to be some.
    fn account(&self) -> Option<RunAccount> {
        self.identity.clone().map(|identity| RunAccount {
            identity,
            start: self.start,
            seconds_before: self.seconds_before,
        })
    }

    /// Queries of the training samples, `[queries, item_dim]`, evenly thinned if there are many.
    fn encodings(&self, model: &N::Network, num_items: usize) -> Result<Tensor<2>, TrainError> {
        let train = self.train;
        let Run { config, device, .. } = self.run;
        let wanted = num_items.saturating_mul(QUERIES_PER_ITEM);
        // Of samples that ask many queries, fewer do.
        let every = train
            .len()
            .saturating_mul(self.network.queries_per_sample()?)
            / wanted;
        let indices: Vec<usize> = (0..train.len())
            .step_by(every.clamp(1, train.len()))
            .collect();
        let mut queries = Vec::new();
        let thinned = Selection::new(train.clone(), indices);
        for_each_batch(&thinned, config.batch_size, device, |batch| {
            queries.push(model.queries_of_rows(batch));
        })?;
        let queries = Tensor::cat(queries, 0);
        let [found, _] = queries.dims();
        let every = (found / wanted).max(1);
        Ok(queries.slice(burn::tensor::s![0..;every as isize, ..]))
    }
}
