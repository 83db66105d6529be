use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use burn::optim::OptimizerRecord;
use burn::optim::lr_scheduler::LrSchedulerRecord;
use burn::store::ModuleRecord;
use burn::train::checkpoint::{Checkpoint, Checkpointer, CheckpointerError};
use memae_data::format::replace_file;

use super::folder::CheckpointFolder;
use super::log_files::FileFailure;
use super::manifest::SavedFile;
use super::names::{MODEL, OPTIMIZER, SCHEDULER, checkpoint_name};
use super::publication::{PhaseAccount, Publication};
use super::saved_run::SavedPhase;

/// Checkpoints of one kind: models, optimisers or schedules.
pub(in crate::train) struct Checkpoints<R> {
    directory: PathBuf,
    record: &'static str,
    /// What the run goes on from.
    resumed: Mutex<Option<R>>,
    publication: Publication,
    failure: FileFailure,
}

impl<R> Checkpoints<R> {
    fn new(
        directory: &Path,
        record: &'static str,
        resumed: Option<R>,
        (publication, failure): (Publication, FileFailure),
    ) -> Self {
        Self {
            directory: directory.to_path_buf(),
            record,
            resumed: Mutex::new(resumed),
            publication,
            failure,
        }
    }

    fn failed(&self, path: &Path, error: io::Error) -> CheckpointerError {
        let message = format!("{}: {error}", path.display());
        self.failure.set(path, error);
        CheckpointerError::Unknown(message)
    }
}

impl<R: Checkpoint> Checkpointer<R> for Checkpoints<R> {
    fn save(&self, epoch: usize, record: R) -> Result<(), CheckpointerError> {
        let path = self.directory.join(checkpoint_name(self.record, epoch));
        let failed = |error| self.failed(&path, error);
        let bytes = record.checkpoint_into_bytes();
        let bytes = bytes.map_err(|error| failed(io::Error::other(error.to_string())))?;
        fs::create_dir_all(&self.directory).map_err(failed)?;
        replace_file(&path, |file| file.write_all(&bytes)).map_err(failed)?;
        let saved = SavedFile::new(self.record, epoch, &bytes);
        let published = self.publication.saved(saved);
        published.map_err(|(path, error)| self.failed(&path, error))
    }

    fn delete(&self, epoch: usize) -> Result<(), CheckpointerError> {
        let path = self.directory.join(checkpoint_name(self.record, epoch));
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.failed(&path, error)),
            _ => Ok(()),
        }
    }

    /// What was read and checked before the training started.
    fn restore(&self, epoch: usize) -> Result<R, CheckpointerError> {
        let mut resumed = self.resumed.lock().unwrap_or_else(PoisonError::into_inner);
        resumed.take().ok_or_else(|| {
            CheckpointerError::Unknown(format!("{} of epoch {epoch} is not at hand", self.record))
        })
    }
}

/// Checkpoints of a phase, of all kinds.
pub(in crate::train) struct PhaseCheckpoints {
    pub(in crate::train) model: Checkpoints<ModuleRecord>,
    pub(in crate::train) optimizer: Checkpoints<OptimizerRecord>,
    pub(in crate::train) scheduler: Checkpoints<LrSchedulerRecord>,
}

impl CheckpointFolder {
    /// Checkpoints of a phase, which goes on from `saved` if that is there; `None` where there is no folder.
    pub(in crate::train) fn checkpoints_of(
        &self,
        account: PhaseAccount,
        saved: Option<SavedPhase>,
        failure: &FileFailure,
    ) -> Option<PhaseCheckpoints> {
        let (manifest, folder) = (self.manifest()?, self.checkpoints(account.phase)?);
        let (files, records) = match saved {
            Some(saved) => (
                saved.files,
                (
                    Some(saved.model),
                    Some(saved.optimizer),
                    Some(saved.scheduler),
                ),
            ),
            None => (Vec::new(), (None, None, None)),
        };
        let publication = Publication::new(manifest, account, files);
        let parts = || (publication.clone(), failure.clone());
        Some(PhaseCheckpoints {
            model: Checkpoints::new(&folder, MODEL, records.0, parts()),
            optimizer: Checkpoints::new(&folder, OPTIMIZER, records.1, parts()),
            scheduler: Checkpoints::new(&folder, SCHEDULER, records.2, parts()),
        })
    }
}
