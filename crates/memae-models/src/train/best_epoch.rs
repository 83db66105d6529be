//! The epoch whose network is kept.

use std::any::Any;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use burn::config::Config;
use burn::train::EarlyStoppingStrategy;
use burn::train::metric::store::{Aggregate, EventStoreClient, Split};
use serde::{Deserialize, Serialize};

use super::best_so_far::BestSoFar;
use super::report::{EpochFigures, Figure};
use super::watch::Watch;
use crate::network::Autoencoder;

/// What epochs are compared by, of the samples that the loss is watched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum EpochCriterion {
    /// The reconstruction loss: the lower, the better.
    Reconstruction,
    /// The loss, entropy included: the lower, the better.
    Loss,
}

impl EpochCriterion {
    pub(super) fn figure(self) -> Figure {
        match self {
            Self::Reconstruction => Figure::Reconstruction,
            Self::Loss => Figure::Loss,
        }
    }
}

/// Settings of a training that gives back the network of its best epoch, and not that of its last.
///
/// Epochs of the warm-up don't count, since their network is another one. Which epoch is best is told by normal samples alone; that is no
/// promise that anomalies are told best after it.
///
/// ```
/// use burn::tensor::Device;
/// use memae_data::drawn::DigitsConfig;
/// use memae_models::network::{ImageAutoencoderConfig, Variant};
/// use memae_models::train::{BestEpochConfig, ProgressDisplay, TrainConfig, Trainer};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let digits = DigitsConfig::default().with_train_per_class(20).generate();
/// let normal = digits.train.select(&digits.train.indices_of(9));
///
/// let best = BestEpochConfig::new().with_patience(Some(2));
/// let config = TrainConfig::new()
///     .with_epochs(4)
///     .with_validation_share(0.2)
///     .with_best_epoch(Some(best));
/// let trained = Trainer::new(config, Device::flex())
///     .with_display(ProgressDisplay::Silent)
///     .fit(&ImageAutoencoderConfig::mnist(Variant::Ae), &normal)?;
/// let error = |epoch: usize| trained.history.epochs[epoch - 1].validation["Reconstruction"];
/// assert!((1..=trained.history.epochs.len()).all(|epoch| error(trained.epoch) <= error(epoch)));
/// # Ok(())
/// # }
/// ```
#[derive(Config, Debug, PartialEq, Copy)]
#[non_exhaustive]
pub struct BestEpochConfig {
    /// What epochs are compared by. Default: the reconstruction loss.
    #[config(default = "EpochCriterion::Reconstruction")]
    pub criterion: EpochCriterion,
    /// Epochs that may follow the best one without a better, at least 1: then the training ends. Default: all of them.
    #[config(default = "None")]
    pub patience: Option<usize>,
}

/// Keeps the network of the best epoch of a phase.
#[derive(Clone)]
pub(super) struct BestEpoch<A> {
    config: BestEpochConfig,
    networks: Arc<Mutex<Networks<A>>>,
}

struct Networks<A> {
    /// After the last epoch, not compared yet.
    latest: Option<A>,
    so_far: BestSoFar,
    best: Option<BestNetwork<A>>,
}

pub(super) struct BestNetwork<A> {
    /// From 1, of the phase.
    pub(super) epoch: usize,
    pub(super) network: A,
}

impl<A: Autoencoder> BestEpoch<A> {
    pub(super) fn new(config: BestEpochConfig) -> Self {
        Self {
            config,
            networks: Arc::new(Mutex::new(Networks {
                latest: None,
                so_far: BestSoFar::default(),
                best: None,
            })),
        }
    }

    /// What epochs are compared by.
    pub(super) fn figure(&self) -> Figure {
        self.config.criterion.figure()
    }

    /// Goes on after these epochs, of which `best` is the best. Whether no more are to follow.
    pub(super) fn resume(&self, figures: &[EpochFigures], best: Option<BestNetwork<A>>) -> bool {
        let name = self.figure().name();
        let values = figures.iter();
        let values = values.map(|figures| figures.validation.get(name).copied());
        let mut networks = locked(&self.networks);
        networks.so_far = BestSoFar::of(values);
        networks.best = best;
        let patience = self.config.patience;
        patience.is_some_and(|patience| networks.so_far.is_over(figures.len(), patience))
    }

    /// How epochs compare so far.
    pub(super) fn so_far(&self) -> BestSoFar {
        locked(&self.networks).so_far.clone()
    }

    /// Sees the network after every epoch, and then shows it to `other`.
    pub(super) fn watch(&self, other: Option<Watch>) -> Watch {
        let networks = self.networks.clone();
        let watch = move |epoch: usize, network: &dyn Any| {
            locked(&networks).latest = network.downcast_ref::<A>().cloned();
            if let Some(other) = &other {
                other.lock().unwrap_or_else(PoisonError::into_inner)(epoch, network);
            }
        };
        Arc::new(Mutex::new(watch))
    }

    /// The best so far; `None` before the end of the first epoch, and where no figure was a number.
    pub(super) fn take(&self) -> Option<BestNetwork<A>> {
        locked(&self.networks).best.take()
    }
}

impl<A: Autoencoder> EarlyStoppingStrategy for BestEpoch<A> {
    fn should_stop(&mut self, epoch: usize, store: &EventStoreClient) -> bool {
        let name = self.figure().name();
        let value = store.find_metric(name, epoch, Aggregate::Mean, &Split::Valid);
        let mut networks = locked(&self.networks);
        let latest = networks.latest.take();
        if let Some(value) = value
            && networks.so_far.see(epoch, value)
        {
            networks.best = latest.map(|network| BestNetwork { epoch, network });
        }
        let patience = self.config.patience;
        patience.is_some_and(|patience| networks.so_far.is_over(epoch, patience))
    }
}

fn locked<A>(networks: &Mutex<Networks<A>>) -> MutexGuard<'_, Networks<A>> {
    networks.lock().unwrap_or_else(PoisonError::into_inner)
}
