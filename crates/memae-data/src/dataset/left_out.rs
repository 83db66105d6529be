use std::path::PathBuf;

/// A file or a folder that could not be read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOutFile {
    /// The file or the folder.
    pub path: PathBuf,
    /// What is wrong with it, in one line that names it.
    pub reason: String,
}
