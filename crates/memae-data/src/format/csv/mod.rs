//! Rows of CSV files, one a line.

mod error;
mod rows;

pub use error::CsvError;
pub(crate) use rows::Rows;
