use std::collections::HashSet;

use super::column::{ColumnEncoding, EncodedColumn};
use super::config::TableEncoderConfig;
use super::encoder::TableEncoder;
use super::error::TableEncoderError;
use super::numeric::NumericEncoding;
use crate::sample::{Categories, ColumnValues, Table};
use crate::short_text::listed;

impl TableEncoderConfig {
    /// Fits an encoder to some rows of a table: those that will be trained on.
    ///
    /// No other row has any part in what the encoder does.
    ///
    /// # Errors
    ///
    /// There are no rows; the clip is not in its range; a vocabulary is empty, has a category twice, or is that
    /// of a column which the table does not have.
    ///
    /// # Panics
    ///
    /// A row is not below [`Table::rows`].
    pub fn fit(&self, table: &Table, rows: &[usize]) -> Result<TableEncoder, TableEncoderError> {
        if rows.is_empty() {
            return Err(TableEncoderError::NoRows);
        }
        self.check_vocabulary_columns(table)?;
        let columns = table.columns().iter().map(|column| {
            let encoding = match &column.values {
                ColumnValues::Numeric(values) => {
                    let fitted = rows.iter().map(|&row| values[row]);
                    ColumnEncoding::Numeric(NumericEncoding::fit(fitted, self.log, self.scale))
                }
                ColumnValues::Categorical(categories) => {
                    let given = self.vocabularies.get(&column.name).cloned();
                    let vocabulary = given.unwrap_or_else(|| occurring(categories, rows));
                    ColumnEncoding::Categorical(vocabulary)
                }
            };
            EncodedColumn {
                name: column.name.clone(),
                encoding,
            }
        });
        let limit = self.clip.unwrap_or(TableEncoder::MAX_SIZE);
        TableEncoder::new(columns.collect(), limit, self.unknown)
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
        let absent = |name: &&String| !present.contains(&name.as_str());
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
