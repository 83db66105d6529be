use std::path::Path;

use super::config::TableConfig;
use super::in_memory::Table;
use super::read::read;
use crate::format::{FileError, open_file, uncompressed};
use crate::sample::error::SampleError;

impl TableConfig {
    /// Reads a table from a CSV file, plain or compressed by gzip; which one is told by its first bytes.
    ///
    /// Each row is one line of at most 2²⁰ bytes; blank lines are passed over. Fields may stand in double quotes, but may
    /// not hold a line break unless [`quoted_line_breaks`](Self::quoted_line_breaks) is set. White space around a field and
    /// a byte order mark are taken off. An empty field is a category of its own, but no number, unless numbers
    /// [may be missing](Self::missing). The file is read a line at a time, so that memory holds the table and nothing else.
    ///
    /// # Errors
    ///
    /// The file cannot be read ([`SampleError::File`]). The settings do not fit it, it is damaged, a field is not what its
    /// column asks for, or the table takes more memory than it may ([`SampleError::Table`]).
    pub fn read(&self, path: impl AsRef<Path>) -> Result<Table, SampleError> {
        let path = path.as_ref();
        let file = open_file(path)?;
        let reader = uncompressed(file).map_err(FileError::reading(path))?;
        read(self, reader, path).map_err(|error| SampleError::Table {
            path: path.to_path_buf(),
            error: Box::new(error),
        })
    }
}
