//! One-class support vector machine.

use linfa::dataset::{DatasetBase, Pr};
use linfa::traits::Fit;
use linfa_svm::Svm;
use ndarray::{Array1, Axis};

use super::distances::squared_distances;
use super::error::{BaselineError, check_count, check_share};
use super::rows::{Rows, matrices};
use super::sample::thin;

/// Test rows that are scored at once.
const BLOCK: usize = 1024;

/// ν-SVM of one class (Schölkopf and others, 2001) with the kernel k(a, b) = exp(−γ ‖a − b‖²).
///
/// γ is 1 / (columns · variance of all training values), which scikit-learn calls "scale".
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OneClassSvm {
    /// At most this share of the training rows lies outside, and at least this share supports the border; in (0, 1].
    pub nu: f64,
    /// Most training rows; where there are more, so many are drawn at random. Time and memory grow with their square.
    pub rows: usize,
}

impl Default for OneClassSvm {
    /// ν = 0.1 is usual where training rows are taken to be normal. 2,000 rows of MNIST are fitted in seconds, and all
    /// 6,000 give no better AUC.
    fn default() -> Self {
        Self {
            nu: 0.1,
            rows: 2_000,
        }
    }
}

impl OneClassSvm {
    /// −Σᵢ αᵢ k(xᵢ, x) of each row x of `test`, over the support vectors xᵢ. The offset ρ is left out, which is the same
    /// for all rows.
    ///
    /// # Errors
    ///
    /// As [`Baseline::scores`](super::Baseline::scores), and a setting out of range.
    pub fn scores(&self, train: Rows, test: Rows, seed: u64) -> Result<Vec<f64>, BaselineError> {
        check_share("nu", self.nu)?;
        check_count("rows", self.rows)?;
        let (train, test) = matrices(train, test)?;
        let chosen = thin((0..train.nrows()).collect(), self.rows, seed);
        let rows = train.select(Axis(0), &chosen).mapv(f64::from);
        let spread = match rows.ncols() as f64 * rows.var(0.0) {
            // Of equal values; any γ will do.
            0.0 => 1.0,
            spread => spread,
        };
        let targets = Array1::from_elem(rows.nrows(), ());
        let dataset = DatasetBase::new(rows, targets);
        let svm: Svm<f64, bool> = Svm::<f64, Pr>::params()
            .gaussian_kernel(spread)
            .nu_weight(self.nu)
            .fit(&dataset)?;

        let support: Vec<usize> = (0..svm.alpha.len())
            .filter(|&index| svm.alpha[index] > 0.0)
            .collect();
        let weights: Array1<f64> = support.iter().map(|&index| svm.alpha[index]).collect();
        let vectors = dataset.records.select(Axis(0), &support);
        let scores = test.axis_chunks_iter(Axis(0), BLOCK).flat_map(|block| {
            let distances = squared_distances(block.mapv(f64::from).view(), vectors.view());
            let kernel = distances.mapv_into(|squared| (-squared / spread).exp());
            -kernel.dot(&weights)
        });
        Ok(scores.collect())
    }
}
