use std::io::Read;
use std::path::Path;

use super::categories::{CategoriesBuilder, Refused};
use super::config::{ColumnKind, TableConfig};
use super::error::TableError;
use super::in_memory::{ColumnValues, Table, TableColumn};
use super::numbers::Numbers;
use super::parse::{Misfit, NOT_UTF8, NumberRules, OTHER_ENCODINGS};
use super::place::{Counted, FieldPlace};
use crate::format::Rows;

/// What is kept of a column.
enum Kept {
    Numeric(Numbers),
    Categorical(CategoriesBuilder),
    Label(CategoriesBuilder),
    Ignored,
}

impl Kept {
    fn new(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Numeric => Self::Numeric(Numbers::default()),
            ColumnKind::Categorical => Self::Categorical(CategoriesBuilder::default()),
            ColumnKind::Label => Self::Label(CategoriesBuilder::default()),
            ColumnKind::Ignored => Self::Ignored,
        }
    }

    /// Adds the field of one row; gives the bytes that it takes.
    fn push(&mut self, field: &[u8], rules: &NumberRules) -> Result<u64, Misfit> {
        match self {
            Self::Numeric(numbers) => {
                numbers.push(rules.number(field)?);
                Ok(8)
            }
            Self::Categorical(categories) | Self::Label(categories) => {
                match categories.push(field) {
                    Ok(bytes) => Ok(4 + bytes),
                    Err(Refused::NotUtf8) => {
                        Err(Misfit::new(NOT_UTF8, "text").with_hint(OTHER_ENCODINGS))
                    }
                    Err(Refused::TooMany) => Err(Misfit::new(
                        "one category more than 2^32",
                        "fewer categories",
                    )),
                }
            }
            Self::Ignored => Ok(0),
        }
    }
}

/// A table as it is read.
pub(super) struct TableBuilder {
    columns: Vec<(String, Kept)>,
    rules: NumberRules,
    lines: Vec<u64>,
    bytes: u64,
    max_bytes: u64,
}

impl TableBuilder {
    pub(super) fn new(config: &TableConfig, columns: Vec<(String, ColumnKind)>) -> Self {
        let columns = columns.into_iter();
        Self {
            columns: columns
                .map(|(name, kind)| (name, Kept::new(kind)))
                .collect(),
            rules: NumberRules::new(config),
            lines: Vec::new(),
            bytes: 0,
            max_bytes: config.max_bytes,
        }
    }

    /// Adds the current row.
    pub(super) fn push(&mut self, rows: &Rows<impl Read>) -> Result<(), TableError> {
        let line = rows.line();
        if rows.columns() != self.columns.len() {
            return Err(TableError::Width {
                line,
                found: rows.columns(),
                expected: self.columns.len(),
            });
        }
        for (column, (name, kept)) in self.columns.iter_mut().enumerate() {
            let bytes = kept.push(rows.field(column), &self.rules);
            self.bytes += bytes.map_err(|misfit| TableError::Field {
                place: FieldPlace {
                    counted: Counted::Lines,
                    line,
                    column: column + 1,
                    name: name.clone(),
                },
                found: misfit.found,
                expected: misfit.expected.to_string(),
                hint: misfit.hint,
            })?;
        }
        self.lines.push(line);
        self.bytes += 8;
        match self.bytes > self.max_bytes {
            true => Err(TableError::TooLarge {
                line,
                max_bytes: self.max_bytes,
            }),
            false => Ok(()),
        }
    }

    pub(super) fn finish(mut self, path: &Path, replaced: u64) -> Result<Table, TableError> {
        if self.lines.is_empty() {
            return Err(TableError::NoRows);
        }
        self.lines.shrink_to_fit();
        let (mut columns, mut labels) = (Vec::new(), None);
        for (index, (name, kept)) in self.columns.into_iter().enumerate() {
            let values = match kept {
                Kept::Numeric(mut numbers) => {
                    numbers.shrink_to_fit();
                    ColumnValues::Numeric(numbers)
                }
                Kept::Categorical(categories) => ColumnValues::Categorical(categories.finish()),
                Kept::Label(categories) => {
                    labels = Some(categories.finish());
                    continue;
                }
                Kept::Ignored => continue,
            };
            columns.push(TableColumn {
                name,
                number: index + 1,
                values,
            });
        }
        Ok(Table::new(
            path.to_path_buf(),
            columns,
            labels,
            self.lines,
            Counted::Lines,
            replaced,
        ))
    }
}
