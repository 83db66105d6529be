//! Clips and motion of the same frames.

use serde::{Deserialize, Serialize};

#[cfg(feature = "files")]
use super::clips::ClipsConfig;
use super::clips::VideoPreprocessing;
use super::motion::MotionPreprocessing;
use crate::sample::FrameFormat;
#[cfg(feature = "files")]
use crate::sample::VideoConfig;

/// The whole way from a video to its clips and to the motion in it, as one value: what a detector that looks at both keeps.
///
/// Videos are opened once for both, so that frame by frame both are of the same picture, and frames are decoded as they are; then each
/// is brought to the form of its part.
///
/// ```
/// use memae_data::encode::{ClipsConfig, JointPreprocessing, MotionConfig, MotionPreprocessing};
/// use memae_data::sample::VideoConfig;
///
/// let motion =
///     MotionPreprocessing::new(&VideoConfig::default(), (240, 360), 10.0, &MotionConfig::default())?;
/// let clips = ClipsConfig::default().with_size(64, 64);
/// let way = JointPreprocessing::new(&clips, motion)?;
/// assert_eq!(way.opening().rate, Some(10.0));
/// assert_eq!(way.appearance().clips(), &clips);
/// assert_eq!(way.format().size, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JointPreprocessing {
    appearance: VideoPreprocessing,
    motion: MotionPreprocessing,
}

/// Why clips and motion are not of the same frames.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JointPreprocessingError {
    /// Videos are opened in two ways.
    #[error(
        "found videos that are opened for clips in another way than for motion, expected one way, as with the same frames a second"
    )]
    Openings,
    /// Clips are of frames of more than 8 bits, which motion is not told by.
    #[error(
        "found a range of values for the frames of clips, expected none: motion is told by frames of 8 bits"
    )]
    Range,
}

impl JointPreprocessing {
    /// The way to clips by these settings, of videos that are opened as they are for motion.
    ///
    /// # Errors
    ///
    /// The clips have a range of values.
    #[cfg(feature = "files")]
    pub fn new(
        clips: &ClipsConfig,
        motion: MotionPreprocessing,
    ) -> Result<Self, JointPreprocessingError> {
        let appearance = VideoPreprocessing::new(motion.opening(), clips);
        Self::of_parts(appearance, motion)
    }

    /// Both ways together.
    ///
    /// # Errors
    ///
    /// They open videos differently; the clips have a range of values.
    pub fn of_parts(
        appearance: VideoPreprocessing,
        motion: MotionPreprocessing,
    ) -> Result<Self, JointPreprocessingError> {
        let way = Self { appearance, motion };
        way.validate()?;
        Ok(way)
    }

    /// Checks that both parts are of the same frames.
    ///
    /// # Errors
    ///
    /// They open videos differently; the clips have a range of values.
    pub fn validate(&self) -> Result<(), JointPreprocessingError> {
        if self.appearance.opening != self.motion.opening {
            return Err(JointPreprocessingError::Openings);
        }
        match self.appearance.clips().format.range {
            Some(_) => Err(JointPreprocessingError::Range),
            None => Ok(()),
        }
    }

    /// The way to clips.
    pub fn appearance(&self) -> &VideoPreprocessing {
        &self.appearance
    }

    /// The way to motion.
    pub fn motion(&self) -> &MotionPreprocessing {
        &self.motion
    }

    /// How videos are opened.
    #[cfg(feature = "files")]
    pub fn opening(&self) -> &VideoConfig {
        self.motion.opening()
    }

    /// What frames are decoded to: their own size, in the colour that clips have.
    pub fn format(&self) -> FrameFormat {
        FrameFormat::default().with_colour(self.appearance.clips().format.colour)
    }
}

#[cfg(all(test, feature = "files"))]
mod tests {
    use super::*;
    use crate::encode::MotionConfig;
    use crate::sample::StoredRange;

    fn motion(opening: &VideoConfig) -> MotionPreprocessing {
        MotionPreprocessing::new(opening, (48, 72), 10.0, &MotionConfig::default()).unwrap()
    }

    #[test]
    fn both_parts_are_of_the_same_frames() {
        let opening = VideoConfig::default().with_rate(10.0);
        let clips = ClipsConfig::default();
        let way = JointPreprocessing::new(&clips, motion(&opening)).unwrap();
        assert_eq!(way.appearance().opening(), way.motion().opening());
        // A rate of images is what motion adds.
        let of_clips = VideoPreprocessing::new(&opening, &clips);
        let error = JointPreprocessing::of_parts(of_clips, motion(&opening)).unwrap_err();
        assert_eq!(error, JointPreprocessingError::Openings);
    }

    #[test]
    fn clips_of_deep_frames_have_no_motion() {
        let format = FrameFormat::default()
            .with_size(8, 8)
            .with_range(StoredRange::Full);
        let clips = ClipsConfig {
            format,
            ..ClipsConfig::default()
        };
        let error = JointPreprocessing::new(&clips, motion(&VideoConfig::default()));
        assert_eq!(error.unwrap_err(), JointPreprocessingError::Range);
    }

    #[test]
    fn what_is_kept_is_read_again() {
        let way = JointPreprocessing::new(
            &ClipsConfig::default(),
            motion(&VideoConfig::default().with_image_rate(5.0)),
        );
        let way = way.unwrap();
        let text = serde_json::to_string(&way).unwrap();
        assert_eq!(
            serde_json::from_str::<JointPreprocessing>(&text).unwrap(),
            way
        );
        let more = text.replacen('{', r#"{"speed":1,"#, 1);
        assert!(serde_json::from_str::<JointPreprocessing>(&more).is_err());
    }
}
