use crate::format::shown;
use std::path::PathBuf;

use super::config::MAX_SIZE;
use crate::sample::{FieldPlace, Number, Table, TableColumn};
use crate::short_text::counted_columns;

/// Why rows of a table do not make vectors.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TableEncoderError {
    /// There are no rows to fit to.
    #[error("rows to fit an encoder to: found none, expected at least one")]
    NoRows,
    /// The limit for values is too small or too large, or no number.
    #[error("clip: found {found}, expected 1 to {:e}", MAX_SIZE)]
    Clip {
        /// The limit given.
        found: f64,
    },
    /// The value of missing numbers is no number.
    #[error(
        "value of missing numbers: found {found}, expected a finite number, at most 3.4e38 in size"
    )]
    MissingValue {
        /// The value given.
        found: f64,
    },
    /// Infinite numbers are to become what missing ones become, and those are errors.
    #[error(
        "infinite numbers as missing ones: found no value for these, expected one set by `with_missing`"
    )]
    NothingForMissing,
    /// No number of a column can be fitted to.
    #[error(
        "{}: `{column}`: found no finite number in the rows fitted on, expected at least one; \
         `with_missing(MissingNumber::Value(0.0))` needs none, nor does a column that is ignored",
        shown(path)
    )]
    NoNumbers {
        /// The file of the table.
        path: PathBuf,
        /// The column.
        column: String,
    },
    /// A number is missing or infinite.
    #[error("{}: {place}: found {found}, expected {expected}", shown(path))]
    Gap {
        /// The file of the table.
        path: PathBuf,
        /// Where it is.
        place: FieldPlace,
        /// Which of the two.
        found: &'static str,
        /// What was expected, and the setting that takes it.
        expected: &'static str,
    },
    /// A number that fills gaps is too large.
    #[error(
        "`{column}`: found {found} to fill gaps with, expected a finite number, at most 3.4e38 in size"
    )]
    Fill {
        /// The column.
        column: String,
        /// The number.
        found: f64,
    },
    /// A vocabulary was given for a column that is not there or has no categories.
    #[error(
        "vocabulary of `{column}`: found no such categorical column, expected one of {present}"
    )]
    VocabularyColumn {
        /// The column.
        column: String,
        /// The categorical columns.
        present: String,
    },
    /// A vocabulary is empty.
    #[error("vocabulary of `{column}`: found no categories, expected at least one")]
    EmptyVocabulary {
        /// The column.
        column: String,
    },
    /// A vocabulary has a category twice.
    #[error("vocabulary of `{column}`: found `{category}` twice, expected distinct categories")]
    RepeatedCategory {
        /// The column.
        column: String,
        /// The category.
        category: String,
    },
    /// A table has another number of columns than the encoder was fitted on.
    #[error("{}: found {}, expected {expected} as fitted", shown(path), counted_columns(*found))]
    ColumnCount {
        /// The file of the table.
        path: PathBuf,
        /// Numeric and categorical columns found.
        found: usize,
        /// Columns expected.
        expected: usize,
    },
    /// A column is not the one that the encoder was fitted on.
    #[error(
        "{}: column {column}: found {found}, expected {expected} as fitted",
        shown(path)
    )]
    Column {
        /// The file of the table.
        path: PathBuf,
        /// Number of the column, counted from 1.
        column: usize,
        /// Name and kind found.
        found: String,
        /// Name and kind expected.
        expected: String,
    },
    /// A category is not in the vocabulary of its column.
    #[error(
        "{}: {place}: found `{found}`, expected one of {expected}",
        shown(path)
    )]
    UnknownCategory {
        /// The file of the table.
        path: PathBuf,
        /// Where the category is.
        place: FieldPlace,
        /// The category.
        found: String,
        /// The vocabulary, or its beginning.
        expected: String,
    },
    /// There would be too many values.
    #[error(
        "{}: vectors: found {rows} rows of {width} values, expected at most {max_values} values",
        shown(path)
    )]
    TooLarge {
        /// The file of the table.
        path: PathBuf,
        /// Rows asked for.
        rows: usize,
        /// Values of a row.
        width: usize,
        /// The most values.
        max_values: usize,
    },
    /// A saved encoder has no columns.
    #[error("saved encoder: found no columns, expected at least one")]
    NoColumns,
    /// A saved encoder has a spread below 0.
    #[error("saved encoder: `{column}`: found a spread of {found}, expected at least 0")]
    Spread {
        /// The column.
        column: String,
        /// The spread.
        found: f64,
    },
}

impl TableEncoderError {
    /// The number of a row is a gap that may not be.
    pub(super) fn gap(table: &Table, column: &TableColumn, row: usize, number: Number) -> Self {
        let (found, expected) = match number {
            Number::Missing => (
                "a missing number",
                "a number; `with_missing` says what a missing one becomes",
            ),
            _ => (
                "an infinite number",
                "a finite number; `with_infinite` says what an infinite one becomes",
            ),
        };
        Self::Gap {
            path: table.path().to_path_buf(),
            place: table.place(row, column),
            found,
            expected,
        }
    }
}
