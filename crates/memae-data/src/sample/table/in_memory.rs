use std::fmt;
use std::path::{Path, PathBuf};

use super::categories::Categories;
use super::place::FieldPlace;

/// Rows of numbers and categories, and the label of each row, as they were read from a CSV file.
///
/// Made by [`TableConfig`](super::TableConfig), from a file or from bytes.
#[derive(Clone, PartialEq)]
pub struct Table {
    pub(super) path: PathBuf,
    pub(super) columns: Vec<TableColumn>,
    pub(super) labels: Option<Categories>,
    pub(super) lines: Vec<u64>,
}

/// A column of a [`Table`].
#[derive(Debug, Clone, PartialEq)]
pub struct TableColumn {
    /// Its name; `column 3` and the like in a file without names.
    pub name: String,
    /// Its number in the file, counted from 1.
    pub number: usize,
    /// Its values, one for each row.
    pub values: ColumnValues,
}

/// The values of a column, `[rows]`.
#[derive(Debug, Clone, PartialEq)]
pub enum ColumnValues {
    /// Finite numbers, none larger in size than [`f32::MAX`].
    Numeric(Vec<f64>),
    /// Categories.
    Categorical(Categories),
}

impl ColumnValues {
    /// What the column is called in messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Numeric(_) => "numeric",
            Self::Categorical(_) => "categorical",
        }
    }
}

impl Table {
    /// Number of rows; at least 1.
    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    /// The numeric and categorical columns, in the order of the file; at least one.
    pub fn columns(&self) -> &[TableColumn] {
        &self.columns
    }

    /// The numeric or categorical column of this name.
    pub fn column(&self, name: &str) -> Option<&TableColumn> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The label of each row, if a column of labels was read.
    pub fn labels(&self) -> Option<&Categories> {
        self.labels.as_ref()
    }

    /// The file that the table was read from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The line of the file that a row was read from, counted from 1.
    ///
    /// # Panics
    ///
    /// `row` is not below [`rows`](Self::rows).
    pub fn line(&self, row: usize) -> u64 {
        assert!(row < self.rows(), "row {row} of {} rows", self.rows());
        self.lines[row]
    }

    /// Where a value of a row stands in the file.
    pub(crate) fn place(&self, row: usize, column: &TableColumn) -> FieldPlace {
        FieldPlace {
            line: self.line(row),
            column: column.number,
            name: column.name.clone(),
        }
    }

    /// Takes a column out.
    #[cfg(feature = "files")]
    pub(crate) fn remove(&mut self, name: &str) {
        self.columns.retain(|column| column.name != name);
    }
}

/// Shows the file, the number of rows and the names of the columns, and leaves out the values.
impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.columns.iter().map(|column| &*column.name).collect();
        f.debug_struct("Table")
            .field("path", &self.path)
            .field("rows", &self.rows())
            .field("columns", &names)
            .finish_non_exhaustive()
    }
}
