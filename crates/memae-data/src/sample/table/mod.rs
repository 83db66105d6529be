//! Tables of numbers and categories from CSV files.
//!
//! [`TableConfig`] says which columns are numeric, which categorical and which one is the label; [`Table`] holds what was
//! read, a column at a time, and knows the line of each row.

mod categories;
mod columns;
mod config;
mod error;
#[cfg(feature = "files")]
mod file;
mod in_memory;
mod place;
mod read;

pub use categories::Categories;
pub use config::{ColumnId, ColumnKind, Header, TableConfig};
pub use error::TableError;
pub use in_memory::{ColumnValues, Table, TableColumn};
pub use place::FieldPlace;
