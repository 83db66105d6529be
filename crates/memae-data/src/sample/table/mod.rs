//! Tables of numbers and categories, from CSV files or from columns that a program holds.
//!
//! [`TableConfig`] says which columns are numeric, which categorical and which one is the label; [`Table`] holds what was
//! read, a column at a time, and knows the line of each row.

mod builder;
mod categories;
mod columns;
mod config;
mod error;
#[cfg(feature = "files")]
mod file;
mod from_columns;
mod header;
mod in_memory;
mod numbers;
mod parse;
mod place;
mod read;

pub use categories::Categories;
pub use config::{ColumnId, ColumnKind, Header, RepeatedNames, TableConfig};
pub use error::TableError;
pub use from_columns::InputColumn;
pub use in_memory::{ColumnValues, Gaps, Table, TableColumn};
pub use numbers::{Number, Numbers};
pub use place::{Counted, FieldPlace};
