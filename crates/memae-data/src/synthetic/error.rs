use std::ops::Range;

/// Why no anomalies can be made of samples.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SyntheticError {
    /// A share is not a number between 0 and 1.
    #[error("{name}: found {found}, expected a number between 0 and 1, both excluded")]
    Share {
        /// Which share.
        name: &'static str,
        /// Its value.
        found: f64,
    },
    /// There is nothing to swap.
    #[error(
        "swapped columns: found {columns} columns, expected at least 2, as a row of one column is as normal as its values"
    )]
    TooFewColumns {
        /// Columns given.
        columns: usize,
    },
    /// Nothing to swap with.
    #[error("swapped columns: found {found} rows, expected at least 2")]
    TooFewRows {
        /// Rows given.
        found: usize,
    },
    /// Columns that are not those of the rows.
    #[error(
        "swapped columns: found a column of the values {found:?}, expected ranges within {width} values, none of them empty"
    )]
    ColumnRange {
        /// The range found.
        found: Range<usize>,
        /// Values of a row.
        width: usize,
    },
}
