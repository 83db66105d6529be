use memae_data::encode::JointPreprocessing;

use super::error::JointDetectorError;
use crate::detect::motion::{MotionDistances, MotionScorer};
use crate::detect::video::VideoDetector;

/// What appearance and motion are scored by: a detector of clips and a scorer of motion, of the same frames.
///
/// A [`JointDetector`](super::JointDetector) is this with the scales on which both are joined, and a threshold.
#[derive(Debug, Clone)]
pub struct JointParts {
    appearance: VideoDetector,
    motion: MotionScorer,
    preprocessing: JointPreprocessing,
}

/// What both parts say of a frame, each on its own scale.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PartScores {
    /// Number of the frame, counted from 0.
    pub frame: u64,
    /// The score of the clip that scores the frame.
    pub appearance: f64,
    /// How far the motion in it is from normal.
    pub motion: MotionDistances,
}

impl PartScores {
    /// The scores of appearance and of motion.
    pub fn both(&self) -> [f64; 2] {
        [self.appearance, self.motion.score]
    }
}

impl JointParts {
    /// Both parts together.
    ///
    /// # Errors
    ///
    /// The detector of clips does not say how videos become clips; both do not open videos in the same way; frames of clips have more
    /// than 8 bits.
    pub fn new(
        appearance: VideoDetector,
        motion: MotionScorer,
    ) -> Result<Self, JointDetectorError> {
        let of_clips = appearance.preprocessing().cloned();
        let of_clips = of_clips.ok_or(JointDetectorError::NoPreprocessing)?;
        let preprocessing = JointPreprocessing::of_parts(of_clips, motion.preprocessing().clone())?;
        Ok(Self {
            appearance,
            motion,
            preprocessing,
        })
    }

    /// The detector of clips, whose own threshold has no say.
    pub fn appearance(&self) -> &VideoDetector {
        &self.appearance
    }

    /// The scorer of motion.
    pub fn motion(&self) -> &MotionScorer {
        &self.motion
    }

    /// The way from videos to both.
    pub fn preprocessing(&self) -> &JointPreprocessing {
        &self.preprocessing
    }

    /// Frames that follow each other until there is a score.
    ///
    /// # Errors
    ///
    /// The way to motion can't be gone.
    pub fn reach(&self) -> Result<usize, JointDetectorError> {
        let clips = self.preprocessing.appearance().clips().layout;
        let motion = self.preprocessing.motion().layout()?.frames() + 1;
        // Motion is known of the frame that a clip scores, or it has no score yet.
        let lag = clips.span() - 1 - clips.scored_frame() * clips.frame_step();
        Ok(clips.span().max(motion + lag))
    }
}
