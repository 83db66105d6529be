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
    #[error(
        "line {line}: found a quote that is not closed, expected each row on one line; \
         `with_quoted_line_breaks(true)` takes line breaks in quotes"
    )]
    OpenQuote {
        /// The line, counted from 1.
        line: u64,
    },
    /// A quoted field that may hold line breaks does not end at all.
    #[error("line {line}: found a quote that is not closed, expected its end before the file's")]
    UnclosedQuote {
        /// The line in which the row begins, counted from 1.
        line: u64,
    },
    /// A carriage return stands within a line.
    #[error(
        "line {line}: found a carriage return without a line feed, expected a line feed at the end of each line; \
         `with_carriage_returns(true)` takes it as the end of a line"
    )]
    CarriageReturn {
        /// The line, counted from 1.
        line: u64,
    },
    /// The file is UTF-16, or no text.
    #[error(
        "line 1: found {found}, expected text in UTF-8; `with_encoding(TextEncoding::Utf16)` reads UTF-16"
    )]
    Utf16 {
        /// What tells so.
        found: &'static str,
    },
    /// Bytes without a meaning in the encoding of the file.
    #[error("line {line}: found bytes that are no text in the encoding of the file, expected text")]
    Encoding {
        /// The line, counted from 1.
        line: u64,
    },
    /// A line, or a row of several lines, is too long.
    #[error("line {line}: found more than {max_bytes} bytes, expected a row of text")]
    LineLength {
        /// The line in which the row begins, counted from 1.
        line: u64,
        /// The most bytes of a row.
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
