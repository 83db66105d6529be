//! What could not be scored or trained on, and what was not looked at.

use std::fmt;
use std::path::{Path, PathBuf};

use memae::data::format::{Gap, PassedOver, shown};

use crate::print::note;

/// The most that are named.
const MAX_NAMED: usize = 20;

/// Input that was left out: how much, and the first of it, with the reason; and what was passed over in folders.
#[derive(Debug, Default)]
pub(crate) struct LeftOut {
    count: usize,
    first: Vec<String>,
    passed_over: Vec<PassedOverIn>,
    remarks: Vec<String>,
    more_remarks: usize,
}

/// A file that was left out, and why.
#[derive(Debug)]
pub(crate) struct LeftOutFile {
    pub(crate) path: PathBuf,
    /// In one line that names the file.
    pub(crate) reason: String,
}

/// What of a folder is none of what is looked for: that is no fault, but said.
#[derive(Debug)]
pub(crate) struct PassedOverIn {
    pub(crate) folder: PathBuf,
    pub(crate) what: PassedOver,
}

/// A place in a video or a stream where frames are missing, or where something else begins.
#[derive(Debug, Clone)]
pub(crate) struct GapFound {
    pub(crate) path: PathBuf,
    /// Frames that came before it.
    pub(crate) after: u64,
    /// Frames left out; `None` where nobody knows how many.
    pub(crate) left_out: Option<usize>,
    pub(crate) reason: String,
}

impl GapFound {
    /// One of a file whose damaged parts are left out.
    pub(crate) fn in_file(path: &Path, gap: Gap) -> Self {
        let reason = match gap.left_out {
            0 => "another recording begins, or frames are missing",
            _ => "frames that can't be decoded",
        };
        Self {
            path: path.to_path_buf(),
            after: gap.after as u64,
            left_out: Some(gap.left_out),
            reason: reason.to_string(),
        }
    }

    /// Whether frames have no verdict because of it.
    pub(crate) fn has_left_out(&self) -> bool {
        self.left_out != Some(0)
    }
}

impl fmt::Display for GapFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, after) = (shown(&self.path), self.after);
        write!(f, "{path}: after {after} frames: ")?;
        match self.left_out {
            Some(0) => f.write_str("none left out")?,
            Some(frames) => write!(f, "{frames} frames left out")?,
            None => f.write_str("frames left out")?,
        }
        write!(f, ": {}", self.reason)
    }
}

impl fmt::Display for PassedOverIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", shown(&self.folder), self.what)
    }
}

impl LeftOut {
    pub(crate) fn add(&mut self, reason: impl Into<String>) {
        self.count += 1;
        if self.first.len() < MAX_NAMED {
            self.first.push(reason.into());
        }
    }

    /// A gap is left out where frames are missing, and otherwise said.
    pub(crate) fn add_gap(&mut self, gap: &GapFound) {
        match gap.has_left_out() {
            true => self.add(gap.to_string()),
            false => self.remark(gap.to_string()),
        }
    }

    /// What was passed over in a folder, instead of what was known of it before.
    pub(crate) fn pass_over(&mut self, passed_over: PassedOverIn) {
        let known = self
            .passed_over
            .iter_mut()
            .find(|known| known.folder == passed_over.folder);
        match known {
            Some(known) => *known = passed_over,
            None => self.passed_over.push(passed_over),
        }
    }

    /// What is to be said beside it, of what was not left out.
    pub(crate) fn remark(&mut self, text: impl Into<String>) {
        match self.remarks.len() < MAX_NAMED {
            true => self.remarks.push(text.into()),
            false => self.more_remarks += 1,
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    pub(crate) fn first(&self) -> &[String] {
        &self.first
    }

    pub(crate) fn passed_over(&self) -> &[PassedOverIn] {
        &self.passed_over
    }

    /// Says what was left out, in spite of `--quiet`, and what was passed over or is to be said beside it.
    pub(crate) fn report(&self, quiet: bool) {
        if !quiet {
            for text in &self.remarks {
                note(text);
            }
            if self.more_remarks > 0 {
                note(format_args!("… and {} more such lines", self.more_remarks));
            }
            for passed_over in self.passed_over.iter().take(MAX_NAMED) {
                note(passed_over);
            }
            if self.passed_over.len() > MAX_NAMED {
                let folders = self.passed_over.len() - MAX_NAMED;
                note(format_args!("… and in {folders} more folders"));
            }
        }
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
