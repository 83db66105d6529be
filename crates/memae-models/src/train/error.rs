use std::sync::Arc;

use burn::data::dataset::DatasetError;
use memae_core::MemoryConfigError;
use memae_data::encode::MotionError;
use memae_data::format::FileError;
use memae_data::protocol::ProtocolError;

use super::config::TrainConfigError;
use crate::network::NetworkConfigError;

/// Why a training run did not end with a model.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// The training settings.
    #[error(transparent)]
    Config(#[from] TrainConfigError),
    /// The network settings.
    #[error(transparent)]
    Network(#[from] NetworkConfigError),
    /// The memory settings, or too few samples to make items from.
    #[error(transparent)]
    Memory(#[from] MemoryConfigError),
    /// The split into training and held-out samples.
    #[error(transparent)]
    Split(#[from] ProtocolError),
    /// Groups that are not those of the samples.
    #[error("groups of training {name}s: found {found}, expected {expected}, one for each {name}")]
    GroupCount {
        /// What a sample is called.
        name: &'static str,
        /// Groups found.
        found: usize,
        /// Samples.
        expected: usize,
    },
    /// Samples of another shape than the network's input.
    #[error("training {name}s are {found}, expected {expected} as the network's input")]
    SampleShape {
        /// What a sample is called.
        name: &'static str,
        /// Shape of the samples, as it is written.
        found: String,
        /// Shape of the input.
        expected: String,
    },
    /// Too few samples.
    #[error("{found} training {name}s are left, expected at least {expected}")]
    TooFewSamples {
        /// What a sample is called.
        name: &'static str,
        /// Samples left after the held-out ones.
        found: usize,
        /// Samples needed.
        expected: usize,
    },
    /// No samples that epochs can be compared by.
    #[error("training: no {name}s are held out to compare epochs by, expected at least 1")]
    NothingWatched {
        /// What a sample is called.
        name: &'static str,
    },
    /// A video whose motion can't be had.
    #[error(transparent)]
    Motion(#[from] MotionError),
    /// Videos in which nothing moves, so that nothing is learned of how it does.
    #[error(
        "found no motion in {queries} queries, expected normal videos in which something moves"
    )]
    NoMotion {
        /// Queries that were looked at.
        queries: usize,
    },
    /// A sample that can't be read.
    #[error("training stopped: {0}")]
    Sample(#[from] DatasetError),
    /// The folder for logs and checkpoints, or a file in it, before the training or in the middle of it.
    #[error("{path}: can't be used for checkpoints: {source}")]
    Directory {
        /// The folder or the file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The folder holds a run already.
    #[error(
        "{path}: found a training, expected a folder without one; resume it, or choose another folder"
    )]
    RunExists {
        /// The folder.
        path: String,
    },
    /// The run that is to go on is one of other samples or settings, or of another version of this crate.
    #[error("{path}: found a training with {what} {found}, expected {expected} to go on with it")]
    OtherRun {
        /// The account of the run.
        path: String,
        /// The first thing in which it differs.
        what: String,
        /// What it is there.
        found: String,
        /// What it is here.
        expected: String,
    },
    /// Settings that can't be written down.
    #[error("settings of the training: {0}")]
    Settings(String),
    /// A file of a checkpoint that can't be read.
    #[error("{0}")]
    CheckpointFile(FileError),
    /// A checkpoint that is damaged.
    #[error("{path}: {reason}")]
    Checkpoint {
        /// The file.
        path: String,
        /// What was found and what was expected.
        reason: String,
    },
    /// The run was stopped from outside.
    #[error("training was interrupted{}", kept(checkpoint.as_ref()))]
    Interrupted {
        /// What it can go on from, if it wrote any.
        checkpoint: Option<LastCheckpoint>,
    },
    /// burn-train stopped on an error.
    #[error("training stopped: {0}")]
    Training(Arc<burn::train::TrainingError>),
    /// The loss is no longer a number: the training stops there, before a checkpoint of it is written.
    #[error(
        "training diverged in epoch {epoch}, step {step}: the loss of {} is {loss}, expected a finite number; try a lower learning rate{}",
        listed(samples), kept(checkpoint.as_ref())
    )]
    Diverged {
        /// Epoch, from 1, counted through all phases.
        epoch: usize,
        /// Step of the epoch, from 1, whose batch had this loss; the last one where its own step was what led there.
        step: usize,
        /// The samples of that batch, by their indices among all that the training was given.
        samples: Vec<usize>,
        /// The loss found.
        loss: f64,
        /// The last of a network whose losses were numbers, if the run wrote any.
        checkpoint: Option<LastCheckpoint>,
    },
}

/// The checkpoint that a run which did not end has left.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LastCheckpoint {
    /// Epochs done, through all phases.
    pub epoch: usize,
    /// Folder of the run.
    pub folder: String,
}

impl LastCheckpoint {
    pub(super) fn new(epoch: usize, folder: String) -> Self {
        Self { epoch, folder }
    }
}

fn kept(checkpoint: Option<&LastCheckpoint>) -> String {
    match checkpoint {
        Some(LastCheckpoint { epoch, folder }) => format!("; {folder} holds epoch {epoch}"),
        None => String::new(),
    }
}

/// Samples that are named; of a batch of thousands the first say where it is.
const NAMED: usize = 8;

fn listed(samples: &[usize]) -> String {
    let named: Vec<String> = samples.iter().take(NAMED).map(usize::to_string).collect();
    let named = named.join(", ");
    match samples.len() {
        count @ ..=NAMED => format!("a batch of {count} samples ({named})"),
        count => format!("a batch of {count} samples ({named}, …)"),
    }
}
