use std::any::Any;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::epoch_draws::EpochDraws;
use crate::network::Autoencoder;

/// What is to be done after every epoch.
#[derive(Clone)]
pub(super) struct EpochEnd {
    pub(super) steps_per_epoch: usize,
    /// Steps taken so far.
    pub(super) step: usize,
    /// Epochs before the first step.
    pub(super) epochs_before: usize,
    /// What the network is shown to.
    pub(super) watch: Option<Watch>,
    /// What is drawn in the next epoch depends on nothing else, where something is drawn.
    pub(super) draws: Option<EpochDraws>,
}

/// Called with the epoch, from 1; the network is found by its type.
pub(super) type Watch = Arc<Mutex<dyn FnMut(usize, &dyn Any) + Send>>;

impl fmt::Debug for EpochEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EpochEnd")
            .field("steps_per_epoch", &self.steps_per_epoch)
            .field("step", &self.step)
            .finish_non_exhaustive()
    }
}

impl EpochEnd {
    /// Counts a step, and does what is to be done after the last of an epoch.
    pub(super) fn count_step<A: Autoencoder>(&mut self, autoencoder: &A) {
        self.step += 1;
        if !self.step.is_multiple_of(self.steps_per_epoch) {
            return;
        }
        let epoch = self.epochs_before + self.step / self.steps_per_epoch;
        if let Some(watch) = &self.watch {
            let mut watch = watch.lock().unwrap_or_else(PoisonError::into_inner);
            watch(epoch, &autoencoder.valid());
        }
        if let Some(draws) = &self.draws {
            draws.start(epoch + 1);
        }
    }
}
