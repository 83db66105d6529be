use burn::data::dataset::DatasetError;

use memae_data::protocol::CalibrationError;

use crate::score::{MAX_SIGMA, ScoreRule};

/// Why samples were not scored.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DetectorError {
    /// Samples of another shape than the network's input.
    #[error("{name}s are {found}, the detector expects {expected}")]
    SampleShape {
        /// What a sample is called.
        name: &'static str,
        /// Shape of the samples, as it is written.
        found: String,
        /// Shape that the detector was trained on.
        expected: String,
    },
    /// A sample that can't be read.
    #[error("{reason}")]
    Sample {
        /// What its source says.
        reason: String,
    },
    /// A rule that needs a memory, for a network without.
    #[error("the score rule is the {}, which needs a memory; the network has none", rule.name())]
    NoMemory {
        /// The rule.
        rule: ScoreRule,
    },
    /// A rule by scores that were not measured.
    #[error(
        "the score rule is the {}, which the evaluation of the training samples does not have",
        rule.name()
    )]
    NotMeasured {
        /// The rule.
        rule: ScoreRule,
    },
    /// No samples to fit on.
    #[error("no training {name}s given, expected at least 1")]
    NoSamples {
        /// What a sample is called.
        name: &'static str,
    },
    /// A score that is no number, as weights out of all bounds give it.
    #[error("{name} {index} scores {found}, expected a finite number")]
    Score {
        /// What a sample is called.
        name: &'static str,
        /// Position of the sample, from 0.
        index: usize,
        /// The score found.
        found: f64,
    },
    /// Samples of a detector of tiles that do not say which of them make a picture.
    #[error(
        "found samples that are no tiles of pictures, expected `Tiled` ones, since the preprocessing cuts tiles"
    )]
    NotTiled,
    /// A way from raw input to samples of another shape.
    #[error("found {problem}")]
    Preprocessing {
        /// What is wrong with it.
        problem: String,
    },
    /// Held-out samples that give no threshold.
    #[error(transparent)]
    Calibration(#[from] CalibrationError),
    /// A smoothing out of range.
    #[error("sigma is {found}, expected a number of pixels from 0 to {MAX_SIGMA}")]
    Sigma {
        /// The value found.
        found: f64,
    },
    /// A quantile out of range.
    #[error("quantile is {found}, expected a number above 0 and at most 1")]
    Quantile {
        /// The value found.
        found: f64,
    },
}

impl From<DatasetError> for DetectorError {
    fn from(error: DatasetError) -> Self {
        DetectorError::Sample {
            reason: error.to_string(),
        }
    }
}
