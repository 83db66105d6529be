use std::fmt;
use std::io;

use super::ColumnKind;

/// Where a field stands in a file; written as `line 3, column 5 (bytes)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPlace {
    /// The line, counted from 1.
    pub line: u64,
    /// The column, counted from 1.
    pub column: usize,
    /// The name of the column.
    pub name: String,
}

impl fmt::Display for FieldPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, ", self.line)?;
        write_column(f, self.column, &self.name)
    }
}

/// A column as it is written in messages: `column 5 (bytes)`, or `column 5` where it has no name of its own.
pub(super) struct ColumnPlace<'a>(pub(super) usize, pub(super) &'a str);

impl fmt::Display for ColumnPlace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_column(f, self.0, self.1)
    }
}

fn write_column(f: &mut fmt::Formatter<'_>, number: usize, name: &str) -> fmt::Result {
    write!(f, "column {number}")?;
    match name.is_empty() || name == unnamed(number) {
        true => Ok(()),
        false => write!(f, " ({})", crate::format::short_text::shortened(name)),
    }
}

/// What a column without a name is called.
pub(super) fn unnamed(number: usize) -> String {
    format!("column {number}")
}

/// Why a file gives no table as it was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// The fields of a row cannot be separated by this character.
    #[error(
        "delimiter: found {found:?}, expected an ASCII character other than a quote or a line break"
    )]
    Delimiter {
        /// The character.
        found: char,
    },
    /// No column has a name that was asked for.
    #[error("column `{found}`: not in the file, expected one of {present}")]
    UnknownName {
        /// The name.
        found: String,
        /// The names in the file.
        present: String,
    },
    /// No column has a number that was asked for.
    #[error("column {found}: not in the file, expected 1 to {columns}")]
    UnknownNumber {
        /// The number.
        found: usize,
        /// Columns in the file.
        columns: usize,
    },
    /// Two columns have the same name.
    #[error("columns {first} and {second}: found the name `{name}` twice, expected distinct names")]
    RepeatedName {
        /// The name.
        name: String,
        /// Number of a column, counted from 1.
        first: usize,
        /// Number of another column.
        second: usize,
    },
    /// A column was asked for as two things.
    #[error("{}: found both {first} and {second}, expected one kind", ColumnPlace(*column, name))]
    TwoKinds {
        /// Number of the column, counted from 1.
        column: usize,
        /// Its name.
        name: String,
        /// What it was to be.
        first: ColumnKind,
        /// What it was to be as well.
        second: ColumnKind,
    },
    /// There would be two columns of labels, or more.
    #[error("labels: found {found} columns, expected at most one")]
    SeveralLabels {
        /// Columns that were to be the label.
        found: usize,
    },
    /// No column is numeric or categorical.
    #[error("columns: found none that is numeric or categorical, expected at least one")]
    NoColumns,
    /// The file has no rows.
    #[error("rows: found none, expected at least one")]
    NoRows,
    /// A row has too few or too many fields.
    #[error("line {line}: found {}, expected {expected}", counted_columns(*found))]
    Width {
        /// The line, counted from 1.
        line: u64,
        /// Columns found.
        found: usize,
        /// Columns expected.
        expected: usize,
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
    /// A field is not what its column asks for.
    #[error("{place}: found {found}, expected {expected}")]
    Field {
        /// Where it is.
        place: FieldPlace,
        /// What it holds.
        found: String,
        /// What it should hold.
        expected: String,
    },
    /// The table takes too much memory.
    #[error("line {line}: found more than a table of {max_bytes} bytes may hold, the limit set")]
    TooLarge {
        /// The line that was read last, counted from 1.
        line: u64,
        /// The most bytes.
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

/// A number of columns as it is written in messages.
pub(crate) fn counted_columns(count: usize) -> String {
    match count {
        1 => "1 column".to_string(),
        _ => format!("{count} columns"),
    }
}
