use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::categories::Categories;
use super::numbers::{Number, Numbers};
use super::place::{Counted, FieldPlace};

/// Rows of numbers and categories, and the label of each row.
///
/// Made by [`TableConfig`](super::TableConfig), from a CSV file or its bytes, or of columns that a program holds
/// ([`from_columns`](Self::from_columns)).
#[derive(Clone, PartialEq)]
pub struct Table {
    path: PathBuf,
    columns: Vec<TableColumn>,
    /// The index of each column by its name.
    places: HashMap<String, usize>,
    labels: Option<Categories>,
    lines: Vec<u64>,
    counted: Counted,
    replaced: u64,
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
    /// Numbers.
    Numeric(Numbers),
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

/// How many numbers of a column are missing or infinite.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gaps {
    /// The name of the column.
    pub column: String,
    /// How many numbers are missing.
    pub missing: usize,
    /// How many are infinite, or larger in size than [`f32::MAX`].
    pub infinite: usize,
}

fn places(columns: &[TableColumn]) -> HashMap<String, usize> {
    let names = columns.iter().map(|column| column.name.clone());
    names
        .enumerate()
        .map(|(index, name)| (name, index))
        .collect()
}

impl Table {
    /// A table of columns under distinct names, each with as many values as there are lines.
    pub(super) fn new(
        path: PathBuf,
        columns: Vec<TableColumn>,
        labels: Option<Categories>,
        lines: Vec<u64>,
        counted: Counted,
        replaced: u64,
    ) -> Self {
        Self {
            places: places(&columns),
            path,
            columns,
            labels,
            lines,
            counted,
            replaced,
        }
    }

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
        self.places.get(name).map(|&index| &self.columns[index])
    }

    /// The label of each row, if a column of labels was read.
    pub fn labels(&self) -> Option<&Categories> {
        self.labels.as_ref()
    }

    /// The numeric columns in which numbers are missing or infinite, and how many.
    pub fn gaps(&self) -> Vec<Gaps> {
        self.gaps_by(|numbers| (numbers.missing(), numbers.infinite()))
    }

    /// As [`gaps`](Self::gaps), of some rows: those to train on, for instance.
    ///
    /// # Panics
    ///
    /// A row is not below [`rows`](Self::rows).
    pub fn gaps_in(&self, rows: &[usize]) -> Vec<Gaps> {
        self.gaps_by(|numbers| numbers.gaps_in(rows.iter().copied()))
    }

    fn gaps_by(&self, count: impl Fn(&Numbers) -> (usize, usize)) -> Vec<Gaps> {
        let gaps = self.numeric().map(|(column, numbers)| {
            let (missing, infinite) = count(numbers);
            Gaps {
                column: column.name.clone(),
                missing,
                infinite,
            }
        });
        gaps.filter(|gaps| gaps.missing + gaps.infinite > 0)
            .collect()
    }

    /// The rows in which no number is missing or infinite, in order; what is left out can be counted by the difference.
    pub fn rows_without_gaps(&self) -> Vec<usize> {
        let columns: Vec<&Numbers> = self.numeric().map(|(_, numbers)| numbers).collect();
        let whole = |row: &usize| {
            let mut numbers = columns.iter().map(|numbers| numbers.get(*row));
            numbers.all(|number| matches!(number, Number::Finite(_)))
        };
        (0..self.rows()).filter(whole).collect()
    }

    fn numeric(&self) -> impl Iterator<Item = (&TableColumn, &Numbers)> {
        let columns = self.columns.iter();
        columns.filter_map(|column| match &column.values {
            ColumnValues::Numeric(numbers) => Some((column, numbers)),
            ColumnValues::Categorical(_) => None,
        })
    }

    /// How many times U+FFFD was read for bytes that are not UTF-8, anywhere in the file
    /// ([`TextEncoding::Utf8Lossy`](crate::format::TextEncoding::Utf8Lossy)).
    pub fn replaced(&self) -> u64 {
        self.replaced
    }

    /// The file that the table was read from, or what it was made of.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The line of the file in which a row begins, counted from 1; of a table made of columns the number of the row.
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
            counted: self.counted,
            line: self.line(row),
            column: column.number,
            name: column.name.clone(),
        }
    }

    /// Takes a column out.
    #[cfg(feature = "files")]
    pub(crate) fn remove(&mut self, name: &str) {
        self.columns.retain(|column| column.name != name);
        self.places = places(&self.columns);
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
