//! What could not be scored or trained on.

use std::path::PathBuf;

use crate::print::note;

/// The most that are named.
const MAX_NAMED: usize = 20;

/// Input that was left out: how much, and the first of it, with the reason.
#[derive(Debug, Default)]
pub(crate) struct LeftOut {
    count: usize,
    first: Vec<String>,
}

/// A file that was left out, and why.
#[derive(Debug)]
pub(crate) struct LeftOutFile {
    pub(crate) path: PathBuf,
    /// In one line that names the file.
    pub(crate) reason: String,
}

impl LeftOut {
    pub(crate) fn add(&mut self, reason: impl Into<String>) {
        self.count += 1;
        if self.first.len() < MAX_NAMED {
            self.first.push(reason.into());
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    pub(crate) fn first(&self) -> &[String] {
        &self.first
    }

    /// Says what was left out; these lines come in spite of `--quiet`.
    pub(crate) fn report(&self) {
        if self.count == 0 {
            return;
        }
        note(format_args!("left out: {}", self.count));
        for reason in &self.first {
            note(format_args!("  {reason}"));
        }
        if self.count > self.first.len() {
            note(format_args!(
                "  … and {} more",
                self.count - self.first.len()
            ));
        }
    }
}
