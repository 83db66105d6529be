//! Where a field stands in a file.

use std::fmt;

use crate::short_text::shortened;

/// What the rows of a table are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Lines of a file.
    Lines,
    /// Rows, where the table was made of columns.
    Rows,
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lines => "line",
            Self::Rows => "row",
        })
    }
}

/// Where a field stands in a table; written as `line 3, column 5 (bytes)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPlace {
    /// Whether lines or rows are counted.
    pub counted: Counted,
    /// The line or the row, counted from 1.
    pub line: u64,
    /// The column, counted from 1.
    pub column: usize,
    /// The name of the column.
    pub name: String,
}

impl fmt::Display for FieldPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}, ", self.counted, self.line)?;
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
        false => write!(f, " ({})", shortened(name)),
    }
}

/// What a column without a name is called.
pub(super) fn unnamed(number: usize) -> String {
    format!("column {number}")
}
