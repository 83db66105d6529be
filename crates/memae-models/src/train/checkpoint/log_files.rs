//! Logs of figures. What goes wrong with them ends the training with an error that names the file; burn-train's own loggers panic.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use burn::train::Interrupter;
use burn::train::logger::MetricLogger;
use burn::train::metric::store::{EpochSummary, MetricsUpdate, Split};
use burn::train::metric::{MetricDefinition, MetricId, NumericEntry};
use memae_data::format::shown;

use super::names::log_path;
use crate::train::error::TrainError;

/// The first thing that went wrong with a file, from whatever thread; it stops the training.
#[derive(Clone)]
pub(in crate::train) struct FileFailure {
    first: Arc<Mutex<Option<(PathBuf, io::Error)>>>,
    interrupter: Interrupter,
}

impl FileFailure {
    pub(in crate::train) fn new(interrupter: &Interrupter) -> Self {
        Self {
            first: Arc::default(),
            interrupter: interrupter.clone(),
        }
    }

    pub(super) fn set(&self, path: &Path, error: io::Error) {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert_with(|| (path.to_path_buf(), error));
        self.interrupter.stop(None);
    }

    /// What went wrong, if anything did.
    pub(in crate::train) fn take(&self) -> Option<TrainError> {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        first.take().map(|(path, source)| TrainError::Directory {
            path: shown(path),
            source,
        })
    }
}

/// Writes the values of each figure to a file of its own for each epoch, a line a batch.
pub(in crate::train) struct LogFiles {
    directory: PathBuf,
    names: HashMap<MetricId, String>,
    files: HashMap<(String, String), File>,
    epoch: Option<usize>,
    failure: FileFailure,
}

impl LogFiles {
    pub(in crate::train) fn new(directory: &Path, failure: FileFailure) -> Self {
        Self {
            directory: directory.to_path_buf(),
            names: HashMap::new(),
            files: HashMap::new(),
            epoch: None,
            failure,
        }
    }

    fn write(&mut self, name: &str, epoch: usize, split: &Split, value: &str) {
        let split = split.to_string();
        let path = self.directory.join(log_path(&split, epoch, name));
        let key = (split, name.to_string());
        let written = match self.files.get_mut(&key) {
            Some(file) => writeln!(file, "{value}"),
            None => created(&path).and_then(|mut file| {
                writeln!(file, "{value}")?;
                self.files.insert(key, file);
                Ok(())
            }),
        };
        if let Err(error) = written {
            self.failure.set(&path, error);
        }
    }
}

fn created(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    File::create(path)
}

impl MetricLogger for LogFiles {
    fn log(&mut self, update: MetricsUpdate, epoch: usize, split: &Split) {
        if self.epoch != Some(epoch) {
            self.files.clear();
            self.epoch = Some(epoch);
        }
        let numeric = update.entries_numeric.iter().map(|numeric| &numeric.entry);
        for entry in update.entries.iter().chain(numeric) {
            if entry.serialized_entry.is_not_available() {
                continue;
            }
            if let Some(name) = self.names.get(&entry.metric_id).cloned() {
                self.write(&name, epoch, split, &entry.serialized_entry.serialized);
            }
        }
    }

    fn read_numeric(
        &mut self,
        name: &str,
        _epoch: usize,
        _split: &Split,
    ) -> Result<Vec<NumericEntry>, String> {
        Err(format!("values of {name} are not read again"))
    }

    fn log_metric_definition(&mut self, definition: MetricDefinition) {
        self.names
            .insert(definition.metric_id, definition.name.to_string());
    }

    fn log_epoch_summary(&mut self, _summary: EpochSummary) {
        self.files.clear();
    }
}
