use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use memae_data::format::{FileError, read_file};

use super::place::Place;
use super::record::{Record, settings};
use crate::output::replace_file;
use crate::paper_tables::plan::Cell;

/// The longest file that is read, in bytes; a run takes some thousand.
const MAX_BYTES: u64 = 1 << 28;

/// Why a results file is of no use.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResultsError {
    /// It is no regular file, is longer than any table makes it, or the system refuses.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file can't be written.
    #[error("{}: can't be written: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another process writes it.
    #[error("{}: found in use by another process, expected one at a time; give another --out", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// A line that is damaged or is not of this table; lines and columns count from 1.
    #[error("{}: line {line}, column {column}: {reason}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// What was found, and what expected.
        reason: String,
    },
}

/// A file of results, one JSON line a run.
#[derive(Debug)]
pub(crate) struct Results {
    path: PathBuf,
    records: Vec<Record>,
    _lock: File,
}

/// Keeps other processes from writing the same results, which would lose some; makes the folder if need be.
fn lock(path: &Path) -> Result<File, ResultsError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let lock = std::fs::create_dir_all(folder).and_then(|()| File::create(path));
    let lock = lock.map_err(|source| ResultsError::Write {
        path: path.to_path_buf(),
        source,
    })?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(ResultsError::InUse {
            path: path.to_path_buf(),
        }),
        Err(TryLockError::Error(source)) => Err(ResultsError::Write {
            path: path.to_path_buf(),
            source,
        }),
    }
}

impl Results {
    /// Reads a file, or starts one where none is.
    ///
    /// `cells`: the runs of the table; a line of one of them must have its settings and come from
    /// `place`. Lines of other runs, such as those of more seeds, are kept.
    ///
    /// The file is this process's own until the results are dropped.
    pub(crate) fn open(path: &Path, place: &Place, cells: &[Cell]) -> Result<Self, ResultsError> {
        let lock = lock(&path.with_extension("lock"))?;
        let text = match read_file(path, MAX_BYTES) {
            Ok(bytes) => String::from_utf8(bytes).map_err(|error| ResultsError::Line {
                path: path.to_path_buf(),
                line: 1 + error.as_bytes()[..error.utf8_error().valid_up_to()]
                    .iter()
                    .filter(|&&byte| byte == b'\n')
                    .count(),
                column: 1,
                reason: "found bytes that are no UTF-8".to_string(),
            })?,
            Err(FileError::Read { error, .. }) if error.kind() == std::io::ErrorKind::NotFound => {
                String::new()
            }
            Err(error) => return Err(error.into()),
        };
        let expected: BTreeMap<String, &Cell> =
            cells.iter().map(|cell| (cell.id(), cell)).collect();
        let mut records: Vec<Record> = Vec::new();
        for (index, text) in text.lines().enumerate() {
            let line_error = |(column, reason)| ResultsError::Line {
                path: path.to_path_buf(),
                line: index + 1,
                column,
                reason,
            };
            let record = Record::parse(text).map_err(line_error)?;
            let column = |key: &str| text.find(&format!("\"{key}\"")).map_or(1, |at| at + 1);
            let problem = if records.iter().any(|other| other.id == record.id) {
                Some(("id", format!("found the run {} a second time", record.id)))
            } else if (&record.data, &record.digest) != (&place.data, &place.digest) {
                let found = format!("{} ({})", record.data, record.digest);
                let expected = format!("{} ({})", place.data, place.digest);
                let reason = format!("found results on {found}, expected {expected}");
                Some(("data", reason))
            } else if record.device != place.device {
                let (found, expected) = (&record.device, &place.device);
                let reason = format!("found results of the device {found}, expected {expected}");
                Some(("device", reason))
            } else {
                expected
                    .get(&record.id)
                    .filter(|cell| settings(cell) != record.work)
                    .map(|_| {
                        let id = &record.id;
                        let reason = format!("found other settings than those of the run {id} now");
                        ("work", reason)
                    })
            };
            if let Some((key, reason)) = problem {
                let advice = "; move the file away or give another --out";
                return Err(line_error((column(key), reason + advice)));
            }
            records.push(record);
        }
        Ok(Self {
            path: path.to_path_buf(),
            records,
            _lock: lock,
        })
    }

    /// The record of a run, if it has been made.
    pub(crate) fn of(&self, cell: &Cell) -> Option<&Record> {
        let id = cell.id();
        self.records.iter().find(|record| record.id == id)
    }

    /// Adds a record to the file, which is whole at every moment.
    pub(crate) fn add(&mut self, record: Record) -> Result<(), ResultsError> {
        self.records.push(record);
        replace_file(&self.path, |file| {
            let mut text = String::new();
            for record in &self.records {
                text.push_str(&record.line()?);
                text.push('\n');
            }
            file.write_all(text.as_bytes())
        })
        .map_err(|source| ResultsError::Write {
            path: self.path.clone(),
            source,
        })
    }
}
