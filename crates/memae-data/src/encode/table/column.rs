use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::error::TableEncoderError;
use super::numeric::NumericEncoding;
use crate::short_text::shortened;

/// What becomes of the fields of a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ColumnEncoding {
    /// One value, or two with one that tells gaps.
    Numeric(NumericEncoding),
    /// One value for each of these categories.
    Categorical(Vec<String>),
}

impl ColumnEncoding {
    /// What the column is called in messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Numeric(_) => "numeric",
            Self::Categorical(_) => "categorical",
        }
    }

    /// Values of a row; at least 1.
    pub(super) fn width(&self) -> usize {
        match self {
            Self::Numeric(numeric) => numeric.width(),
            Self::Categorical(vocabulary) => vocabulary.len(),
        }
    }
}

/// A column that an encoder was fitted on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct EncodedColumn {
    pub(super) name: String,
    pub(super) encoding: ColumnEncoding,
}

impl EncodedColumn {
    /// Whether numbers and categories can be encoded so.
    pub(super) fn check(&self) -> Result<(), TableEncoderError> {
        let column = || shortened(&self.name);
        match &self.encoding {
            ColumnEncoding::Numeric(numeric) => {
                if numeric.spread() < 0.0 {
                    return Err(TableEncoderError::Spread {
                        column: column(),
                        found: numeric.spread(),
                    });
                }
                let mut fills = numeric.fills().iter();
                match fills.find(|fill| fill.abs() > f64::from(f32::MAX)) {
                    Some(found) => Err(TableEncoderError::Fill {
                        column: column(),
                        found,
                    }),
                    None => Ok(()),
                }
            }
            ColumnEncoding::Categorical(vocabulary) => {
                if vocabulary.is_empty() {
                    return Err(TableEncoderError::EmptyVocabulary { column: column() });
                }
                let mut seen = HashSet::new();
                match vocabulary.iter().find(|category| !seen.insert(*category)) {
                    Some(category) => Err(TableEncoderError::RepeatedCategory {
                        column: column(),
                        category: shortened(category),
                    }),
                    None => Ok(()),
                }
            }
        }
    }
}
