//! Which frames of a video come, and in which order.

use crate::sample::{Frame, FrameFormat, Frames, SampleError, Video};
use crate::synthetic::error::SyntheticError;

/// Frames in the order of a changed video.
pub(super) enum Order {
    /// From front to back, frame `factor` · t at the time t.
    Forward {
        frames: Box<Frames>,
        factor: f64,
        /// Frames that were read.
        read: usize,
        /// Frames that were given.
        given: usize,
    },
    /// From back to front, decoded as they are asked for.
    Backward {
        video: Video,
        format: FrameFormat,
        /// Frames still to come.
        left: usize,
    },
    /// From back to front, decoded before.
    Kept(Vec<Frame>),
}

impl Order {
    pub(super) fn forward(
        video: &Video,
        format: &FrameFormat,
        factor: f64,
    ) -> Result<Self, SampleError> {
        Ok(Self::Forward {
            frames: Box::new(video.frames(format)?),
            factor,
            read: 0,
            given: 0,
        })
    }

    /// A video file can't be read from its end, so its frames are kept, in at most so many bytes.
    pub(super) fn backward(
        video: &Video,
        format: &FrameFormat,
        name: &str,
        most: usize,
    ) -> Result<Self, SyntheticError> {
        let frames = video.frames(format)?;
        match video.is_random_access() {
            true => Ok(Self::Backward {
                left: video.frame_count()?,
                video: video.clone(),
                format: format.clone(),
            }),
            false => Self::kept(frames, name, most),
        }
    }

    fn kept(mut frames: Frames, name: &str, most: usize) -> Result<Self, SyntheticError> {
        let (mut kept, mut bytes) = (Vec::new(), 0);
        while let Some(frame) = frames.next().transpose()? {
            without_gap(&frames, name, kept.len())?;
            bytes += frame.pixels.len();
            if bytes > most {
                return Err(SyntheticError::TooManyBytes {
                    video: name.to_string(),
                    most,
                });
            }
            kept.push(frame);
        }
        Ok(Self::Kept(kept))
    }

    /// The next frame; of a video of this name, as messages have it.
    pub(super) fn next(&mut self, name: &str) -> Result<Option<Frame>, SyntheticError> {
        match self {
            Self::Forward {
                frames,
                factor,
                read,
                given,
            } => {
                let wanted = (*factor * *given as f64).round() as usize;
                while let Some(frame) = frames.next().transpose()? {
                    without_gap(frames, name, *read)?;
                    *read += 1;
                    if *read > wanted {
                        *given += 1;
                        return Ok(Some(frame));
                    }
                }
                Ok(None)
            }
            Self::Backward {
                video,
                format,
                left,
            } => {
                let Some(last) = left.checked_sub(1) else {
                    return Ok(None);
                };
                *left = last;
                Ok(Some(video.frame(last, format)?))
            }
            Self::Kept(frames) => Ok(frames.pop()),
        }
    }
}

/// An error if frames are missing before the one that came last, as what moves across a gap is no motion.
fn without_gap(frames: &Frames, name: &str, before: usize) -> Result<(), SyntheticError> {
    #[cfg(feature = "files")]
    if frames.gap().is_some() {
        return Err(SyntheticError::Gap {
            video: name.to_string(),
            after: before,
        });
    }
    #[cfg(not(feature = "files"))]
    let _ = (frames, name, before);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::ImageShape;

    #[test]
    fn frames_that_are_kept_come_from_the_last_to_the_first_and_have_a_limit() {
        let shape = ImageShape {
            channels: 1,
            height: 2,
            width: 3,
        };
        let pixels: Vec<u8> = (0..24).collect();
        let video = Video::in_memory("walk", shape, pixels.clone()).unwrap();
        let frames = || video.frames(&FrameFormat::default()).unwrap();
        let mut kept = Order::kept(frames(), "walk", 24).unwrap();
        for start in [18, 12, 6, 0] {
            let frame = kept.next("walk").unwrap().unwrap();
            assert_eq!(frame.pixels, pixels[start..start + 6]);
        }
        assert_eq!(kept.next("walk").unwrap(), None);
        let error = Order::kept(frames(), "walk", 23).err().unwrap();
        assert_eq!(
            error.to_string(),
            "walk: found more than 23 bytes of frames, expected a shorter part of the video, or smaller frames"
        );
    }
}
