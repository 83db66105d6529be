use burn::tensor::Device;
use burn::train::Interrupter;

use super::checkpoint::CheckpointFolder;
use super::config::TrainConfig;
use super::report::ProgressDisplay;
use crate::samples::Samples;

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
