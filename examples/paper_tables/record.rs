use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::replace_file::replace_file;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cell::Cell;

/// Raised when a reader of the old lines would misread the new.
const FORMAT: u32 = 1;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Figures by their names.
pub type Figures = BTreeMap<String, f64>;

/// What one run found: one line of a results file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    format: u32,
    version: String,
    /// Which run it was.
    pub id: String,
    /// What repeats it.
    pub command: String,
    /// Name of the data set.
    data: String,
    /// What tells it from others of the same name.
    digest: String,
    /// What computed.
    device: String,
    /// Seconds of the whole run.
    pub seconds: f64,
    /// Figures by score rule.
    pub figures: BTreeMap<String, Figures>,
    /// How test samples used the memory; empty without one.
    pub memory: Figures,
    /// Figures after each epoch, as `rule: figure`; empty unless they were measured.
    pub epochs: Vec<BTreeMap<String, f64>>,
    /// Every setting.
    work: Value,
    /// All of this as it was first written: reading numbers and writing them again may change their last digit.
    #[serde(skip)]
    line: String,
}

/// On what runs are made, and by what.
#[derive(Debug, Clone)]
pub struct Place {
    /// Name of the data set.
    pub data: String,
    /// What tells it from others of the same name.
    pub digest: String,
    /// Name of the device.
    pub device: String,
}

/// What a run found, before it is known where it stands in a table.
#[derive(Debug, Default)]
pub struct Found {
    pub figures: BTreeMap<String, Figures>,
    pub memory: Figures,
    pub epochs: Vec<BTreeMap<String, f64>>,
}

/// Why a results file is of no use.
#[derive(Debug, thiserror::Error)]
pub enum ResultsError {
    #[error("{}: can't be read: {source}", path.display())]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{}: can't be written: {source}", path.display())]
    Write {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{}: found in use by another process, expected one at a time; give another --out", path.display())]
    InUse { path: PathBuf },
    #[error("{}: line {line}, column {column}: {reason}", path.display())]
    Line {
        path: PathBuf,
        line: usize,
        column: usize,
        reason: String,
    },
}

impl Record {
    pub fn new(cell: &Cell, command: String, place: &Place, seconds: f64, found: Found) -> Self {
        Self {
            format: FORMAT,
            version: VERSION.to_string(),
            id: cell.id(),
            command,
            data: place.data.clone(),
            digest: place.digest.clone(),
            device: place.device.clone(),
            seconds,
            figures: found.figures,
            memory: found.memory,
            epochs: found.epochs,
            work: settings(cell),
            line: String::new(),
        }
    }

    /// Its line in a results file.
    pub fn line(&self) -> Result<String, serde_json::Error> {
        match self.line.is_empty() {
            true => serde_json::to_string(self),
            false => Ok(self.line.clone()),
        }
    }

    /// A figure by a score rule.
    pub fn figure(&self, rule: &str, name: &str) -> Option<f64> {
        self.figures.get(rule)?.get(name).copied()
    }

    /// Reads a line; columns count from 1.
    pub fn parse(text: &str) -> Result<Self, (usize, String)> {
        #[derive(Deserialize)]
        struct Versions {
            format: u32,
            version: String,
        }
        let json_error = |error: serde_json::Error| {
            let reason = error.to_string();
            // The line is said beside the file.
            let reason = reason.split(" at line ").next().unwrap_or_default();
            (error.column().max(1), reason.to_string())
        };
        let Versions { format, version } = serde_json::from_str(text).map_err(json_error)?;
        if (format, version.as_str()) != (FORMAT, VERSION) {
            let column = text.find("\"format\"").map_or(1, |place| place + 1);
            return Err((
                column,
                format!(
                    "found results of version {version} (format {format}), expected {VERSION} \
                     (format {FORMAT}); move the file away or give another --out"
                ),
            ));
        }
        let mut record: Self = serde_json::from_str(text).map_err(json_error)?;
        record.line = text.to_string();
        match Duration::try_from_secs_f64(record.seconds) {
            Ok(_) => Ok(record),
            Err(_) => {
                let column = text.find("\"seconds\"").map_or(1, |place| place + 1);
                let found = record.seconds;
                Err((column, format!("found {found} seconds, expected a time")))
            }
        }
    }
}

/// The settings of a run as they come out of a file.
fn settings(cell: &Cell) -> Value {
    // By way of text, which rounds numbers as a file does.
    serde_json::to_string(&cell.work)
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// A file of results, one JSON line a run.
#[derive(Debug)]
pub struct Results {
    path: PathBuf,
    records: Vec<Record>,
    _lock: File,
}

/// Keeps other processes from writing the same results, which would lose some.
fn lock(path: &Path) -> Result<File, ResultsError> {
    let lock = File::create(path).map_err(|source| ResultsError::Write {
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
    pub fn open(path: &Path, place: &Place, cells: &[Cell]) -> Result<Self, ResultsError> {
        let lock = lock(&path.with_extension("lock"))?;
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(source) => {
                return Err(ResultsError::Read {
                    path: path.to_path_buf(),
                    source,
                });
            }
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
    pub fn of(&self, cell: &Cell) -> Option<&Record> {
        let id = cell.id();
        self.records.iter().find(|record| record.id == id)
    }

    /// Adds a record to the file, which is whole at every moment.
    pub fn add(&mut self, record: Record) -> Result<(), ResultsError> {
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
