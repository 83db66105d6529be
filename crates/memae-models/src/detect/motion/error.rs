use memae_data::encode::MotionError;
use memae_data::protocol::CalibrationError;

use crate::network::NetworkConfigError;

/// Why motion was not scored. Each message is one line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MotionDetectorError {
    /// The way from videos to motion, or a video that does not go it.
    #[error(transparent)]
    Motion(#[from] MotionError),
    /// The settings of the network.
    #[error(transparent)]
    Network(#[from] NetworkConfigError),
    /// A network that does not take what the way from videos to motion gives, or a model that is not that of its settings.
    #[error("found {problem}")]
    Mismatch {
        /// What does not fit.
        problem: String,
    },
    /// Held-out videos that give no threshold.
    #[error(transparent)]
    Calibration(#[from] CalibrationError),
    /// Normal videos of which none is long enough for a score.
    #[error(
        "found no video in which {expected} frames follow each other without a cut, expected at least one, as motion is a mean over so many"
    )]
    NoFrames {
        /// How many frames the first score takes.
        expected: usize,
    },
    /// A score that is no number.
    #[error("frame {frame}: the score is {found}, expected a finite number")]
    Score {
        /// Number of the frame.
        frame: u64,
        /// The score.
        found: f64,
    },
}
