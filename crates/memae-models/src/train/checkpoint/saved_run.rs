use std::fs;
use std::path::Path;

use burn::optim::OptimizerRecord;
use burn::optim::lr_scheduler::LrSchedulerRecord;
use burn::store::ModuleRecord;
use burn::tensor::Bytes;
use burn::train::checkpoint::Checkpoint;
use memae_data::format::{read_file, shown};

use super::folder::CheckpointFolder;
use super::identity::RunIdentity;
use super::manifest::{Manifest, SavedFile};
use super::names::{MODEL, OPTIMIZER, SCHEDULER, checkpoint_name};
use crate::train::error::{LastCheckpoint, TrainError};
use crate::train::report::{EpochFigures, Phase, TrainHistory};

/// A run as it was left.
pub(in crate::train) struct SavedRun {
    /// Time spent on it.
    pub(in crate::train) seconds: f64,
    /// Figures of the phases before that in which it was left.
    pub(in crate::train) before: TrainHistory,
    pub(in crate::train) phase: Phase,
    pub(in crate::train) saved: SavedPhase,
}

/// The phase in which a run was left, after its last whole epoch.
pub(in crate::train) struct SavedPhase {
    /// Epochs that are done.
    pub(in crate::train) epoch: usize,
    /// Their figures.
    pub(in crate::train) figures: Vec<EpochFigures>,
    pub(in crate::train) model: ModuleRecord,
    pub(in crate::train) optimizer: OptimizerRecord,
    pub(in crate::train) scheduler: LrSchedulerRecord,
    /// The best epoch so far with its model, where epochs are compared.
    pub(in crate::train) best: Option<(usize, ModuleRecord)>,
    pub(super) files: Vec<SavedFile>,
}

impl SavedPhase {
    /// The epochs of which something is there.
    pub(in crate::train) fn epochs(&self) -> Vec<usize> {
        let mut epochs: Vec<usize> = self.files.iter().map(|file| file.epoch).collect();
        epochs.sort_unstable();
        epochs.dedup();
        epochs
    }
}

impl CheckpointFolder {
    /// An error if a run has left a checkpoint in the folder.
    pub(in crate::train) fn refuse_run(&self) -> Result<(), TrainError> {
        match self.manifest() {
            Some(path) if fs::symlink_metadata(&path).is_ok() => Err(TrainError::RunExists {
                path: shown(path.parent().unwrap_or(&path)),
            }),
            _ => Ok(()),
        }
    }

    /// What there is to go on from, where it can be told.
    pub(in crate::train) fn last_checkpoint(&self) -> Option<LastCheckpoint> {
        let manifest = Manifest::read(&self.manifest()?).ok()??;
        let epochs = manifest.history.epochs.len();
        Some(LastCheckpoint::new(epochs, self.to_string()))
    }

    /// The run that the folder holds, which must be one of these samples and settings; `None` where there is none.
    pub(in crate::train) fn saved_run(
        &self,
        identity: &RunIdentity,
    ) -> Result<Option<SavedRun>, TrainError> {
        let Some(path) = self.manifest() else {
            return Ok(None);
        };
        let Some(manifest) = Manifest::read(&path)? else {
            return Ok(None);
        };
        if let Some(difference) = identity.difference(&manifest.identity) {
            return Err(TrainError::OtherRun {
                path: shown(&path),
                what: difference.what,
                found: difference.found,
                expected: difference.expected,
            });
        }
        let Some(folder) = self.checkpoints(manifest.phase) else {
            return Ok(None);
        };
        let Manifest {
            phase,
            epoch,
            best,
            seconds,
            files,
            history,
            ..
        } = manifest;
        let (of_phase, before): (Vec<_>, Vec<_>) = history
            .epochs
            .into_iter()
            .partition(|figures| figures.phase == phase);
        if of_phase.len() != epoch {
            return Err(TrainError::Checkpoint {
                path: shown(&path),
                reason: format!(
                    "found figures of {} epochs, expected {epoch}",
                    of_phase.len()
                ),
            });
        }
        let files_of = Files {
            manifest: &path,
            folder: &folder,
            files: &files,
        };
        let best = best
            .map(|best| Ok::<_, TrainError>((best, files_of.read(MODEL, best)?)))
            .transpose()?;
        Ok(Some(SavedRun {
            seconds,
            before: TrainHistory { epochs: before },
            phase,
            saved: SavedPhase {
                epoch,
                figures: of_phase,
                model: files_of.read(MODEL, epoch)?,
                optimizer: files_of.read(OPTIMIZER, epoch)?,
                scheduler: files_of.read(SCHEDULER, epoch)?,
                best,
                files,
            },
        }))
    }
}

/// The files that a manifest names.
struct Files<'a> {
    manifest: &'a Path,
    folder: &'a Path,
    files: &'a [SavedFile],
}

impl Files<'_> {
    fn read<R: Checkpoint>(&self, record: &str, epoch: usize) -> Result<R, TrainError> {
        let mut files = self.files.iter();
        let Some(file) = files.find(|file| (file.record.as_str(), file.epoch) == (record, epoch))
        else {
            return Err(TrainError::Checkpoint {
                path: shown(self.manifest),
                reason: format!("found no {record} of epoch {epoch}, expected one"),
            });
        };
        let path = self.folder.join(checkpoint_name(record, epoch));
        let damaged = |reason| TrainError::Checkpoint {
            path: shown(&path),
            reason,
        };
        let bytes = read_file(&path, file.bytes).map_err(TrainError::CheckpointFile)?;
        if bytes.len() as u64 != file.bytes {
            return Err(damaged(format!(
                "found {} bytes, expected {}",
                bytes.len(),
                file.bytes
            )));
        }
        let found = crc32fast::hash(&bytes);
        if found != file.crc32 {
            return Err(damaged(format!(
                "found the checksum {found:08x}, expected {:08x}",
                file.crc32
            )));
        }
        R::checkpoint_from_bytes(Bytes::from_bytes_vec(bytes))
            .map_err(|error| damaged(error.to_string()))
    }
}
