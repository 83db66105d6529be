use serde::{Deserialize, Serialize};

use super::{EmptyRow, Shrinkage, Similarity};
use crate::MemoryConfigError;

/// Settings of the addressing: similarity, temperature, shrinkage.
///
/// ```
/// use memae_core::addressing::{Addressing, Shrinkage, Similarity};
///
/// let addressing = Addressing::default()
///     .with_similarity(Similarity::Dot)
///     .with_shrinkage(Shrinkage::absolute(0.0025));
/// assert!(addressing.validate(2000).is_ok());
/// assert!(addressing.with_temperature(0.0).validate(2000).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Addressing {
    /// How a query is compared with an item.
    pub similarity: Similarity,
    /// Temperature τ of the softmax, from 1e-30 to 1e30. Smaller is sparser. The paper has 1.
    pub temperature: f64,
    /// Which weights are shrunk to zero.
    pub shrinkage: Shrinkage,
    /// What a query reads when every weight was shrunk to zero.
    pub empty_row: EmptyRow,
}

impl Default for Addressing {
    /// The paper's setting: cosine similarity, τ = 1, λ = 1/N; an empty row reads its best item.
    fn default() -> Self {
        Self {
            similarity: Similarity::Cosine,
            temperature: 1.0,
            shrinkage: Shrinkage::default(),
            empty_row: EmptyRow::default(),
        }
    }
}

impl Addressing {
    /// Compares queries and items in another way.
    pub fn with_similarity(self, similarity: Similarity) -> Self {
        Self { similarity, ..self }
    }

    /// Another temperature τ, above 0.
    pub fn with_temperature(self, temperature: f64) -> Self {
        Self {
            temperature,
            ..self
        }
    }

    /// Shrinks other weights to zero.
    pub fn with_shrinkage(self, shrinkage: Shrinkage) -> Self {
        Self { shrinkage, ..self }
    }

    /// Lets empty rows read something else.
    pub fn with_empty_row(self, empty_row: EmptyRow) -> Self {
        Self { empty_row, ..self }
    }

    /// Checks the settings for a memory of `num_items` items.
    ///
    /// # Errors
    ///
    /// A temperature below 1e-30 or above 1e30, by which similarities would become infinite, or all the same, in f32; a
    /// threshold λ that is not above 0 and below 1; a number of items to read that is 0 or above `num_items`.
    pub fn validate(&self, num_items: usize) -> Result<(), MemoryConfigError> {
        if !(1e-30..=1e30).contains(&self.temperature) {
            return Err(MemoryConfigError::Temperature {
                found: self.temperature,
            });
        }
        self.shrinkage.validate(num_items)
    }
}
