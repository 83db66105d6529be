use std::io::{self, Write};
use std::path::Path;

use memae_data::format::{FileError, read_file, replace_file, shown};
use serde::{Deserialize, Serialize};

use super::identity::RunIdentity;
use crate::train::error::TrainError;
use crate::train::report::{Phase, TrainHistory};

/// The longest manifest that is read, in bytes: figures of all epochs take most of it.
const MAX_BYTES: u64 = 1 << 28;

/// A checkpoint as a whole.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// What may go on from it.
    pub(super) identity: RunIdentity,
    /// The phase that was trained.
    pub(super) phase: Phase,
    /// Epochs of it that are done.
    pub(super) epoch: usize,
    /// The best of them so far, where epochs are compared.
    pub(super) best: Option<usize>,
    /// Time spent so far.
    pub(super) seconds: f64,
    /// The epoch's files, and the model of the best epoch.
    pub(super) files: Vec<SavedFile>,
    /// Figures of all epochs so far, those of earlier phases too.
    pub(super) history: TrainHistory,
}

/// A file of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedFile {
    /// What it holds.
    pub(super) record: String,
    /// Epoch of the phase that it was written after.
    pub(super) epoch: usize,
    pub(super) bytes: u64,
    pub(super) crc32: u32,
}

impl SavedFile {
    pub(super) fn new(record: &str, epoch: usize, bytes: &[u8]) -> Self {
        Self {
            record: record.to_string(),
            epoch,
            bytes: bytes.len() as u64,
            crc32: crc32fast::hash(bytes),
        }
    }
}

impl Manifest {
    /// Reads a manifest; `None` where there is none.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, TrainError> {
        let unread = |reason: String| TrainError::Checkpoint {
            path: shown(path),
            reason,
        };
        match read_file(path, MAX_BYTES) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|error| unread(format!("no account of a training: {error}"))),
            Err(FileError::Read { error, .. }) if error.kind() == io::ErrorKind::NotFound => {
                Ok(None)
            }
            Err(error) => Err(TrainError::CheckpointFile(error)),
        }
    }

    pub(super) fn write(&self, path: &Path) -> io::Result<()> {
        let text = serde_json::to_vec_pretty(self)?;
        replace_file(path, |file| file.write_all(&text))
    }
}
