use std::io;

/// Why the rows of a CSV file cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CsvError {
    /// The fields of a row cannot be separated by this character.
    #[error(
        "delimiter: found {found:?}, expected an ASCII character other than a quote or a line break"
    )]
    Delimiter {
        /// The character.
        found: char,
    },
    /// A quoted field does not end where its line does.
    #[error("line {line}: found a quote that is not closed, expected each row on one line")]
    OpenQuote {
        /// The line, counted from 1.
        line: u64,
    },
    /// A line is too long for a row.
    #[error("line {line}: found more than {max_bytes} bytes, expected a row of text")]
    LineLength {
        /// The line, counted from 1.
        line: u64,
        /// The most bytes of a line.
        max_bytes: u64,
    },
    /// The compressed data break off.
    #[error("line {line}: found the end of the compressed data too early: the file is cut short")]
    CutShort {
        /// The line that was being read, counted from 1.
        line: u64,
    },
    /// The bytes cannot be read or decompressed.
    #[error("line {line}: {error}")]
    Io {
        /// The line that was being read, counted from 1.
        line: u64,
        /// What the reader said.
        error: io::Error,
    },
}
