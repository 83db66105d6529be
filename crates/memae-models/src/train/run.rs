use burn::tensor::Device;
use burn::train::Interrupter;

use super::checkpoint::CheckpointFolder;
use super::config::TrainConfig;
use super::report::ProgressDisplay;
use crate::samples::{PassOrder, Samples};

/// What all phases of a run share.
#[derive(Clone)]
pub(super) struct Run {
    pub(super) config: TrainConfig,
    /// Without autodiff.
    pub(super) device: Device,
    pub(super) folder: CheckpointFolder,
    /// Whether to go on from what the folder holds.
    pub(super) resumes: bool,
    pub(super) display: ProgressDisplay,
    pub(super) interrupter: Interrupter,
    /// What the progress bar is called.
    pub(super) label: String,
}

impl Run {
    /// The order of the samples in a phase that begins with this epoch, after some passes of it.
    pub(super) fn pass_order(&self, first_epoch: usize, passes_done: usize) -> PassOrder {
        PassOrder {
            samples_per_pass: self.config.samples_per_epoch,
            seed: self.config.seed.wrapping_add(first_epoch as u64),
            passes_done,
        }
    }

    /// Samples of one pass.
    pub(super) fn samples_per_epoch(&self, train: &impl Samples) -> usize {
        let all = train.len();
        self.config
            .samples_per_epoch
            .map_or(all, |count| count.min(all))
    }

    /// Steps of one pass.
    pub(super) fn steps_per_epoch(&self, train: &impl Samples) -> usize {
        self.samples_per_epoch(train)
            .div_ceil(self.config.batch_size)
    }
}
