use serde::{Deserialize, Serialize};

use super::encoder::TableEncoder;
use crate::sample::TableConfig;

/// The whole way from a table's text to vectors, as one value: what a detector keeps, so that another table goes the same way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TablePreprocessing {
    /// How tables are read.
    pub reading: TableConfig,
    /// How their rows are encoded, fitted on training rows.
    pub encoder: TableEncoder,
}

impl TablePreprocessing {
    /// Tables that are read and encoded in this way.
    pub fn new(reading: TableConfig, encoder: TableEncoder) -> Self {
        Self { reading, encoder }
    }
}
