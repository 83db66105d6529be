use serde::{Deserialize, Serialize};

use super::error::BaselineError;
use super::neighbors::Neighbors;
use super::one_class_svm::OneClassSvm;
use super::pca::Pca;
use super::rows::Rows;

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
    /// All of them, in the order of their columns in tables.
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
    /// ```
    /// use memae_experiments::baselines::{Baseline, Rows};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let line = [0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0];
    /// let beside = [1.5, 1.5, 3.0, 0.0];
    /// let rows = |values| Rows { values, width: 2 };
    /// let scores = Baseline::Pca.scores(rows(&line), rows(&beside), 0)?;
    /// assert!(scores[0] < 1e-9 && scores[1] > 4.0);
    /// # Ok(())
    /// # }
    /// ```
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
