//! Verdicts as text, JSON or CSV.

use std::io::{self, Write};

use memae::data::format::shown;
use memae::detect::Place;
use serde::Serialize;

use super::found::{Found, GapFound, Scored};
use crate::failure::Failure;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    Json,
    Csv,
}

/// Writes verdicts to standard output, a line each, as they come.
pub(crate) struct Writer {
    format: Format,
    output: io::BufWriter<io::Stdout>,
    /// Whether nobody reads any more.
    closed: bool,
}

#[derive(Serialize)]
struct JsonVerdict<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    frame: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    score: f64,
    normalized: f64,
    p_value: Option<f64>,
    anomalous: bool,
}

#[derive(Serialize)]
struct JsonLeftOut<'a> {
    path: &'a str,
    error: &'a str,
}

#[derive(Serialize)]
struct JsonGap<'a> {
    path: &'a str,
    after: u64,
    left_out: Option<usize>,
    error: &'a str,
}

impl Writer {
    pub(crate) fn new(format: Format) -> Result<Self, Failure> {
        let mut writer = Self {
            format,
            output: io::BufWriter::new(io::stdout()),
            closed: false,
        };
        match format {
            Format::Csv => writer.line(csv_line([
                "path",
                "place",
                "score",
                "normalized",
                "p_value",
                "anomalous",
            ])?)?,
            Format::Text => {
                writer.line("verdict  normalized       score  p-value  sample".to_string())?
            }
            Format::Json => {}
        }
        Ok(writer)
    }

    pub(crate) fn write(&mut self, found: &Found) -> Result<(), Failure> {
        let line = match (self.format, found) {
            (Format::Json, Found::Scored(sample)) => {
                json(&json_verdict(sample, &sample.path.to_string_lossy()))?
            }
            (Format::Json, Found::LeftOut(file)) => json(&JsonLeftOut {
                path: &file.path.to_string_lossy(),
                error: &file.reason,
            })?,
            (Format::Csv, Found::Scored(sample)) => {
                let Scored {
                    path,
                    place,
                    verdict,
                } = sample;
                csv_line([
                    path.to_string_lossy().as_ref(),
                    &place.to_string(),
                    &verdict.score.to_string(),
                    &verdict.normalized.to_string(),
                    &verdict.p_value.map(|p| p.to_string()).unwrap_or_default(),
                    &verdict.anomalous.to_string(),
                ])?
            }
            (Format::Text, Found::Scored(sample)) => text(sample),
            // Those go to standard error at the end.
            (_, Found::LeftOut(_)) => return Ok(()),
        };
        self.line(line)
    }

    /// A line of JSON; of the other formats, it goes to standard error alone.
    pub(crate) fn write_gap(&mut self, gap: &GapFound) -> Result<(), Failure> {
        match self.format {
            Format::Json => self.line(json(&JsonGap {
                path: &gap.path.to_string_lossy(),
                after: gap.after,
                left_out: gap.left_out,
                error: &gap.reason,
            })?),
            _ => Ok(()),
        }
    }

    /// Hands over what was written so far.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        if self.closed {
            return Ok(());
        }
        let flushed = self.output.flush();
        self.unless_closed(flushed)
    }

    fn line(&mut self, line: String) -> Result<(), Failure> {
        if self.closed {
            return Ok(());
        }
        let written = writeln!(self.output, "{line}");
        self.unless_closed(written)
    }

    /// A reader that has seen enough is no fault.
    fn unless_closed(&mut self, written: io::Result<()>) -> Result<(), Failure> {
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            result => result.map_err(Failure::Output),
        }
    }
}

fn text(sample: &Scored) -> String {
    let Scored {
        path,
        place,
        verdict,
    } = sample;
    let p_value = verdict
        .p_value
        .map_or("-".to_string(), |p| format!("{p:.4}"));
    let place = match place {
        Place::Image => String::new(),
        place => format!(": {place}"),
    };
    format!(
        "{:<7}  {:>10.4}  {:>10.4}  {p_value:>7}  {}{place}",
        if verdict.anomalous {
            "ANOMALY"
        } else {
            "normal"
        },
        verdict.normalized,
        verdict.score,
        shown(path)
    )
}

fn json_verdict<'a>(sample: &Scored, path: &'a str) -> JsonVerdict<'a> {
    let (frame, line) = match sample.place {
        Place::Frame(frame) => (Some(frame), None),
        Place::Line(line) => (None, Some(line)),
        _ => (None, None),
    };
    JsonVerdict {
        path,
        frame,
        line,
        score: sample.verdict.score,
        normalized: sample.verdict.normalized,
        p_value: sample.verdict.p_value,
        anomalous: sample.verdict.anomalous,
    }
}

fn json(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::Output(error.into()))
}

/// One line of CSV, without its end.
fn csv_line<'a>(fields: impl IntoIterator<Item = &'a str>) -> Result<String, Failure> {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    let written = writer.write_record(fields).map_err(io::Error::from);
    let bytes = written.and_then(|()| writer.into_inner().map_err(csv::IntoInnerError::into_error));
    let line = bytes.map_err(Failure::Output)?;
    Ok(String::from_utf8_lossy(&line)
        .trim_end_matches('\n')
        .to_string())
}
