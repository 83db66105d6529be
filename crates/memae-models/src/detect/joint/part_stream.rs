use std::collections::VecDeque;

use burn::tensor::Device;
use memae_data::encode::{CameraMotion, MotionStream};
use memae_data::sample::Frame;

use super::error::JointDetectorError;
use super::parts::{JointParts, PartScores};
use crate::detect::motion::{MotionDistances, MotionScorer};
use crate::detect::video::{GapPolicy, StreamScorer};

/// Scores appearance and motion of frames as they arrive, each on its own scale; made by [`JointParts::stream`].
///
/// Memory is fixed: the frames of one clip, and how far the motion is from normal in those whose clips are not complete.
#[derive(Debug)]
pub struct JointPartStream {
    parts: JointParts,
    appearance: StreamScorer,
    motion: MotionStream,
    device: Device,
    /// The motion in frames that no clip has scored yet.
    waiting: VecDeque<(u64, Option<MotionDistances>)>,
    next: u64,
}

/// What is known after a frame.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PartFrame {
    /// Number of the frame that was taken, counted from 0.
    pub frame: u64,
    /// Whether it does not continue the one before it: most of it is something else.
    pub cut: bool,
    /// How the picture moves as a whole.
    pub camera: CameraMotion,
    /// The scores of the frame whose clip it completes, if the motion in that is known.
    pub scores: Option<PartScores>,
}

impl JointParts {
    /// Scores frames as they arrive.
    ///
    /// # Errors
    ///
    /// The way to motion can't be gone.
    pub fn stream(&self, device: &Device) -> Result<JointPartStream, JointDetectorError> {
        Ok(JointPartStream {
            appearance: self.appearance().stream(GapPolicy::Refuse, device),
            motion: self.preprocessing().motion().stream()?,
            parts: self.clone(),
            device: device.clone(),
            waiting: VecDeque::new(),
            next: 0,
        })
    }
}

impl JointPartStream {
    /// Takes the next frame, of its own size, in the [colour](memae_data::encode::JointPreprocessing::format) that clips have.
    ///
    /// # Errors
    ///
    /// A frame without pixels, or with more or fewer than its shape says; a score that is no number.
    pub fn push(&mut self, frame: &Frame) -> Result<PartFrame, JointDetectorError> {
        let number = self.next;
        if frame.pixels.is_empty() || frame.pixels.len() != frame.shape.len() {
            return Err(JointDetectorError::Pixels {
                frame: number,
                found: frame.pixels.len(),
                shape: frame.shape,
            });
        }
        let way = self.parts.preprocessing();
        let in_format = |format| {
            frame
                .in_format(format)
                .map_err(|error| JointDetectorError::Frame {
                    frame: number,
                    error,
                })
        };
        let of_clips = in_format(&way.appearance().clips().format)?;
        let of_motion = in_format(way.motion().format())?;
        let motion = self.motion.push_frame(&of_motion)?;
        let scorer: &MotionScorer = self.parts.motion();
        let distances = motion
            .field
            .as_ref()
            .map(|field| scorer.distances(number, field, &self.device));
        self.waiting.push_back((number, distances.transpose()?));
        let scored = self
            .appearance
            .push_pixels(number, of_clips.shape, &of_clips.pixels)?;
        self.next += 1;
        let scores = scored.and_then(|scored| {
            // Earlier ones are of frames that no clip scores, such as the first.
            while self.waiting.front()?.0 < scored.frame {
                self.waiting.pop_front();
            }
            let (frame, motion) = self.waiting.pop_front()?;
            Some(PartScores {
                frame,
                appearance: scored.score,
                motion: motion?,
            })
        });
        Ok(PartFrame {
            frame: number,
            cut: motion.cut,
            camera: motion.camera,
            scores,
        })
    }

    /// Forgets all frames: for frames that are missing, and for another camera. Numbers of frames go on.
    pub fn restart(&mut self) {
        self.appearance.reset();
        self.motion.restart();
        self.waiting.clear();
    }
}
