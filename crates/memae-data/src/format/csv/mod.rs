//! Rows of CSV files.

mod encoding;
mod error;
mod rows;

pub use encoding::TextEncoding;
pub use error::CsvError;
pub(crate) use rows::{Rows, RowsConfig};
