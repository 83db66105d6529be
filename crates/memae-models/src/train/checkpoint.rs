use std::path::{Path, PathBuf};

use super::error::TrainError;
use super::report::{Figure, Phase};

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
        let name = part_name(phase);
        self.0.as_ref().map(|directory| directory.join(name))
    }
}

fn part_name(phase: Phase) -> &'static str {
    match phase {
        Phase::WarmUp => "warm_up",
        Phase::Main => "main",
    }
}

/// Every file that burn-train may write in so many epochs, below the folder of the run.
pub(super) fn files(epochs: usize) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for phase in [Phase::WarmUp, Phase::Main] {
        let part = Path::new(part_name(phase));
        for epoch in 1..=epochs {
            for split in ["train", "valid"] {
                let logs = part.join(split).join(format!("epoch-{epoch}"));
                let figures = Figure::ALL.iter().map(|figure| figure.name());
                files.extend(
                    figures.map(|name| logs.join(format!("{}.log", name.replace(' ', "_")))),
                );
            }
            let checkpoints = part.join("checkpoint");
            let records = ["model", "optim", "scheduler"];
            files.extend(records.map(|name| checkpoints.join(format!("{name}-{epoch}.bpk"))));
        }
    }
    files
}
