/// Why no threshold can be chosen.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CalibrationError {
    /// There are no scores.
    #[error("calibration scores: found none, expected at least one")]
    Empty,
    /// A score cannot be compared.
    #[error("calibration score {index}: found {found}, expected a finite number")]
    NotFinite {
        /// Its index.
        index: usize,
        /// Its value.
        found: f64,
    },
    /// Scores and groups are not as many.
    #[error("groups: found {groups}, expected {scores}, one for each score")]
    LengthMismatch {
        /// Number of scores.
        scores: usize,
        /// Number of groups named.
        groups: usize,
    },
    /// Scores that are not all there any more.
    #[error("calibration: found one that was condensed, expected one with all of its scores")]
    Condensed,
    /// Scores that can't come from so many folds.
    #[error(
        "folds: found {folds} of {groups} groups of calibration scores, expected 2 to {groups}"
    )]
    Folds {
        /// Number of folds.
        folds: usize,
        /// Groups of scores.
        groups: usize,
    },
    /// The rate is not a number between 0 and 1.
    #[error("false alarm rate: found {found}, expected a number between 0 and 1, both excluded")]
    Rate {
        /// Its value.
        found: f64,
    },
}
