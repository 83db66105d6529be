use super::change::MotionChange;
use super::config::MotionChangeConfig;
use super::order::Order;
use super::view::View;
use crate::sample::{Frame, FrameFormat, ResizeFilter, SampleError, Video};
use crate::synthetic::error::SyntheticError;

/// Frames without which nothing moves.
const FEWEST: usize = 2;

impl MotionChangeConfig {
    /// The frames of a changed video, in order and all of one shape, as they are asked for: for videos of any length. What is asked
    /// for in a format is changed in it: a part that is made larger has no more detail than frames of that format.
    ///
    /// Memory does not grow with the video, with one exception: to be [`Reversed`](MotionChange::Reversed), a video file is
    /// decoded at once, and its frames are kept, in at most [`MOST_BYTES`](Self::MOST_BYTES).
    ///
    /// # Errors
    ///
    /// A factor out of range; frames can't be decoded at all, or are too many to be kept. Items are errors where a frame is
    /// damaged, where the video has a [gap](crate::sample::Video::gaps), and at the end if fewer than two frames have come. Nothing
    /// comes after an error.
    pub fn frames(
        &self,
        video: &Video,
        format: &FrameFormat,
    ) -> Result<ChangedFrames, SyntheticError> {
        self.validate()?;
        let name = format!("{} ({})", video.name(), self.change);
        let order = match self.change {
            MotionChange::Reversed => Order::backward(video, format, &name, Self::MOST_BYTES)?,
            MotionChange::Faster { factor } => Order::forward(video, format, factor)?,
            _ => Order::forward(video, format, 1.0)?,
        };
        Ok(ChangedFrames {
            config: *self,
            name,
            order,
            filter: format.filter,
            view: None,
            given: 0,
            ended: false,
        })
    }

    /// The changed video, with all its frames in memory: what [`frames`](Self::frames) gives, at once. It is to be looked at
    /// at the rate of the video that it was made of.
    ///
    /// # Errors
    ///
    /// As of [`frames`](Self::frames) and its items; the frames take more than [`MOST_BYTES`](Self::MOST_BYTES).
    pub fn of_video(&self, video: &Video, format: &FrameFormat) -> Result<Video, SyntheticError> {
        self.frames(video, format)?.in_memory(Self::MOST_BYTES)
    }
}

/// The frames of a changed video; see [`MotionChangeConfig::frames`].
pub struct ChangedFrames {
    config: MotionChangeConfig,
    name: String,
    order: Order,
    filter: ResizeFilter,
    /// Known from the first frame on.
    view: Option<View>,
    given: usize,
    ended: bool,
}

impl ChangedFrames {
    fn read(&mut self) -> Result<Option<Frame>, SyntheticError> {
        let Some(frame) = self.order.next(&self.name)? else {
            return match self.given < FEWEST {
                true => Err(SyntheticError::TooFewFrames {
                    video: self.name.clone(),
                    found: self.given,
                }),
                false => Ok(None),
            };
        };
        self.given += 1;
        let MotionChangeConfig { change, seed, .. } = self.config;
        let view = self
            .view
            .get_or_insert_with(|| View::new(change, frame.shape, self.filter, seed));
        Ok(Some(view.of(frame).map_err(SampleError::from)?))
    }

    /// All of them, as a video of at most so many bytes.
    fn in_memory(mut self, most: usize) -> Result<Video, SyntheticError> {
        let (mut pixels, mut shape) = (Vec::new(), None);
        while let Some(frame) = self.next().transpose()? {
            if pixels.len() + frame.pixels.len() > most {
                return Err(SyntheticError::TooManyBytes {
                    video: self.name,
                    most,
                });
            }
            pixels.extend(frame.pixels);
            shape = Some(frame.shape);
        }
        let shape = shape.expect("fewer than two frames are an error");
        Ok(Video::in_memory(self.name, shape, pixels)?)
    }
}

impl Iterator for ChangedFrames {
    type Item = Result<Frame, SyntheticError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let frame = self.read().transpose();
        self.ended = !matches!(frame, Some(Ok(_)));
        frame
    }
}

impl std::fmt::Debug for ChangedFrames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChangedFrames")
            .field("name", &self.name)
            .field("config", &self.config)
            .field("given", &self.given)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::ImageShape;

    #[test]
    fn a_video_in_memory_has_a_limit() {
        let shape = ImageShape {
            channels: 3,
            height: 2,
            width: 3,
        };
        let video = Video::in_memory("walk", shape, vec![0; 5 * 18]).unwrap();
        let format = FrameFormat::default();
        let changed = |most| {
            let config = MotionChangeConfig::new(MotionChange::Mirrored);
            config.frames(&video, &format).unwrap().in_memory(most)
        };
        assert_eq!(changed(30).unwrap().frame_count().unwrap(), 5);
        assert_eq!(
            changed(29).unwrap_err().to_string(),
            "walk (mirrored): found more than 29 bytes of frames, expected a shorter part of the video, or smaller frames"
        );
    }
}
