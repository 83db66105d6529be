use std::collections::HashSet;

use super::column::{ColumnEncoding, EncodedColumn};
use super::config::{InfiniteNumber, Logarithm, MissingNumber, TableEncoderConfig};
use super::encoder::TableEncoder;
use super::error::TableEncoderError;
use super::fills::{Fills, NoNumbers};
use super::heavy_tail::has_heavy_tail;
use super::numeric::NumericEncoding;
use crate::sample::{Categories, ColumnValues, Numbers, Table, TableColumn};
use crate::short_text::{listed, shortened};

impl TableEncoderConfig {
    /// Fits an encoder to some rows of a table: those that will be trained on.
    ///
    /// No other row has any part in what the encoder does.
    ///
    /// # Errors
    ///
    /// There are no rows; the clip is not in its range; a number is missing or infinite and no setting says what it
    /// becomes, or there is none to learn that from; what is to fill gaps is not finite; a vocabulary is empty, has a category twice, or is that
    /// of a column which the table does not have.
    ///
    /// # Panics
    ///
    /// A row is not below [`Table::rows`].
    pub fn fit(&self, table: &Table, rows: &[usize]) -> Result<TableEncoder, TableEncoderError> {
        if rows.is_empty() {
            return Err(TableEncoderError::NoRows);
        }
        self.check_fills()?;
        self.check_vocabulary_columns(table)?;
        let columns = table.columns().iter().map(|column| {
            let encoding = match &column.values {
                ColumnValues::Numeric(numbers) => {
                    ColumnEncoding::Numeric(self.fit_numbers(table, column, numbers, rows)?)
                }
                ColumnValues::Categorical(categories) => {
                    let given = self.vocabularies.get(&column.name).cloned();
                    let vocabulary = given.unwrap_or_else(|| occurring(categories, rows));
                    ColumnEncoding::Categorical(vocabulary)
                }
            };
            Ok(EncodedColumn {
                name: column.name.clone(),
                encoding,
            })
        });
        let columns = columns.collect::<Result<_, _>>()?;
        let limit = self.clip.unwrap_or(TableEncoder::MAX_SIZE);
        TableEncoder::new(columns, limit, self.unknown)
    }

    fn fit_numbers(
        &self,
        table: &Table,
        column: &TableColumn,
        numbers: &Numbers,
        rows: &[usize],
    ) -> Result<NumericEncoding, TableEncoderError> {
        let fills =
            Fills::fit(numbers, rows, self.missing, self.infinite).map_err(|NoNumbers| {
                TableEncoderError::NoNumbers {
                    path: table.path().to_path_buf(),
                    column: shortened(&column.name),
                }
            })?;
        let mut filled = Vec::with_capacity(rows.len());
        for &row in rows {
            let number = numbers.get(row);
            let value = fills.fill(number);
            filled.push(value.ok_or_else(|| TableEncoderError::gap(table, column, row, number))?);
        }
        let log = match self.log {
            Logarithm::Never => false,
            Logarithm::HeavyTailed => has_heavy_tail(&filled),
            Logarithm::Always => true,
        };
        Ok(NumericEncoding::fit(
            filled.iter().copied(),
            log,
            self.scale,
            fills,
            self.gap_flags,
        ))
    }

    fn check_fills(&self) -> Result<(), TableEncoderError> {
        match (self.missing, self.infinite) {
            (MissingNumber::Error, InfiniteNumber::AsMissing) => {
                Err(TableEncoderError::NothingForMissing)
            }
            (MissingNumber::Value(found), _)
                if found.is_nan() || found.abs() > f64::from(f32::MAX) =>
            {
                Err(TableEncoderError::MissingValue { found })
            }
            _ => Ok(()),
        }
    }

    fn check_vocabulary_columns(&self, table: &Table) -> Result<(), TableEncoderError> {
        let categorical = table
            .columns()
            .iter()
            .filter_map(|column| match column.values {
                ColumnValues::Categorical(_) => Some(column.name.as_str()),
                ColumnValues::Numeric(_) => None,
            });
        let present: Vec<&str> = categorical.collect();
        let known: HashSet<&str> = present.iter().copied().collect();
        let absent = |name: &&String| !known.contains(name.as_str());
        match self.vocabularies.keys().find(absent) {
            Some(column) => Err(TableEncoderError::VocabularyColumn {
                column: column.clone(),
                present: listed(&present),
            }),
            None => Ok(()),
        }
    }
}

/// The categories of some rows, in ascending order.
fn occurring(categories: &Categories, rows: &[usize]) -> Vec<String> {
    let codes: HashSet<u32> = rows.iter().map(|&row| categories.codes()[row]).collect();
    let names = codes.iter().map(|&code| &categories.names()[code as usize]);
    let mut names: Vec<String> = names.cloned().collect();
    names.sort_unstable();
    names
}
