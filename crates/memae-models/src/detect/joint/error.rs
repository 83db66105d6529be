use memae_data::encode::{JointPreprocessingError, MotionError};
use memae_data::protocol::CalibrationError;
#[cfg(feature = "files")]
use memae_data::sample::SampleError;
use memae_data::sample::{ImageShape, PreprocessingError};

use crate::detect::motion::MotionDetectorError;
use crate::detect::video::{StreamError, VideoDetectorError};

/// Why appearance and motion were not scored together. Each message is one line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JointDetectorError {
    /// The detector of clips does not say how videos become clips.
    #[error(
        "found a detector of clips that does not say how videos become clips, expected one that does"
    )]
    NoPreprocessing,
    /// Clips and motion are not of the same frames.
    #[error(transparent)]
    Preprocessing(#[from] JointPreprocessingError),
    /// The motion in a video, or its memory.
    #[error(transparent)]
    Motion(#[from] MotionDetectorError),
    /// The detector of clips.
    #[error(transparent)]
    Appearance(#[from] VideoDetectorError),
    /// A frame that no clip takes.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// A frame without pixels, or with more or fewer than its shape says.
    #[error(
        "frame {frame}: found {found} pixels of {shape}, expected as many as that, and one at least"
    )]
    Pixels {
        /// Number of the frame.
        frame: u64,
        /// Pixels found, of all channels.
        found: usize,
        /// The shape that the frame has.
        shape: ImageShape,
    },
    /// A frame that can't be brought to the form of a part.
    #[error("frame {frame}: {error}")]
    Frame {
        /// Number of the frame.
        frame: u64,
        /// What is wrong with it.
        error: PreprocessingError,
    },
    /// A video that can't be decoded.
    #[cfg(feature = "files")]
    #[error(transparent)]
    Video(#[from] SampleError),
    /// Normal videos of which none is long enough for a score.
    #[error(
        "found no video with a frame that both parts score, expected at least one: clips and motion take {expected} frames that follow each other"
    )]
    NoFrames {
        /// How many frames the first score takes.
        expected: usize,
    },
    /// Normal frames of which one part says the same.
    #[error(
        "{part}: found normal frames that all score {found}, expected scores that differ, as what is rare is told by them"
    )]
    Constant {
        /// The part.
        part: &'static str,
        /// The score.
        found: f64,
    },
    /// Scores that are no numbers.
    #[error("{part}: found {found} among the scores of normal frames, expected finite numbers")]
    NotFinite {
        /// The part.
        part: &'static str,
        /// The first such score.
        found: f64,
    },
    /// Held-out videos that give no threshold.
    #[error(transparent)]
    Calibration(#[from] CalibrationError),
}

impl From<MotionError> for JointDetectorError {
    fn from(error: MotionError) -> Self {
        Self::Motion(error.into())
    }
}
