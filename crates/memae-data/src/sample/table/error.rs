use super::config::ColumnKind;
use super::place::{ColumnPlace, FieldPlace};
use crate::format::CsvError;
use crate::short_text::counted_columns;

/// Why a file gives no table as it was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// The rows of the file cannot be told apart.
    #[error(transparent)]
    Csv(#[from] CsvError),
    /// No column has a name that was asked for.
    #[error("column `{found}`: not in the file, expected one of {present}{hint}")]
    UnknownName {
        /// The name.
        found: String,
        /// The names in the file.
        present: String,
        /// What may help, after a semicolon; mostly nothing.
        hint: &'static str,
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
    #[error(
        "columns {first} and {second}: found the name `{name}` twice, expected distinct names{hint}"
    )]
    RepeatedName {
        /// The name.
        name: String,
        /// Number of a column, counted from 1.
        first: usize,
        /// Number of another column.
        second: usize,
        /// What may help, after a semicolon; nothing where the names are a program's own.
        hint: &'static str,
    },
    /// The first line may be a row as well as the names of the columns.
    #[error(
        "line {line}, {}: found the number `{found}`, expected the name of a column; `with_header(Header::Absent)` takes the \
         first line as a row, `with_header(Header::FirstLine)` as names whatever they are",
        ColumnPlace(*column, "")
    )]
    NumbersForNames {
        /// The line, counted from 1.
        line: u64,
        /// The first column that has a number there, counted from 1.
        column: usize,
        /// What stands there.
        found: String,
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
    /// A column has another number of rows than the first.
    #[error("{}: found {found} rows, expected {expected} as in the first column", ColumnPlace(*column, name))]
    Length {
        /// Number of the column, counted from 1.
        column: usize,
        /// Its name.
        name: String,
        /// Rows found.
        found: usize,
        /// Rows expected.
        expected: usize,
    },
    /// A field is not what its column asks for.
    #[error("{place}: found {found}, expected {expected}{hint}")]
    Field {
        /// Where it is.
        place: FieldPlace,
        /// What it holds.
        found: String,
        /// What it should hold.
        expected: String,
        /// The setting that would take it, after a semicolon; nothing if there is none.
        hint: &'static str,
    },
    /// The table takes too much memory.
    #[error("line {line}: found more than a table of {max_bytes} bytes may hold, the limit set")]
    TooLarge {
        /// The line that was read last, counted from 1.
        line: u64,
        /// The most bytes.
        max_bytes: u64,
    },
}
