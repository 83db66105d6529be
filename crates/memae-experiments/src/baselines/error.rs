use linfa_svm::SvmError;

/// Why a baseline gives no scores.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// No rows.
    #[error("{set} rows: found none, expected at least one")]
    Empty {
        /// Which rows.
        set: &'static str,
    },
    /// A last row that is not whole.
    #[error("{set} rows: found {values} values, expected whole rows of {width}")]
    Ragged {
        /// Which rows.
        set: &'static str,
        /// Values in all.
        values: usize,
        /// Values in a row.
        width: usize,
    },
    /// A value that no distance can be taken to; row and column are counted from 1.
    #[error("{set} rows: row {row}, column {column}: found {value}, expected a finite number")]
    NotFinite {
        /// Which rows.
        set: &'static str,
        /// The row.
        row: usize,
        /// The column.
        column: usize,
        /// The value found.
        value: f32,
    },
    /// Test rows of another width.
    #[error("test rows: found {test} values in a row, expected {train} as in the training rows")]
    Widths {
        /// Values in a training row.
        train: usize,
        /// Values in a test row.
        test: usize,
    },
    /// A setting out of range.
    #[error("{setting}: found {found}, expected {expected}")]
    Setting {
        /// The setting.
        setting: &'static str,
        /// Its value.
        found: f64,
        /// Values that it can have.
        expected: &'static str,
    },
    /// A covariance whose eigenvectors are not found.
    #[error(
        "PCA: found no eigenvectors of a {width}×{width} covariance in {iterations} iterations"
    )]
    Eigenvectors {
        /// Rows and columns.
        width: usize,
        /// Steps after which the search ended.
        iterations: usize,
    },
    /// The fit of the support vector machine.
    #[error("one-class SVM: {0}")]
    Svm(#[from] SvmError),
}

/// `setting` is a share that is not zero.
pub(super) fn check_share(setting: &'static str, found: f64) -> Result<(), BaselineError> {
    match found > 0.0 && found <= 1.0 {
        true => Ok(()),
        false => Err(BaselineError::Setting {
            setting,
            found,
            expected: "a share in (0, 1]",
        }),
    }
}

/// `setting` counts something that is needed.
pub(super) fn check_count(setting: &'static str, found: usize) -> Result<(), BaselineError> {
    match found {
        0 => Err(BaselineError::Setting {
            setting,
            found: 0.0,
            expected: "at least 1",
        }),
        _ => Ok(()),
    }
}
