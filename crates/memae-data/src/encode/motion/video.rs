use super::config::MotionConfig;
use super::error::MotionError;
use super::frame::MotionFrame;
use super::stream::MotionStream;
use crate::sample::{FrameFormat, Frames, ImageShape, Video};

impl MotionConfig {
    /// The motion in each frame of a video, in order, frames decoded one at a time as they are asked for. Queries never look
    /// beyond a [gap](crate::sample::Video::gaps) of the video.
    ///
    /// # Errors
    ///
    /// Settings out of range; frames can't be decoded at all. Items are errors where a frame is damaged or not grey;
    /// nothing comes after an error.
    pub fn frames(
        &self,
        video: &Video,
        format: &FrameFormat,
        rate: f64,
    ) -> Result<MotionFrames, MotionError> {
        MotionFrames::new(self, video, format, rate)
    }

    /// The motion in each frame of a video: what [`frames`](Self::frames) gives, all at once.
    ///
    /// # Errors
    ///
    /// As of [`frames`](Self::frames) and its items.
    pub fn of_video(
        &self,
        video: &Video,
        format: &FrameFormat,
        rate: f64,
    ) -> Result<Vec<MotionFrame>, MotionError> {
        self.frames(video, format, rate)?.collect()
    }
}

/// The motion in each frame of a video; see [`MotionConfig::frames`].
pub struct MotionFrames {
    config: MotionConfig,
    rate: f64,
    frames: Frames,
    stream: Option<MotionStream>,
    ended: bool,
}

impl MotionFrames {
    pub(super) fn new(
        config: &MotionConfig,
        video: &Video,
        format: &FrameFormat,
        rate: f64,
    ) -> Result<Self, MotionError> {
        // Without a frame's size: whatever of the settings is wrong for all sizes is told here.
        config.layout(1, 1, rate)?;
        Ok(Self {
            config: config.clone(),
            rate,
            frames: video.frames(format)?,
            stream: None,
            ended: false,
        })
    }

    /// Forgets all frames: the next one is the first.
    pub fn restart(&mut self) {
        if let Some(stream) = &mut self.stream {
            stream.restart();
        }
    }

    fn read(&mut self) -> Result<Option<MotionFrame>, MotionError> {
        let Some(frame) = self.frames.next().transpose()? else {
            return Ok(None);
        };
        let stream = match &mut self.stream {
            Some(stream) => stream,
            None => {
                let ImageShape { height, width, .. } = frame.shape;
                let stream = self.config.stream(height, width, self.rate)?;
                self.stream.insert(stream)
            }
        };
        #[cfg(feature = "files")]
        if self.frames.gap().is_some() {
            stream.restart();
        }
        Ok(Some(stream.push_frame(&frame)?))
    }
}

impl Iterator for MotionFrames {
    type Item = Result<MotionFrame, MotionError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let motion = self.read().transpose();
        self.ended = !matches!(motion, Some(Ok(_)));
        motion
    }
}
