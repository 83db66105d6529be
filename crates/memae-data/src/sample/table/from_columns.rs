//! Tables made of columns that a program holds.

use std::path::PathBuf;

use super::categories::{Categories, CategoriesBuilder};
use super::columns::check;
use super::config::ColumnKind;
use super::error::TableError;
use super::in_memory::{ColumnValues, Table, TableColumn};
use super::numbers::{Number, Numbers};
use super::place::{Counted, FieldPlace};
use crate::sample::error::SampleError;

/// A named column for [`Table::from_columns`]. As of files, white space around its name, its categories and its labels is
/// taken off.
#[derive(Debug, Clone, PartialEq)]
pub struct InputColumn {
    name: String,
    values: InputValues,
}

#[derive(Debug, Clone, PartialEq)]
enum InputValues {
    Numbers {
        numbers: Numbers,
        gaps: bool,
    },
    Texts(Categories),
    Labels(Categories),
    /// More different texts than codes.
    TooMany,
}

impl InputColumn {
    /// A column of numbers, all finite and not larger in size than [`f32::MAX`], `[rows]`.
    pub fn numbers(name: impl Into<String>, values: impl IntoIterator<Item = f64>) -> Self {
        let values = values.into_iter().map(Some);
        Self::of_numbers(name.into(), values, false)
    }

    /// A column of numbers that may be missing (`None` or NaN) or infinite, `[rows]`; what becomes of such ones is set in
    /// [`TableEncoderConfig`](crate::encode::TableEncoderConfig).
    pub fn optional_numbers(
        name: impl Into<String>,
        values: impl IntoIterator<Item = Option<f64>>,
    ) -> Self {
        Self::of_numbers(name.into(), values.into_iter(), true)
    }

    fn of_numbers(name: String, values: impl Iterator<Item = Option<f64>>, gaps: bool) -> Self {
        let mut numbers = Numbers::default();
        for value in values {
            numbers.push(value.map_or(Number::Missing, Number::from_f64));
        }
        Self::new(name, InputValues::Numbers { numbers, gaps })
    }

    /// A column of categories, `[rows]`.
    pub fn texts<S: AsRef<str>>(
        name: impl Into<String>,
        values: impl IntoIterator<Item = S>,
    ) -> Self {
        Self::of_texts(name.into(), values, InputValues::Texts)
    }

    /// The column of labels, `[rows]`; a table has one at most.
    pub fn labels<S: AsRef<str>>(
        name: impl Into<String>,
        values: impl IntoIterator<Item = S>,
    ) -> Self {
        Self::of_texts(name.into(), values, InputValues::Labels)
    }

    fn of_texts<S: AsRef<str>>(
        name: String,
        values: impl IntoIterator<Item = S>,
        make: impl FnOnce(Categories) -> InputValues,
    ) -> Self {
        let mut builder = CategoriesBuilder::default();
        let mut values = values.into_iter();
        let whole =
            values.all(|value| builder.push(value.as_ref().trim_ascii().as_bytes()).is_ok());
        let values = match whole {
            true => make(builder.finish()),
            false => InputValues::TooMany,
        };
        Self::new(name, values)
    }

    fn new(name: String, values: InputValues) -> Self {
        let name = name.trim().to_string();
        Self { name, values }
    }

    fn kind(&self) -> ColumnKind {
        match &self.values {
            InputValues::Numbers { .. } => ColumnKind::Numeric,
            InputValues::Texts(_) | InputValues::TooMany => ColumnKind::Categorical,
            InputValues::Labels(_) => ColumnKind::Label,
        }
    }

    fn rows(&self) -> usize {
        match &self.values {
            InputValues::Numbers { numbers, .. } => numbers.len(),
            InputValues::Texts(texts) | InputValues::Labels(texts) => texts.codes().len(),
            InputValues::TooMany => 0,
        }
    }

    /// Every number must be one, unless gaps are allowed.
    fn check(&self, column: usize) -> Result<(), TableError> {
        let place = |row: usize| FieldPlace {
            counted: Counted::Rows,
            line: row as u64 + 1,
            column,
            name: self.name.clone(),
        };
        match &self.values {
            InputValues::Numbers {
                numbers,
                gaps: false,
            } => {
                let gap = |number: Number| !matches!(number, Number::Finite(_));
                let Some(row) = numbers.iter().position(gap) else {
                    return Ok(());
                };
                let found = match numbers.get(row) {
                    Number::Finite(value) => value.to_string(),
                    Number::Missing => "NaN".to_string(),
                    Number::PlusInfinity => "infinity, or a number above 3.4e38".to_string(),
                    Number::MinusInfinity => "-infinity, or a number below -3.4e38".to_string(),
                };
                Err(TableError::Field {
                    place: place(row),
                    found,
                    expected: "a finite number, at most 3.4e38 in size".to_string(),
                    hint: "; `InputColumn::optional_numbers` takes missing and infinite ones",
                })
            }
            InputValues::TooMany => Err(TableError::Field {
                place: place(u32::MAX as usize),
                found: "one category more than 2^32".to_string(),
                expected: "fewer categories".to_string(),
                hint: "",
            }),
            _ => Ok(()),
        }
    }
}

impl Table {
    /// A table of columns that a program holds: of a query, of Arrow or Parquet, of a sensor.
    ///
    /// `source` is what messages name where they name the file of other tables; rows are counted from 1 in them.
    ///
    /// ```
    /// use memae_data::encode::{MissingNumber, TableEncoderConfig};
    /// use memae_data::sample::{InputColumn, Table};
    ///
    /// let table = Table::from_columns("sensors", [
    ///     InputColumn::numbers("speed", [10.0, 12.0, 11.0]),
    ///     InputColumn::optional_numbers("load", [Some(0.2), None, Some(0.4)]),
    ///     InputColumn::texts("mode", ["idle", "run", "run"]),
    /// ])?;
    /// assert_eq!((table.rows(), table.gaps()[0].missing), (3, 1));
    ///
    /// let config = TableEncoderConfig::default().with_missing(MissingNumber::Median);
    /// let vectors = config.fit(&table, &[0, 1, 2])?.encode(&table)?;
    /// assert_eq!(vectors.row(1), [1.0, 0.5, 0.0, 1.0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// There are no columns but labels, or no rows; columns differ in length; a name occurs twice; there are two columns
    /// of labels; a number that may not be missing or infinite is. The message names `source`, row and column.
    pub fn from_columns(
        source: impl Into<PathBuf>,
        columns: impl IntoIterator<Item = InputColumn>,
    ) -> Result<Self, SampleError> {
        let path = source.into();
        let columns: Vec<InputColumn> = columns.into_iter().collect();
        match checked_rows(&columns) {
            Ok(rows) => Ok(assembled(path, columns, rows)),
            Err(error) => Err(SampleError::Table {
                path,
                error: Box::new(error),
            }),
        }
    }
}

/// The number of rows, if the columns make a table.
fn checked_rows(columns: &[InputColumn]) -> Result<usize, TableError> {
    let kinds = columns.iter();
    let kinds: Vec<(String, ColumnKind)> = kinds
        .map(|column| (column.name.clone(), column.kind()))
        .collect();
    check(&kinds, "")?;
    for (index, column) in columns.iter().enumerate() {
        column.check(index + 1)?;
    }
    let rows = columns.first().map_or(0, InputColumn::rows);
    let other = columns.iter().position(|column| column.rows() != rows);
    match other {
        Some(index) => Err(TableError::Length {
            column: index + 1,
            name: columns[index].name.clone(),
            found: columns[index].rows(),
            expected: rows,
        }),
        None if rows == 0 => Err(TableError::NoRows),
        None => Ok(rows),
    }
}

fn assembled(path: PathBuf, input: Vec<InputColumn>, rows: usize) -> Table {
    let (mut columns, mut labels) = (Vec::new(), None);
    for (index, InputColumn { name, values }) in input.into_iter().enumerate() {
        let values = match values {
            InputValues::Numbers { numbers, .. } => ColumnValues::Numeric(numbers),
            InputValues::Texts(texts) => ColumnValues::Categorical(texts),
            InputValues::Labels(texts) => {
                labels = Some(texts);
                continue;
            }
            // Refused before.
            InputValues::TooMany => continue,
        };
        columns.push(TableColumn {
            name,
            number: index + 1,
            values,
        });
    }
    let lines = (1..=rows as u64).collect();
    Table::new(path, columns, labels, lines, Counted::Rows, 0)
}
