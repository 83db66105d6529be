use memae_data::encode::PixelRange;
use memae_data::protocol::CalibrationError;
use memae_data::sample::ClipShape;

use crate::score::RuleError;

/// Why clips were not scored.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum VideoDetectorError {
    /// Clips of another shape than the network's input.
    #[error("clips are {found}, the detector expects {expected}")]
    ClipShape {
        /// Shape of the clips.
        found: ClipShape,
        /// Shape that the detector was trained on.
        expected: ClipShape,
    },
    /// Clips whose pixels are scaled in another way than those of the training clips.
    #[error("pixels of the clips are {found:?}, the detector expects {expected:?}")]
    PixelRange {
        /// Scale of the clips.
        found: PixelRange,
        /// Scale of the training clips.
        expected: PixelRange,
    },
    /// Clips whose frames are further apart, or closer, than those of the training clips.
    #[error("the clips take every {found}. frame, the detector expects every {expected}.")]
    FrameStep {
        /// Frames of the video from one frame of a clip to the next.
        found: usize,
        /// The same of the training clips.
        expected: usize,
    },
    /// Scores that are smoothed, of clips that don't begin at every frame, as those of a stream do.
    #[error("clips begin every {stride} frames, expected every frame where scores are smoothed")]
    Stride {
        /// Frames from one clip to the next.
        stride: usize,
    },
    /// A model that is not what the settings of the network say.
    #[error("the model takes clips of {found}, the settings say {expected}")]
    Model {
        /// What the model is.
        found: String,
        /// What the settings are.
        expected: String,
    },
    /// A way from videos to clips that is not that of the training clips.
    #[error("found {problem}")]
    Preprocessing {
        /// What is wrong with it.
        problem: String,
    },
    /// Held-out clips that give no threshold.
    #[error(transparent)]
    Calibration(#[from] CalibrationError),
    /// A setting out of range.
    #[error("video detector: {name} is {found}, expected {expected}")]
    OutOfRange {
        /// The setting.
        name: &'static str,
        /// The value found.
        found: f64,
        /// The range expected.
        expected: &'static str,
    },
    /// The rule, or clips that it can't score.
    #[error(transparent)]
    Rule(#[from] RuleError),
}
