use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use memae_data::format::replace_file;

use super::identity::RunIdentity;
use super::manifest::{Manifest, SavedFile};
use super::names::{HISTORY, MODEL, RECORDS};
use crate::train::best_so_far::BestSoFar;
use crate::train::report::{Figure, HistoryLogger, Phase, TrainHistory};

/// Says which files of a run belong together, each time that all of an epoch are written: they come from threads of their own.
#[derive(Clone)]
pub(in crate::train) struct Publication {
    manifest: Arc<PathBuf>,
    account: Arc<PhaseAccount>,
    saved: Arc<Mutex<Vec<SavedFile>>>,
}

/// What checkpoints say of a run.
pub(in crate::train) struct RunAccount {
    pub(in crate::train) identity: RunIdentity,
    pub(in crate::train) start: Instant,
    /// Time spent on it before.
    pub(in crate::train) seconds_before: f64,
}

/// What an account of a phase is made of, but for its files.
pub(in crate::train) struct PhaseAccount {
    pub(in crate::train) run: RunAccount,
    pub(in crate::train) phase: Phase,
    /// Figures of earlier phases.
    pub(in crate::train) before: TrainHistory,
    /// Figures of this one.
    pub(in crate::train) figures: HistoryLogger,
    /// What epochs are compared by, if they are.
    pub(in crate::train) compared_by: Option<Figure>,
}

impl Publication {
    /// Of a phase some of whose files are there already.
    pub(super) fn new(manifest: PathBuf, account: PhaseAccount, saved: Vec<SavedFile>) -> Self {
        Self {
            manifest: Arc::new(manifest),
            account: Arc::new(account),
            saved: Arc::new(Mutex::new(saved)),
        }
    }

    /// A file is in its place; what went wrong with the account, if anything did.
    pub(super) fn saved(&self, file: SavedFile) -> Result<(), (PathBuf, io::Error)> {
        let mut saved = self.saved.lock().unwrap_or_else(PoisonError::into_inner);
        let epoch = file.epoch;
        saved.retain(|other| (other.epoch, &other.record) != (epoch, &file.record));
        saved.push(file);
        if saved.iter().filter(|file| file.epoch == epoch).count() < RECORDS.len() {
            return Ok(());
        }
        let account = &self.account;
        // The next epoch may have begun.
        let first_epoch = account.before.epochs.len() + 1;
        let mut of_phase = account.figures.epochs(account.phase, first_epoch);
        of_phase.truncate(epoch);
        let best = account.compared_by.and_then(|figure| {
            let values = of_phase.iter();
            BestSoFar::of(values.map(|figures| figures.validation.get(figure.name()).copied()))
                .epoch()
        });
        // Models of epochs that were best once are not needed any more.
        saved.retain(|file| {
            file.epoch == epoch || (Some(file.epoch) == best && file.record == MODEL)
        });
        let mut history = account.before.clone();
        history.epochs.extend(of_phase);
        let manifest = Manifest {
            identity: account.run.identity.clone(),
            phase: account.phase,
            epoch,
            best,
            seconds: account.run.seconds_before + account.run.start.elapsed().as_secs_f64(),
            files: saved.clone(),
            history,
        };
        let table = manifest.history.to_csv();
        let written = manifest.write(&self.manifest);
        // A table for people is no reason to end a run.
        let path = self.manifest.with_file_name(HISTORY);
        let _ = replace_file(path, |file| file.write_all(table.as_bytes()));
        written.map_err(|error| (self.manifest.to_path_buf(), error))
    }
}
