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
    /// A frame without pixels, or with more or fewer than its shape says, which changes nothing; a score that is no number, after which
    /// the parts are not of the same frames until a [restart](Self::restart).
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
        let scorer: &MotionScorer = self.parts.motion();
        let (motion, device) = (&mut self.motion, &self.device);
        let moves = || -> Result<_, JointDetectorError> {
            let found = motion.push_frame(&of_motion)?;
            let distances = found.field.as_ref();
            let distances = distances.map(|field| scorer.distances(number, field, device));
            Ok((found.cut, found.camera, distances.transpose()?))
        };
        let appearance = &mut self.appearance;
        let looks = || appearance.push_pixels(number, of_clips.shape, &of_clips.pixels);
        let (moves, scored) = at_once(moves, looks);
        let (cut, camera, distances) = moves?;
        let scored = scored?;
        self.waiting.push_back((number, distances));
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
            cut,
            camera,
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

/// What both come to: flow keeps one core busy, and small networks not all others.
#[cfg(feature = "threads")]
fn at_once<A: Send, B>(first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B) -> (A, B) {
    let (mut first, mut found) = (Some(first), None);
    let second = std::thread::scope(|scope| {
        // Where the system gives no thread, one comes after the other.
        let _ = std::thread::Builder::new().spawn_scoped(scope, || {
            found = first.take().map(|first| first());
        });
        second()
    });
    let found = found.or_else(|| first.take().map(|first| first()));
    (
        found.expect("a thread that panicked ends the scope"),
        second,
    )
}

#[cfg(not(feature = "threads"))]
fn at_once<A, B>(first: impl FnOnce() -> A, second: impl FnOnce() -> B) -> (A, B) {
    (first(), second())
}
