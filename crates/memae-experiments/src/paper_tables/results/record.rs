use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::place::Place;
use crate::paper_tables::plan::Cell;
use crate::paper_tables::work::{Figures, Found};

/// Raised when a reader of the old lines would misread the new.
const FORMAT: u32 = 1;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What one run found: one line of a results file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    format: u32,
    version: String,
    /// Which run it was.
    pub(crate) id: String,
    /// What repeats it.
    pub(crate) command: String,
    /// Name of the data set.
    pub(super) data: String,
    /// What tells it from others of the same name.
    pub(super) digest: String,
    /// What computed.
    pub(super) device: String,
    /// Seconds of the whole run.
    pub(crate) seconds: f64,
    /// Figures by score rule.
    pub(crate) figures: BTreeMap<String, Figures>,
    /// How test samples used the memory; empty without one.
    pub(crate) memory: Figures,
    /// Figures after each epoch, as `rule: figure`; empty unless they were measured.
    pub(crate) epochs: Vec<BTreeMap<String, f64>>,
    /// Every setting.
    pub(super) work: Value,
    /// All of this as it was first written: reading numbers and writing them again may change their last digit.
    #[serde(skip)]
    line: String,
}

impl Record {
    pub(crate) fn new(
        cell: &Cell,
        command: String,
        place: &Place,
        seconds: f64,
        found: Found,
    ) -> Self {
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
    ///
    /// # Errors
    ///
    /// A figure that JSON has no way to write.
    pub fn line(&self) -> Result<String, serde_json::Error> {
        match self.line.is_empty() {
            true => serde_json::to_string(self),
            false => Ok(self.line.clone()),
        }
    }

    /// A figure by a score rule.
    pub(crate) fn figure(&self, rule: &str, name: &str) -> Option<f64> {
        self.figures.get(rule)?.get(name).copied()
    }

    /// Reads a line; columns count from 1.
    pub(crate) fn parse(text: &str) -> Result<Self, (usize, String)> {
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
pub(super) fn settings(cell: &Cell) -> Value {
    // By way of text, which rounds numbers as a file does.
    serde_json::to_string(&cell.work)
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}
