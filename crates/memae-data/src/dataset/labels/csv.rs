use std::io::Read;
use std::path::Path;

use csv::{ReaderBuilder, StringRecord, Trim};

use super::error::LabelError;
use super::frame_labels::FrameLabels;
use crate::dataset::error::SourceError;
use crate::format::{AtMost, natural_order, open_file};
use crate::short_text::shortened;

/// The longest file that is read, in bytes: labels of three days of frames.
const MAX_BYTES: u64 = 1 << 24;

pub(super) fn read(path: &Path) -> Result<FrameLabels, SourceError> {
    let file = open_file(path)?;
    read_table(file)
        .map(FrameLabels::Frames)
        .map_err(SourceError::in_labels(path))
}

fn read_table(file: impl Read) -> Result<Vec<bool>, LabelError> {
    let mut table = ReaderBuilder::new()
        .has_headers(false)
        .trim(Trim::All)
        .from_reader(AtMost::new(file, MAX_BYTES));
    let mut record = StringRecord::new();
    if !next(&mut table, &mut record)? {
        return Err(LabelError::Content {
            found: "an empty file".to_string(),
            expected: "one label a line",
        });
    }
    let mut labels = Vec::new();
    // A first line of labels is no header, whatever the rest of the file looks like.
    let columns = if record.iter().all(|field| value(field).is_some()) {
        let first = std::mem::take(&mut record);
        let single_line = !next(&mut table, &mut record)?;
        if first.len() > 1 && !single_line {
            return Err(LabelError::Content {
                found: format!("{} columns without a header", first.len()),
                expected: "one column, or a header with `label` or `anomalous`",
            });
        }
        for field in &first {
            labels.push(label(labels.len(), field)?);
        }
        if single_line {
            return Ok(labels);
        }
        labels.push(label(labels.len(), &record[0])?);
        Columns {
            label: 0,
            frames: Vec::new(),
            files: Vec::new(),
        }
    } else {
        Columns::of(&record)?
    };
    let first_line = record.iter().collect::<Vec<_>>().join(", ");
    let mut first_frames = vec![0; columns.frames.len()];
    let mut last_files: Vec<String> = Vec::new();
    while next(&mut table, &mut record)? {
        let line = record.position().map_or(0, csv::Position::line);
        for (&column, first_frame) in columns.frames.iter().zip(&mut first_frames) {
            // Frames may be counted from 0 or from 1, as the first line says.
            let found = frame_number(&record[column]);
            if labels.is_empty() && found == Some(1) {
                *first_frame = 1;
            }
            let expected = *first_frame + labels.len() as u64;
            if found != Some(expected) {
                return Err(LabelError::Order {
                    line,
                    found: shortened(&record[column]),
                    expected,
                });
            }
        }
        let files = columns
            .files
            .iter()
            .map(|&column| record[column].to_string());
        let files: Vec<String> = files.collect();
        for (last, file) in last_files.iter().zip(&files) {
            if natural_order(last.as_ref(), file.as_ref()).is_ge() {
                return Err(LabelError::FileOrder {
                    line,
                    found: shortened(file),
                    before: shortened(last),
                });
            }
        }
        last_files = files;
        labels.push(label(labels.len(), &record[columns.label])?);
    }
    match labels.is_empty() {
        // What looks like a header may be a row with other signs between its labels.
        true => Err(LabelError::Content {
            found: format!("the single line `{}`", shortened(&first_line)),
            expected: "one label a line, or labels in a single line with commas between them",
        }),
        false => Ok(labels),
    }
}

/// Which columns matter.
struct Columns {
    label: usize,
    /// Those that number the frames.
    frames: Vec<usize>,
    /// Those that name the files of the frames.
    files: Vec<usize>,
}

/// Names of columns that number the frames, letters and digits only; a column without a name is what pandas makes of its
/// index.
const FRAME_NAMES: [&str; 7] = [
    "",
    "frame",
    "frameid",
    "frameindex",
    "framenumber",
    "frameno",
    "index",
];

/// Names of columns that name the files of frames.
const FILE_NAMES: [&str; 5] = ["file", "filename", "framefile", "image", "path"];

impl Columns {
    fn of(header: &StringRecord) -> Result<Self, LabelError> {
        let plain = |field: &str| -> String {
            let letters = field.chars().filter(|letter| letter.is_alphanumeric());
            letters.collect::<String>().to_lowercase()
        };
        let columns = |names: &[&str]| -> Vec<usize> {
            let named = |&at: &usize| names.contains(&plain(&header[at]).as_str());
            (0..header.len()).filter(named).collect()
        };
        let only = |columns: &[usize]| match *columns {
            [first, second, ..] => Err(LabelError::Content {
                found: format!("columns {} and {} for one thing", first + 1, second + 1),
                expected: "one column `label` or `anomalous`, and at most one `frame`",
            }),
            _ => Ok(columns.first().copied()),
        };
        let label = match only(&columns(&["label", "anomalous"]))? {
            Some(label) => label,
            None if header.len() == 1 => 0,
            None => {
                let names: Vec<&str> = header.iter().collect();
                return Err(LabelError::Content {
                    found: format!("the columns {}", shortened(&names.join(", "))),
                    expected: "a column `label` or `anomalous`",
                });
            }
        };
        only(&columns(&["frame"]))?;
        let others = |names: &[&str]| -> Vec<usize> {
            let columns = columns(names).into_iter();
            columns.filter(|&column| column != label).collect()
        };
        Ok(Self {
            label,
            frames: others(&FRAME_NAMES),
            files: others(&FILE_NAMES),
        })
    }
}

fn next(table: &mut csv::Reader<impl Read>, record: &mut StringRecord) -> Result<bool, LabelError> {
    table
        .read_record(record)
        .map_err(|error| LabelError::Table {
            reason: shortened(&error.to_string()),
        })
}

/// A whole number, which some programs write as `1.0` or `001`.
fn frame_number(field: &str) -> Option<u64> {
    let whole = field.strip_suffix(".0").unwrap_or(field);
    whole.parse().ok()
}

/// A number, or a truth value as a number.
fn value(field: &str) -> Option<f64> {
    match field.to_ascii_lowercase().as_str() {
        "false" => Some(0.0),
        "true" => Some(1.0),
        number => number.parse().ok(),
    }
}

fn label(index: usize, field: &str) -> Result<bool, LabelError> {
    match value(field) {
        Some(0.0) => Ok(false),
        Some(1.0) => Ok(true),
        _ => Err(LabelError::Value {
            index,
            found: format!("`{}`", shortened(field)),
        }),
    }
}
