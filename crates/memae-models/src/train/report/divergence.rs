use std::sync::{Arc, Mutex, PoisonError};

use burn::train::Interrupter;

/// Stops a training as soon as a batch has a loss that is no number.
#[derive(Clone)]
pub(in crate::train) struct DivergenceWatch {
    first: Arc<Mutex<Option<Divergence>>>,
    interrupter: Interrupter,
}

/// The first loss that was no number.
#[derive(Debug, Clone, Copy)]
pub(in crate::train) struct Divergence {
    /// From 1, of the phase.
    pub(in crate::train) epoch: usize,
    /// From 1, of the epoch.
    pub(in crate::train) step: usize,
    pub(in crate::train) loss: f64,
}

impl DivergenceWatch {
    pub(in crate::train) fn new(interrupter: &Interrupter) -> Self {
        Self {
            first: Arc::default(),
            interrupter: interrupter.clone(),
        }
    }

    pub(super) fn see(&self, found: Divergence) {
        if found.loss.is_finite() {
            return;
        }
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert(found);
        self.interrupter.stop(None);
    }

    /// What stopped the training, if this did.
    pub(in crate::train) fn take(&self) -> Option<Divergence> {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        first.take()
    }
}
