//! Baselines: detectors without a network, to set beside MemAE on the same rows.
//!
//! Each is fitted on normal training rows and gives test rows an anomaly score; higher is more anomalous. The same rows
//! and the same seed give the same scores, on any number of threads.

mod distances;
mod error;
pub mod neighbors;
pub mod one_class_svm;
pub mod pca;
mod sample;

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

pub use error::BaselineError;
use neighbors::Neighbors;
use one_class_svm::OneClassSvm;
use pca::Pca;

/// Rows of numbers, one after the other.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    pub values: &'a [f32],
    /// Values in a row.
    pub width: usize,
}

/// A detector and the settings that are usual for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Baseline {
    /// Reconstruction error of the principal components.
    Pca,
    /// Mean distance to the nearest training rows.
    Neighbors,
    /// Negated kernel sum of a one-class support vector machine.
    OneClassSvm,
}

impl Baseline {
    pub const ALL: [Self; 3] = [Self::Pca, Self::Neighbors, Self::OneClassSvm];

    /// For people, in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pca => "PCA",
            Self::Neighbors => "k-NN",
            Self::OneClassSvm => "OC-SVM",
        }
    }

    /// Its settings, to tell whether scores are of the same ones.
    pub fn settings(self) -> String {
        match self {
            Self::Pca => format!("{:?}", Pca::default()),
            Self::Neighbors => format!("{:?}", Neighbors::default()),
            Self::OneClassSvm => format!("{:?}", OneClassSvm::default()),
        }
    }

    /// Anomaly score of each row of `test`.
    ///
    /// `seed` chooses the training rows where a detector takes only some of them; PCA takes all.
    ///
    /// # Errors
    ///
    /// Either has no rows, an incomplete row or a number that is not finite, or their widths differ; or the fit fails.
    pub fn scores(self, train: Rows, test: Rows, seed: u64) -> Result<Vec<f64>, BaselineError> {
        match self {
            Self::Pca => Pca::default().scores(train, test),
            Self::Neighbors => Neighbors::default().scores(train, test, seed),
            Self::OneClassSvm => OneClassSvm::default().scores(train, test, seed),
        }
    }
}

/// Training and test rows as matrices of one width.
fn matrices<'a>(
    train: Rows<'a>,
    test: Rows<'a>,
) -> Result<(ArrayView2<'a, f32>, ArrayView2<'a, f32>), BaselineError> {
    let matrices = (train.matrix("training")?, test.matrix("test")?);
    if train.width != test.width {
        return Err(BaselineError::Widths {
            train: train.width,
            test: test.width,
        });
    }
    Ok(matrices)
}

impl<'a> Rows<'a> {
    /// `[rows, width]`; `set` names the rows in errors.
    fn matrix(self, set: &'static str) -> Result<ArrayView2<'a, f32>, BaselineError> {
        let Self { values, width } = self;
        if values.is_empty() {
            return Err(BaselineError::Empty { set });
        }
        let ragged = BaselineError::Ragged {
            set,
            values: values.len(),
            width,
        };
        if !values.len().is_multiple_of(width) {
            return Err(ragged);
        }
        if let Some(place) = values.iter().position(|value| !value.is_finite()) {
            return Err(BaselineError::NotFinite {
                set,
                row: place / width + 1,
                column: place % width + 1,
                value: values[place],
            });
        }
        ArrayView2::from_shape((values.len() / width, width), values).map_err(|_| ragged)
    }
}

#[cfg(test)]
mod tests;
