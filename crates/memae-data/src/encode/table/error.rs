use std::path::PathBuf;

use super::config::MAX_SIZE;
use crate::sample::FieldPlace;
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
    #[error("{}: found {}, expected {expected} as fitted", path.display(), counted_columns(*found))]
    ColumnCount {
        /// The file of the table.
        path: PathBuf,
        /// Numeric and categorical columns found.
        found: usize,
        /// Columns expected.
        expected: usize,
    },
    /// A column is not the one that the encoder was fitted on.
    #[error("{}: column {column}: found {found}, expected {expected} as fitted", path.display())]
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
    #[error("{}: {place}: found `{found}`, expected one of {expected}", path.display())]
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
    #[error("vectors: found {rows} rows of {width} values, expected at most {max_values} values")]
    TooLarge {
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
