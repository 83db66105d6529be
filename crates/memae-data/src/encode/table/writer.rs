use std::collections::HashMap;

use super::column::{ColumnEncoding, EncodedColumn};
use super::config::UnknownCategory;
use super::error::TableEncoderError;
use super::numeric::NumericEncoding;
use crate::sample::{Categories, ColumnValues, Numbers, Table, TableColumn};
use crate::short_text::{listed, shortened};

/// Writes the values of a column of a table.
pub(super) struct Writer<'a> {
    table: &'a Table,
    column: &'a TableColumn,
    width: usize,
    source: Source<'a>,
}

enum Source<'a> {
    Numeric {
        encoding: &'a NumericEncoding,
        numbers: &'a Numbers,
    },
    Categorical {
        vocabulary: &'a [String],
        categories: &'a Categories,
        /// For each category of the table the index of its value, if it is in the vocabulary.
        outputs: Vec<Option<usize>>,
    },
}

impl<'a> Writer<'a> {
    /// A writer for `column`, which must be the one that was fitted.
    pub(super) fn new(
        fitted: &'a EncodedColumn,
        table: &'a Table,
        column: &'a TableColumn,
    ) -> Result<Self, TableEncoderError> {
        let source = match (&fitted.encoding, &column.values) {
            (ColumnEncoding::Numeric(encoding), ColumnValues::Numeric(numbers)) => {
                Some(Source::Numeric { encoding, numbers })
            }
            (ColumnEncoding::Categorical(vocabulary), ColumnValues::Categorical(categories)) => {
                Some(Source::Categorical {
                    vocabulary,
                    categories,
                    outputs: outputs(categories, vocabulary),
                })
            }
            _ => None,
        };
        match source {
            Some(source) if fitted.name == column.name => Ok(Self {
                table,
                column,
                width: fitted.encoding.width(),
                source,
            }),
            _ => Err(TableEncoderError::Column {
                path: table.path().to_path_buf(),
                column: column.number,
                found: described(&column.name, column.values.kind()),
                expected: described(&fitted.name, fitted.encoding.kind()),
            }),
        }
    }

    /// Values of a row.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Writes the values of a row, all of which are 0 before, `[width]`.
    pub(super) fn write(
        &self,
        row: usize,
        limit: f64,
        unknown: UnknownCategory,
        values: &mut [f32],
    ) -> Result<(), TableEncoderError> {
        match &self.source {
            Source::Numeric { encoding, numbers } => {
                let number = numbers.get(row);
                match encoding.write(number, limit, values) {
                    true => Ok(()),
                    false => Err(TableEncoderError::gap(self.table, self.column, row, number)),
                }
            }
            Source::Categorical {
                vocabulary,
                categories,
                outputs,
            } => match outputs[categories.codes()[row] as usize] {
                Some(index) => {
                    values[index] = 1.0;
                    Ok(())
                }
                None if unknown == UnknownCategory::Zeros => Ok(()),
                None => Err(TableEncoderError::UnknownCategory {
                    path: self.table.path().to_path_buf(),
                    place: self.table.place(row, self.column),
                    found: shortened(categories.name(row)),
                    expected: listed(vocabulary),
                }),
            },
        }
    }
}

fn outputs(categories: &Categories, vocabulary: &[String]) -> Vec<Option<usize>> {
    let indices = vocabulary.iter().enumerate();
    let index_of: HashMap<&String, usize> = indices.map(|(index, name)| (name, index)).collect();
    let names = categories.names().iter();
    names.map(|name| index_of.get(name).copied()).collect()
}

fn described(name: &str, kind: &str) -> String {
    format!("`{}` ({kind})", shortened(name))
}
