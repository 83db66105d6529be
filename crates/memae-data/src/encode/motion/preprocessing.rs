use serde::{Deserialize, Serialize};

use super::config::MotionConfig;
use super::error::{MotionError, check};
use super::layout::MotionLayout;
use super::stream::MotionStream;
#[cfg(feature = "files")]
use super::video::MotionFrames;
#[cfg(not(feature = "files"))]
use crate::encode::kept_opening::KeptOpening as Opening;
use crate::sample::FrameFormat;
#[cfg(feature = "files")]
use crate::sample::{Video, VideoConfig, VideoConfig as Opening};

/// The least and most that the frames of a video may come as often as they should.
#[cfg(feature = "files")]
const RATES: std::ops::RangeInclusive<f64> = 0.9..=1.1;

/// The whole way from a video to motion, as one value: what a detector keeps, so that another video goes the same way.
///
/// Frames become grey and of one size, and come at one rate: of a video that has more of them some are passed over, and one that
/// has fewer is refused. Folders of images, which say nothing of time, are taken to come at that rate, unless the settings say
/// how they do. What belongs to one video or to one machine is not part of it: start and end, and FFmpeg's programs.
///
/// ```
/// use memae_data::encode::{MotionConfig, MotionPreprocessing};
/// use memae_data::sample::VideoConfig;
///
/// let opening = VideoConfig::default().with_start(60.0);
/// let way = MotionPreprocessing::new(&opening, (240, 360), 10.0, &MotionConfig::default())?;
/// assert_eq!(way.opening().rate, Some(10.0));
/// assert_eq!(way.opening().start, 0.0);
/// assert_eq!(way.layout()?.frames(), 8);
/// # Ok::<(), memae_data::encode::MotionError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MotionPreprocessing {
    pub(in crate::encode) opening: Opening,
    format: FrameFormat,
    rate: f64,
    motion: MotionConfig,
}

impl MotionPreprocessing {
    /// What of these settings other videos need, too, for frames of this height and width, so many a second.
    ///
    /// # Errors
    ///
    /// As of [`validate`](Self::validate).
    #[cfg(feature = "files")]
    pub fn new(
        opening: &VideoConfig,
        (height, width): (usize, usize),
        rate: f64,
        motion: &MotionConfig,
    ) -> Result<Self, MotionError> {
        let opening = opening.of_any_video().with_rate(rate);
        let image_rate = opening.image_rate.unwrap_or(rate);
        let way = Self {
            opening: opening.with_image_rate(image_rate),
            format: FrameFormat::default().with_size(height, width),
            rate,
            motion: motion.clone(),
        };
        way.validate()?;
        Ok(way)
    }

    /// The same way with other settings of motion.
    ///
    /// # Errors
    ///
    /// As of [`validate`](Self::validate).
    pub fn with_motion(&self, motion: MotionConfig) -> Result<Self, MotionError> {
        let way = Self {
            motion,
            ..self.clone()
        };
        way.validate()?;
        Ok(way)
    }

    /// How videos are opened.
    #[cfg(feature = "files")]
    pub fn opening(&self) -> &VideoConfig {
        &self.opening
    }

    /// What becomes of their frames.
    pub fn format(&self) -> &FrameFormat {
        &self.format
    }

    /// Frames a second.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// What motion is told by.
    pub fn motion(&self) -> &MotionConfig {
        &self.motion
    }

    /// Checks that the settings can be met.
    ///
    /// # Errors
    ///
    /// One is out of its range; frames are not grey, or have no size of their own.
    pub fn validate(&self) -> Result<(), MotionError> {
        self.layout().map(drop)
    }

    /// What the settings are for these frames.
    ///
    /// # Errors
    ///
    /// As of [`validate`](Self::validate).
    pub fn layout(&self) -> Result<MotionLayout, MotionError> {
        let (height, width) = self.size()?;
        self.motion.layout(height, width, self.rate)
    }

    /// A stream that takes such frames, one at a time.
    ///
    /// # Errors
    ///
    /// As of [`validate`](Self::validate).
    pub fn stream(&self) -> Result<MotionStream, MotionError> {
        let (height, width) = self.size()?;
        self.motion.stream(height, width, self.rate)
    }

    fn size(&self) -> Result<(usize, usize), MotionError> {
        let Some((height, width)) = self.format.size else {
            return Err(MotionError::NoSize);
        };
        let channels = self.format.shape_of(height, width).channels;
        check(
            channels == 1,
            "channels",
            channels as f64,
            "1, as motion is told by grey frames",
        )?;
        Ok((height, width))
    }
}

#[cfg(feature = "files")]
impl MotionPreprocessing {
    /// The motion in each frame of a video, in order, frames decoded one at a time as they are asked for.
    ///
    /// # Errors
    ///
    /// As of [`validate`](Self::validate); frames can't be decoded at all, or come more often or more rarely, as far as that is
    /// known, by more than a tenth. Items are errors where a frame is damaged; nothing comes after an error.
    pub fn frames(&self, video: &Video) -> Result<MotionFrames, MotionError> {
        self.validate()?;
        self.check_rate(video)?;
        self.motion.frames(video, &self.format, self.rate)
    }

    /// Checks that the frames of a video come as often as they should, as far as that is known.
    ///
    /// # Errors
    ///
    /// They come more often or more rarely by more than a tenth; the packets of the file can't be listed.
    pub fn check_rate(&self, video: &Video) -> Result<(), MotionError> {
        match video.frame_rate()? {
            Some(found) if !RATES.contains(&(found / self.rate)) => Err(MotionError::Rate {
                path: crate::format::shown(video.path()),
                found,
                expected: self.rate,
            }),
            _ => Ok(()),
        }
    }
}
