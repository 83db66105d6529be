//! Verdicts as text, JSON or CSV.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use memae::data::format::shown;
use memae::detect::Place;
use serde::Serialize;

use super::found::{Found, Scored};
use crate::failure::Failure;
use crate::left_out::{GapFound, LeftOutFile, PassedOverIn};

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

/// A path in JSON, which holds text alone: of one that is none, what it looks like, and its bytes.
#[derive(Serialize)]
struct JsonPath<'a> {
    path: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<&'a [u8]>,
}

impl<'a> JsonPath<'a> {
    fn new(path: &'a Path) -> Self {
        let bytes = path
            .to_str()
            .is_none()
            .then_some(path.as_os_str().as_encoded_bytes());
        Self {
            path: path.to_string_lossy(),
            path_bytes: bytes,
        }
    }
}

#[derive(Serialize)]
struct JsonVerdict<'a> {
    #[serde(flatten)]
    path: JsonPath<'a>,
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
    #[serde(flatten)]
    path: JsonPath<'a>,
    error: &'a str,
}

#[derive(Serialize)]
struct JsonGap<'a> {
    #[serde(flatten)]
    path: JsonPath<'a>,
    after: u64,
    left_out: Option<usize>,
    error: &'a str,
}

#[derive(Serialize)]
struct JsonPassedOver<'a> {
    #[serde(flatten)]
    path: JsonPath<'a>,
    passed_over: usize,
    reasons: Vec<JsonReason<'a>>,
}

/// The first of what was passed over for a reason.
#[derive(Serialize)]
struct JsonReason<'a> {
    reason: String,
    count: usize,
    names: Vec<Cow<'a, str>>,
}

/// What was left out, as the program says it in JSON.
pub(crate) fn json_left_out(file: &LeftOutFile) -> impl Serialize + '_ {
    JsonLeftOut {
        path: JsonPath::new(&file.path),
        error: &file.reason,
    }
}

/// What was passed over, as the program says it in JSON.
pub(crate) fn json_passed_over(passed_over: &PassedOverIn) -> impl Serialize + '_ {
    let reasons = passed_over.what.by_reason();
    JsonPassedOver {
        path: JsonPath::new(&passed_over.folder),
        passed_over: passed_over.what.count(),
        reasons: reasons
            .map(|(reason, count, names)| JsonReason {
                reason: reason.to_string(),
                count,
                names: names.iter().map(|name| name.to_string_lossy()).collect(),
            })
            .collect(),
    }
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
                &b"path"[..],
                b"place",
                b"score",
                b"normalized",
                b"p_value",
                b"anomalous",
            ])?)?,
            Format::Text => {
                writer.line(b"verdict  normalized       score  p-value  sample".to_vec())?
            }
            Format::Json => {}
        }
        Ok(writer)
    }

    pub(crate) fn write(&mut self, found: &Found) -> Result<(), Failure> {
        let line = match (self.format, found) {
            (Format::Json, Found::Scored(sample)) => json(&json_verdict(sample))?,
            (Format::Json, Found::LeftOut(file)) => json(&json_left_out(file))?,
            (_, Found::Gap(gap)) => return self.write_gap(gap),
            (Format::Json, Found::PassedOver(passed_over)) => json(&json_passed_over(passed_over))?,
            (Format::Csv, Found::Scored(sample)) => {
                let Scored {
                    path,
                    place,
                    verdict,
                } = sample;
                csv_line([
                    path.as_os_str().as_encoded_bytes(),
                    place.to_string().as_bytes(),
                    verdict.score.to_string().as_bytes(),
                    verdict.normalized.to_string().as_bytes(),
                    verdict
                        .p_value
                        .map(|p| p.to_string())
                        .unwrap_or_default()
                        .as_bytes(),
                    verdict.anomalous.to_string().as_bytes(),
                ])?
            }
            (Format::Text, Found::Scored(sample)) => text(sample).into_bytes(),
            // Those go to standard error at the end.
            (_, Found::LeftOut(_) | Found::PassedOver(_) | Found::Remark(_)) => return Ok(()),
        };
        self.line(line)
    }

    /// A line of JSON; of the other formats, it goes to standard error alone.
    pub(crate) fn write_gap(&mut self, gap: &GapFound) -> Result<(), Failure> {
        match self.format {
            Format::Json => self.line(json(&JsonGap {
                path: JsonPath::new(&gap.path),
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

    /// Whether nobody reads any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed
    }

    fn line(&mut self, mut line: Vec<u8>) -> Result<(), Failure> {
        if self.closed {
            return Ok(());
        }
        line.push(b'\n');
        let written = self.output.write_all(&line);
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

fn json_verdict(sample: &Scored) -> JsonVerdict<'_> {
    let (frame, line) = match sample.place {
        Place::Frame(frame) => (Some(frame), None),
        Place::Line(line) => (None, Some(line)),
        _ => (None, None),
    };
    JsonVerdict {
        path: JsonPath::new(&sample.path),
        frame,
        line,
        score: sample.verdict.score,
        normalized: sample.verdict.normalized,
        p_value: sample.verdict.p_value,
        anomalous: sample.verdict.anomalous,
    }
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(value).map_err(|error| Failure::Output(error.into()))
}

/// One line of CSV, without its end. A path is written as the bytes that it has, so that it can be opened again.
fn csv_line<'a>(fields: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>, Failure> {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    let written = writer.write_record(fields).map_err(io::Error::from);
    let bytes = written.and_then(|()| writer.into_inner().map_err(csv::IntoInnerError::into_error));
    let mut line = bytes.map_err(Failure::Output)?;
    line.pop_if(|last| *last == b'\n');
    Ok(line)
}
