//! All findings of a workspace, and how much was looked at.

use std::fmt;

use crate::finding::Finding;

/// What was looked at and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// By file and line, with paths from the workspace's folder.
    pub findings: Vec<Finding>,
    /// Crates looked at.
    pub crates: usize,
    /// Files looked at.
    pub files: usize,
    /// Places where one file names something of another.
    pub uses: usize,
}

impl fmt::Display for Report {
    /// One line for each finding and one for the whole.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            writeln!(f, "{finding}")?;
        }
        let Self {
            crates,
            files,
            uses,
            ..
        } = self;
        write!(
            f,
            "crates: {crates}, files: {files}, names of other files: {uses}; "
        )?;
        match self.findings.len() {
            0 => write!(f, "no circle, and all in order"),
            findings => write!(f, "against the rules: {findings}"),
        }
    }
}
