//! Reconstruction error of a linear model.

use nalgebra::{DMatrix, SymmetricEigen};
use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2, ArrayView2, Axis};

use super::error::{BaselineError, check_share};
use super::rows::{Rows, matrices};

/// Rows that are taken to f64 at once.
const BLOCK: usize = 1024;

/// Squared distance to the subspace of the first principal components, the linear counterpart of an autoencoder.
///
/// Columns are centred but not scaled, as autoencoders are given them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pca {
    /// Share of the variance of the training rows that the components keep, in (0, 1]: the fewest that keep so much.
    pub variance: f64,
}

impl Default for Pca {
    /// 95 % of the variance, the most common choice.
    fn default() -> Self {
        Self { variance: 0.95 }
    }
}

impl Pca {
    /// Squared reconstruction error of each row of `test`, ≥ 0.
    ///
    /// # Errors
    ///
    /// As [`Baseline::scores`](super::Baseline::scores), and a setting out of range.
    pub fn scores(&self, train: Rows, test: Rows) -> Result<Vec<f64>, BaselineError> {
        check_share("variance", self.variance)?;
        let (train, test) = matrices(train, test)?;
        let subspace = self.fit(train)?;
        Ok(subspace.errors(test))
    }

    fn fit(&self, train: ArrayView2<f32>) -> Result<Subspace, BaselineError> {
        let mean = mean(train);
        let (variances, vectors) = eigen(covariance(train, &mean))?;

        let total: f64 = variances.iter().map(|&(variance, _)| variance).sum();
        let mut kept = 0.0;
        let columns: Vec<usize> = variances
            .into_iter()
            .take_while(|&(variance, _)| {
                let wanted = variance > 0.0 && kept < self.variance * total;
                kept += variance;
                wanted
            })
            .map(|(_, column)| column)
            .collect();
        let components = Array2::from_shape_fn((train.ncols(), columns.len()), |(row, column)| {
            vectors[(row, columns[column])]
        });
        Ok(Subspace { mean, components })
    }
}

struct Subspace {
    mean: Array1<f64>,
    /// Orthonormal columns, `[width, components]`.
    components: Array2<f64>,
}

impl Subspace {
    fn errors(&self, rows: ArrayView2<f32>) -> Vec<f64> {
        rows.axis_chunks_iter(Axis(0), BLOCK)
            .flat_map(|block| {
                let mut rest = centred(block, &self.mean);
                let projected = rest.dot(&self.components);
                general_mat_mul(-1.0, &projected, &self.components.t(), 1.0, &mut rest);
                rest.rows()
                    .into_iter()
                    .map(|row| row.dot(&row))
                    .collect::<Vec<_>>()
            })
            .collect()
    }
}

fn mean(rows: ArrayView2<f32>) -> Array1<f64> {
    let mut sum = Array1::zeros(rows.ncols());
    for row in rows.rows() {
        sum.zip_mut_with(&row, |sum, &value| *sum += f64::from(value));
    }
    sum / rows.nrows() as f64
}

fn centred(rows: ArrayView2<f32>, mean: &Array1<f64>) -> Array2<f64> {
    rows.mapv(f64::from) - mean
}

/// `[width, width]`
fn covariance(rows: ArrayView2<f32>, mean: &Array1<f64>) -> Array2<f64> {
    let mut covariance = Array2::zeros([rows.ncols(); 2]);
    let share = 1.0 / rows.nrows() as f64;
    for block in rows.axis_chunks_iter(Axis(0), BLOCK) {
        let block = centred(block, mean);
        general_mat_mul(share, &block.t(), &block, 1.0, &mut covariance);
    }
    covariance
}

/// An eigenvalue and the column of its eigenvector.
type Eigenvalue = (f64, usize);

/// Eigenvalues, largest first, each with its column in the matrix of eigenvectors.
fn eigen(covariance: Array2<f64>) -> Result<(Vec<Eigenvalue>, DMatrix<f64>), BaselineError> {
    let width = covariance.ncols();
    // Two or three for each eigenvalue are usual.
    let iterations = 100 * width;
    let matrix = DMatrix::from_iterator(width, width, covariance);
    let eigen = SymmetricEigen::try_new(matrix, f64::EPSILON, iterations)
        .ok_or(BaselineError::Eigenvectors { width, iterations })?;
    let mut values: Vec<Eigenvalue> = eigen.eigenvalues.iter().copied().zip(0..).collect();
    values.sort_by(|a, b| b.0.total_cmp(&a.0));
    Ok((values, eigen.eigenvectors))
}
