//! Where verdicts go.

use crate::failure::Failure;
use crate::left_out::{GapFound, LeftOut, PassedOverIn};
use crate::print::note;
use crate::score::{Format, Found, Writer};

/// Where verdicts go, each at once.
pub(super) struct Verdicts {
    writer: Writer,
    only_anomalies: bool,
    scored: u64,
    anomalous: u64,
    left_out: LeftOut,
    gaps: Gaps,
}

/// What was left out of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Gaps {
    count: u64,
    /// Frames known to be left out.
    frames: u64,
    /// Gaps of which nobody knows how many frames they are.
    unknown: u64,
}

impl Verdicts {
    pub(super) fn new(format: Format, only_anomalies: bool) -> Result<Self, Failure> {
        let mut verdicts = Self {
            writer: Writer::new(format)?,
            only_anomalies,
            scored: 0,
            anomalous: 0,
            left_out: LeftOut::default(),
            gaps: Gaps::default(),
        };
        verdicts.writer.flush()?;
        Ok(verdicts)
    }

    pub(super) fn left_out(&self) -> &LeftOut {
        &self.left_out
    }

    /// Whether there are files, or frames of a stream, that have no verdict.
    pub(super) fn has_left_out(&self) -> bool {
        self.left_out.count() > 0 || self.gaps.frames > 0 || self.gaps.unknown > 0
    }

    pub(super) fn summary(&self) -> String {
        format!(
            "{} scored, {} anomalous{}",
            self.scored,
            self.anomalous,
            self.gaps.summary()
        )
    }

    /// Writes what was found.
    ///
    /// # Errors
    ///
    /// [`Failure::NobodyReads`] where the reader of standard output is gone, which ends the watching.
    pub(super) fn write(&mut self, found: &Found) -> Result<(), Failure> {
        match found {
            Found::Scored(sample) => {
                self.scored += 1;
                self.anomalous += u64::from(sample.verdict.anomalous);
                if self.only_anomalies && !sample.verdict.anomalous {
                    return Ok(());
                }
            }
            Found::LeftOut(file) => self.left_out.add(file.reason.as_str()),
            Found::PassedOver(what) => self.left_out.pass_over(PassedOverIn {
                folder: what.folder.clone(),
                what: what.what.clone(),
            }),
            Found::Gap(gap) => return self.gap(gap),
            Found::Remark(text) => self.left_out.remark(text.as_str()),
        }
        self.writer.write(found)?;
        self.flush()
    }

    /// A gap is said at once, in spite of `--quiet`: a stream may go on for years.
    pub(super) fn gap(&mut self, gap: &GapFound) -> Result<(), Failure> {
        self.gaps.count += 1;
        match gap.left_out {
            Some(frames) => self.gaps.frames += frames as u64,
            None => self.gaps.unknown += 1,
        }
        note(gap);
        self.writer.write_gap(gap)?;
        self.flush()
    }

    fn flush(&mut self) -> Result<(), Failure> {
        self.writer.flush()?;
        match self.writer.is_closed() {
            true => Err(Failure::NobodyReads),
            false => Ok(()),
        }
    }
}

impl Gaps {
    fn summary(self) -> String {
        match self {
            Self { count: 0, .. } => String::new(),
            Self {
                count,
                frames,
                unknown: 0,
            } => format!(", {count} gaps, {frames} frames left out"),
            Self {
                count,
                frames,
                unknown,
            } => {
                format!(", {count} gaps ({unknown} of unknown length), {frames} frames left out")
            }
        }
    }
}
