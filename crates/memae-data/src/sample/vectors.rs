//! Vectors of numbers in memory.

use std::fmt;
use std::sync::Arc;

use burn_dataset::{Dataset, DatasetError};

/// Why values do not make [`Vectors`].
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum VectorsError {
    /// Vectors without values.
    #[error("vectors: found width 0, expected at least 1")]
    ZeroWidth,
    /// The values do not fill whole vectors.
    #[error("vectors: found {found} values, expected a multiple of the width {width}")]
    Count {
        /// Values given.
        found: usize,
        /// Values of a vector.
        width: usize,
    },
    /// A value is no finite number.
    #[error("vector {row}, value {column}: found {found}, expected a finite number")]
    NotFinite {
        /// Index of the vector.
        row: usize,
        /// Index of the value in it.
        column: usize,
        /// The value.
        found: f32,
    },
}

#[derive(PartialEq)]
struct Storage {
    width: usize,
    values: Vec<f32>,
}

/// Vectors of finite numbers, all of one width, `[rows, width]`.
///
/// Cheap to clone: clones share their values. As a [`Dataset`] it gives one `Vec<f32>` a row.
///
/// ```
/// use memae_data::sample::Vectors;
///
/// let vectors = Vectors::new(3, vec![0.0, 0.5, 1.0, 0.2, 0.4, 0.6])?;
/// assert_eq!((vectors.len(), vectors.width()), (2, 3));
/// assert_eq!(vectors.row(1), [0.2, 0.4, 0.6]);
/// # Ok::<(), memae_data::sample::VectorsError>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Vectors {
    storage: Arc<Storage>,
}

impl Vectors {
    /// Vectors from their values, `[rows, width]` flattened, one row after the other.
    ///
    /// # Errors
    ///
    /// `width` is 0, the number of values is not a multiple of it, or a value is not finite.
    pub fn new(width: usize, values: Vec<f32>) -> Result<Self, VectorsError> {
        if width == 0 {
            return Err(VectorsError::ZeroWidth);
        }
        if !values.len().is_multiple_of(width) {
            return Err(VectorsError::Count {
                found: values.len(),
                width,
            });
        }
        if let Some(index) = values.iter().position(|value| !value.is_finite()) {
            return Err(VectorsError::NotFinite {
                row: index / width,
                column: index % width,
                found: values[index],
            });
        }
        Ok(Self::from_checked(width, values))
    }

    /// Vectors whose values are known to be finite and to fill whole rows.
    pub(crate) fn from_checked(width: usize, values: Vec<f32>) -> Self {
        Self {
            storage: Arc::new(Storage { width, values }),
        }
    }

    /// Number of vectors.
    pub fn len(&self) -> usize {
        self.storage.values.len() / self.storage.width
    }

    /// Whether there are no vectors.
    pub fn is_empty(&self) -> bool {
        self.storage.values.is_empty()
    }

    /// Values of each vector; at least 1.
    pub fn width(&self) -> usize {
        self.storage.width
    }

    /// One vector, `[width]`.
    ///
    /// # Panics
    ///
    /// `index` is not below [`len`](Self::len).
    pub fn row(&self, index: usize) -> &[f32] {
        assert!(
            index < self.len(),
            "vector {index} of {} vectors",
            self.len()
        );
        &self.storage.values[index * self.width()..][..self.width()]
    }

    /// All values, `[rows, width]` flattened.
    pub fn values(&self) -> &[f32] {
        &self.storage.values
    }

    /// The vectors at `indices`, in that order; an index may occur more than once. Copies the values.
    ///
    /// # Panics
    ///
    /// An index is not below [`len`](Self::len).
    pub fn select(&self, indices: &[usize]) -> Vectors {
        let mut values = Vec::with_capacity(indices.len() * self.width());
        for &index in indices {
            values.extend_from_slice(self.row(index));
        }
        Self::from_checked(self.width(), values)
    }
}

/// Shows the width and how many vectors there are, and leaves out the values.
impl fmt::Debug for Vectors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vectors")
            .field("width", &self.width())
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

impl Dataset<Vec<f32>> for Vectors {
    fn get(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
        Ok(self.row(index).to_vec())
    }

    fn len(&self) -> usize {
        Vectors::len(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vectors() -> Vectors {
        Vectors::new(3, (0..15u8).map(f32::from).collect()).expect("whole rows")
    }

    #[test]
    fn rows_are_their_own() {
        let vectors = vectors();
        assert_eq!((vectors.len(), vectors.width()), (5, 3));
        assert_eq!(vectors.row(4), [12.0, 13.0, 14.0]);
        assert_eq!(vectors.values().len(), 15);
        assert!(std::ptr::eq(vectors.row(1), vectors.clone().row(1)));
    }

    #[test]
    fn select_keeps_the_order_asked_for() {
        let selected = vectors().select(&[3, 0, 3]);
        assert_eq!(
            selected.values(),
            [9.0, 10.0, 11.0, 0.0, 1.0, 2.0, 9.0, 10.0, 11.0]
        );
        let none = vectors().select(&[]);
        assert!(none.is_empty());
        assert_eq!(none.width(), 3);
    }

    #[test]
    fn values_that_make_no_vectors_are_errors() {
        let message = |width, values| {
            let error = Vectors::new(width, values).expect_err("no vectors");
            error.to_string()
        };
        assert_eq!(
            message(0, vec![]),
            "vectors: found width 0, expected at least 1"
        );
        assert_eq!(
            message(3, vec![0.0; 7]),
            "vectors: found 7 values, expected a multiple of the width 3"
        );
        for found in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert_eq!(
                message(2, vec![0.0, 1.0, 2.0, found]),
                format!("vector 1, value 1: found {found}, expected a finite number")
            );
        }
    }

    #[test]
    fn dataset_gives_every_row() {
        let rows: Vec<Vec<f32>> = vectors()
            .iter()
            .map(|row| row.expect("in memory"))
            .collect();
        assert_eq!(rows.len(), 5);
        assert_eq!(rows[1], [3.0, 4.0, 5.0]);
    }

    #[test]
    fn debug_output_leaves_out_values() {
        assert_eq!(
            format!("{:?}", vectors()),
            "Vectors { width: 3, len: 5, .. }"
        );
    }

    #[test]
    #[should_panic(expected = "vector 5 of 5 vectors")]
    fn index_out_of_range_says_so() {
        vectors().row(5);
    }
}
