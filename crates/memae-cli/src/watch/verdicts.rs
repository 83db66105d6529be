//! Where verdicts go.

use crate::failure::Failure;
use crate::left_out::{LeftOut, PassedOverIn};
use crate::score::{Format, Found, Writer};

/// Where verdicts go, each at once.
pub(super) struct Verdicts {
    writer: Writer,
    only_anomalies: bool,
    scored: u64,
    anomalous: u64,
    left_out: LeftOut,
}

impl Verdicts {
    pub(super) fn new(format: Format, only_anomalies: bool) -> Result<Self, Failure> {
        let mut verdicts = Self {
            writer: Writer::new(format)?,
            only_anomalies,
            scored: 0,
            anomalous: 0,
            left_out: LeftOut::default(),
        };
        verdicts.writer.flush()?;
        Ok(verdicts)
    }

    pub(super) fn left_out(&self) -> &LeftOut {
        &self.left_out
    }

    pub(super) fn summary(&self) -> String {
        format!("{} scored, {} anomalous", self.scored, self.anomalous)
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
        }
        self.writer.write(found)?;
        self.writer.flush()?;
        match self.writer.is_closed() {
            true => Err(Failure::NobodyReads),
            false => Ok(()),
        }
    }
}
