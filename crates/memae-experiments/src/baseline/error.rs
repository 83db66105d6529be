use linfa_svm::SvmError;

/// Why a baseline gives no scores.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    #[error("{set} rows: found none, expected at least one")]
    Empty { set: &'static str },
    #[error("{set} rows: found {values} values, expected whole rows of {width}")]
    Ragged {
        set: &'static str,
        values: usize,
        width: usize,
    },
    /// Row and column are counted from 1.
    #[error("{set} rows: row {row}, column {column}: found {value}, expected a finite number")]
    NotFinite {
        set: &'static str,
        row: usize,
        column: usize,
        value: f32,
    },
    #[error("test rows: found {test} values in a row, expected {train} as in the training rows")]
    Widths { train: usize, test: usize },
    #[error("{setting}: found {found}, expected {expected}")]
    Setting {
        setting: &'static str,
        found: f64,
        expected: &'static str,
    },
    #[error(
        "PCA: found no eigenvectors of a {width}×{width} covariance in {iterations} iterations"
    )]
    Eigenvectors { width: usize, iterations: usize },
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
