use std::path::{Path, PathBuf};

use super::error::TrainError;
use super::report::Phase;

/// Checkpoints that are kept of each phase, the last ones.
pub(super) const KEPT_CHECKPOINTS: usize = 2;

/// The folder for metric logs and checkpoints, if any are to be written.
#[derive(Debug, Clone, Default)]
pub(super) struct CheckpointFolder(Option<PathBuf>);

impl CheckpointFolder {
    pub(super) fn new(directory: &Path) -> Self {
        Self(Some(directory.to_path_buf()))
    }

    /// Makes the folder, so that one that can't be written is an error before the training starts.
    pub(super) fn create(&self) -> Result<(), TrainError> {
        match &self.0 {
            Some(directory) => {
                std::fs::create_dir_all(directory).map_err(|source| TrainError::Directory {
                    path: directory.display().to_string(),
                    source,
                })
            }
            None => Ok(()),
        }
    }

    /// The part of one phase.
    pub(super) fn of(&self, phase: Phase) -> Option<PathBuf> {
        let name = match phase {
            Phase::WarmUp => "warm_up",
            Phase::Main => "main",
        };
        self.0.as_ref().map(|directory| directory.join(name))
    }
}
