use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

use super::column::{ColumnEncoding, EncodedColumn};
use super::numeric::NumericEncoding;
use super::{TableEncoder, TableEncoderError};
use crate::source::{Categories, ColumnValues, Table, listed};

/// How the numbers of a column are scaled, by those of the rows that are fitted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumericScale {
    /// Their range becomes [0, 1]: `(x - min) / (max - min)`.
    #[default]
    MinMax,
    /// They get mean 0 and standard deviation 1: `(x - mean) / deviation`, the deviation of the whole population.
    Standard,
}

/// What becomes of a category that is not in the vocabulary of its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnknownCategory {
    /// It is an error that says where it stands.
    #[default]
    Error,
    /// All values of its column are 0.
    Zeros,
}

/// How tables are made into vectors; fitted on rows it makes a [`TableEncoder`].
///
/// Numbers of rows that were not fitted on may leave the range of the fitted ones. They are scaled as those are, so that
/// with [`NumericScale::MinMax`] a value below 0 or above 1 comes out, however far away, unless [`clip`](Self::clip) is
/// set.
///
/// A column with the same number c in all fitted rows has no range to scale by. c becomes 0, and another number x becomes
/// d / (1 + |d|) with d = x - c: never 0, and always between -1 and 1, so that the change shows and does not outweigh all
/// other columns.
///
/// ```
/// use memae_data::{NumericScale, TableEncoderConfig, UnknownCategory};
///
/// let config = TableEncoderConfig::default()
///     .with_scale(NumericScale::Standard)
///     .with_log(true)
///     .with_clip(5.0)
///     .with_vocabulary("protocol", ["icmp", "tcp", "udp"])
///     .with_unknown(UnknownCategory::Zeros);
/// assert_eq!(config.vocabularies["protocol"].len(), 3);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TableEncoderConfig {
    /// How numbers are scaled; by their range by default.
    pub scale: NumericScale,
    /// Whether a number x becomes sign(x)·ln(1 + |x|) before it is scaled, for numbers such as bytes, of which a few are
    /// a million times as large as the others; off by default.
    pub log: bool,
    /// The largest size of the value that a number becomes, 1 to [`TableEncoder::MAX_SIZE`], which is also the default:
    /// values are clipped to [-clip, clip].
    pub clip: Option<f64>,
    /// What becomes of a category that is not in the vocabulary of its column; an error by default.
    pub unknown: UnknownCategory,
    /// The vocabulary of each of these columns, by name. The vocabulary of every other column are the categories of the
    /// fitted rows, in ascending order.
    pub vocabularies: BTreeMap<String, Vec<String>>,
}

impl TableEncoderConfig {
    /// Sets how numbers are scaled.
    pub fn with_scale(mut self, scale: NumericScale) -> Self {
        self.scale = scale;
        self
    }

    /// Sets whether the logarithm of numbers is scaled.
    pub fn with_log(mut self, log: bool) -> Self {
        self.log = log;
        self
    }

    /// Sets the largest size of the value that a number becomes, 1 to [`TableEncoder::MAX_SIZE`].
    pub fn with_clip(mut self, clip: impl Into<Option<f64>>) -> Self {
        self.clip = clip.into();
        self
    }

    /// Sets what becomes of a category that is not in the vocabulary of its column.
    pub fn with_unknown(mut self, unknown: UnknownCategory) -> Self {
        self.unknown = unknown;
        self
    }

    /// Sets the vocabulary of a column, whatever the rows that are fitted on hold.
    pub fn with_vocabulary<S: Into<String>>(
        mut self,
        column: impl Into<String>,
        categories: impl IntoIterator<Item = S>,
    ) -> Self {
        let categories = categories.into_iter().map(Into::into).collect();
        self.vocabularies.insert(column.into(), categories);
        self
    }

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
