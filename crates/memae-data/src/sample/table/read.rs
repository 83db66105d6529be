use std::io::Read;
use std::path::Path;

use super::categories::{CategoriesBuilder, Refused};
use super::columns::{given_names, resolve};
use super::config::{ColumnKind, Header, TableConfig};
use super::error::TableError;
use super::in_memory::{ColumnValues, Table, TableColumn};
use super::place::FieldPlace;
use crate::format::{CsvError, Rows, uncompressed};
use crate::short_text::shortened;

impl TableConfig {
    /// Reads a table from the bytes of a CSV file, plain or compressed by gzip; which one is told by the first bytes.
    ///
    /// As [`read`](Self::read), but from anywhere. `path` is what messages name as the file of the table.
    ///
    /// # Errors
    ///
    /// The settings do not fit the file, it is damaged, a field is not what its column asks for, or the table takes more
    /// memory than it may.
    pub fn decode(&self, reader: impl Read, path: &Path) -> Result<Table, TableError> {
        let reader = uncompressed(reader).map_err(|error| CsvError::Io { line: 1, error })?;
        read(self, reader, path)
    }
}

const NOT_UTF8: &str = "bytes that are not UTF-8";

pub(super) fn read(
    config: &TableConfig,
    reader: impl Read,
    path: &Path,
) -> Result<Table, TableError> {
    let mut rows = Rows::new(reader, config.delimiter)?;
    if !rows.advance()? {
        return Err(TableError::NoRows);
    }
    let (names, mut more) = match &config.header {
        Header::FirstLine => {
            let names = (0..rows.columns()).map(|column| header_name(&rows, column));
            let names = names.collect::<Result<_, _>>()?;
            (names, rows.advance()?)
        }
        header => (given_names(header, rows.columns()), true),
    };
    let mut table = TableBuilder::new(resolve(config, names)?, config.max_bytes);
    while more {
        table.push(&rows)?;
        more = rows.advance()?;
    }
    table.finish(path)
}

fn header_name(rows: &Rows<impl Read>, column: usize) -> Result<String, TableError> {
    match std::str::from_utf8(rows.field(column)) {
        Ok(name) => Ok(name.to_string()),
        Err(_) => Err(TableError::Field {
            place: FieldPlace {
                line: rows.line(),
                column: column + 1,
                name: String::new(),
            },
            found: NOT_UTF8.to_string(),
            expected: "a name".to_string(),
        }),
    }
}

/// What is kept of a column.
enum Kept {
    Numeric(Vec<f64>),
    Categorical(CategoriesBuilder),
    Label(CategoriesBuilder),
    Ignored,
}

impl Kept {
    fn new(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Numeric => Self::Numeric(Vec::new()),
            ColumnKind::Categorical => Self::Categorical(CategoriesBuilder::default()),
            ColumnKind::Label => Self::Label(CategoriesBuilder::default()),
            ColumnKind::Ignored => Self::Ignored,
        }
    }

    /// Adds the field of one row; gives the bytes that it takes.
    fn push(&mut self, field: &[u8]) -> Result<u64, Misfit> {
        match self {
            Self::Numeric(values) => {
                values.push(number(field)?);
                Ok(8)
            }
            Self::Categorical(categories) | Self::Label(categories) => {
                match categories.push(field) {
                    Ok(bytes) => Ok(4 + bytes),
                    Err(Refused::NotUtf8) => Err(Misfit::new(NOT_UTF8, "text")),
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

/// What is wrong with a field.
struct Misfit {
    found: String,
    expected: &'static str,
}

impl Misfit {
    fn new(found: impl Into<String>, expected: &'static str) -> Self {
        Self {
            found: found.into(),
            expected,
        }
    }
}

fn number(field: &[u8]) -> Result<f64, Misfit> {
    if field.is_empty() {
        return Err(Misfit::new("an empty field", "a number"));
    }
    let text = std::str::from_utf8(field).map_err(|_| Misfit::new(NOT_UTF8, "a number"))?;
    let misfit = |expected| Misfit::new(format!("`{}`", shortened(text)), expected);
    let value: f64 = text.parse().map_err(|_| misfit("a number"))?;
    // NaN is not below anything.
    match value.abs() <= f64::from(f32::MAX) {
        true => Ok(value),
        false => Err(misfit("a finite number, at most 3.4e38 in size")),
    }
}

/// A table as it is read.
struct TableBuilder {
    columns: Vec<(String, Kept)>,
    lines: Vec<u64>,
    bytes: u64,
    max_bytes: u64,
}

impl TableBuilder {
    fn new(columns: Vec<(String, ColumnKind)>, max_bytes: u64) -> Self {
        let columns = columns.into_iter();
        Self {
            columns: columns
                .map(|(name, kind)| (name, Kept::new(kind)))
                .collect(),
            lines: Vec::new(),
            bytes: 0,
            max_bytes,
        }
    }

    /// Adds the current row.
    fn push(&mut self, rows: &Rows<impl Read>) -> Result<(), TableError> {
        let line = rows.line();
        if rows.columns() != self.columns.len() {
            return Err(TableError::Width {
                line,
                found: rows.columns(),
                expected: self.columns.len(),
            });
        }
        for (column, (name, kept)) in self.columns.iter_mut().enumerate() {
            let bytes = kept.push(rows.field(column));
            self.bytes += bytes.map_err(|misfit| TableError::Field {
                place: FieldPlace {
                    line,
                    column: column + 1,
                    name: name.clone(),
                },
                found: misfit.found,
                expected: misfit.expected.to_string(),
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

    fn finish(mut self, path: &Path) -> Result<Table, TableError> {
        if self.lines.is_empty() {
            return Err(TableError::NoRows);
        }
        self.lines.shrink_to_fit();
        let (mut columns, mut labels) = (Vec::new(), None);
        for (index, (name, kept)) in self.columns.into_iter().enumerate() {
            let values = match kept {
                Kept::Numeric(mut values) => {
                    values.shrink_to_fit();
                    ColumnValues::Numeric(values)
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
        Ok(Table {
            path: path.to_path_buf(),
            columns,
            labels,
            lines: self.lines,
        })
    }
}
