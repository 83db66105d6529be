use std::io::Read;
use std::path::Path;

use csv::{ReaderBuilder, StringRecord, Trim};

use super::error::LabelError;
use super::frame_labels::FrameLabels;
use crate::dataset::error::SourceError;
use crate::format::{AtMost, open_file};
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
            frame: None,
        }
    } else {
        Columns::of(&record)?
    };
    let first_line = record.iter().collect::<Vec<_>>().join(", ");
    let mut first_frame = 0;
    while next(&mut table, &mut record)? {
        if let Some(column) = columns.frame {
            // Frames may be counted from 0 or from 1, as the first line says.
            if labels.is_empty() && &record[column] == "1" {
                first_frame = 1;
            }
            let expected = first_frame + labels.len() as u64;
            if record[column].parse() != Ok(expected) {
                return Err(LabelError::Order {
                    line: record.position().map_or(0, csv::Position::line),
                    found: shortened(&record[column]),
                    expected,
                });
            }
        }
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
    frame: Option<usize>,
}

impl Columns {
    fn of(header: &StringRecord) -> Result<Self, LabelError> {
        let column = |names: &[&str]| {
            let named = |field: &str| names.iter().any(|name| field.eq_ignore_ascii_case(name));
            let mut columns = (0..header.len()).filter(|&at| named(&header[at]));
            match (columns.next(), columns.next()) {
                (Some(first), Some(second)) => Err(LabelError::Content {
                    found: format!("columns {} and {} for one thing", first + 1, second + 1),
                    expected: "one column `label` or `anomalous`, and at most one `frame`",
                }),
                (column, _) => Ok(column),
            }
        };
        let label = match column(&["label", "anomalous"])? {
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
        Ok(Self {
            label,
            frame: column(&["frame"])?,
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
