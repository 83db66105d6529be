use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use burn::optim::ModuleOptimizer;

/// Keeps the optimizer of the last step, so that a phase that follows goes on with its averages: an
/// optimizer that starts anew takes large steps, which undo some of what was learned.
#[derive(Clone)]
pub(super) struct LastStep {
    steps_left: usize,
    optimizer: Arc<Mutex<Option<ModuleOptimizer>>>,
}

impl fmt::Debug for LastStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LastStep")
            .field("steps_left", &self.steps_left)
            .finish_non_exhaustive()
    }
}

impl LastStep {
    pub(super) fn new(steps: usize) -> Self {
        Self {
            steps_left: steps,
            optimizer: Arc::default(),
        }
    }

    /// Counts steps that were taken before.
    pub(super) fn skip_steps(&mut self, steps: usize) {
        self.steps_left = self.steps_left.saturating_sub(steps);
    }

    pub(super) fn count_step(&mut self, optimizer: &ModuleOptimizer) {
        self.steps_left = self.steps_left.saturating_sub(1);
        if self.steps_left == 0 {
            *self.kept() = Some(optimizer.clone());
        }
    }

    /// The optimizer after the last step; `None` before.
    pub(super) fn optimizer(&self) -> Option<ModuleOptimizer> {
        self.kept().take()
    }

    fn kept(&self) -> MutexGuard<'_, Option<ModuleOptimizer>> {
        self.optimizer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
