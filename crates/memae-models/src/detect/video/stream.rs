use std::collections::VecDeque;

use burn::tensor::{Device, Tensor, TensorData};
use memae_data::sample::ImageShape;

use super::detector::VideoDetector;
use crate::score::{Smoother, observe};

/// What becomes of a stream in which a frame is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum GapPolicy {
    /// An error; the stream goes on with the frame that was expected, or with any frame after
    /// [`StreamScorer::reset`].
    #[default]
    Refuse,
    /// A new start: the frame after the gap is the first of a new clip, and nothing before the gap has
    /// a part in any score after it.
    Restart,
}

/// Why a frame was not taken. The stream is as it was before that frame.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// A frame of another size or number of channels.
    #[error("frame {frame} is {found}, expected {expected}")]
    FrameShape {
        /// Number of the frame.
        frame: u64,
        /// Shape found.
        found: ImageShape,
        /// Shape that the detector was trained on.
        expected: ImageShape,
    },
    /// A frame with fewer or more values than its shape says.
    #[error("frame {frame} has {found} values, expected {expected}")]
    ValueCount {
        /// Number of the frame.
        frame: u64,
        /// Values found.
        found: usize,
        /// Values expected.
        expected: usize,
    },
    /// A value that is no number.
    #[error("frame {frame} holds {found}, expected finite numbers")]
    Value {
        /// Number of the frame.
        frame: u64,
        /// The first such value.
        found: f32,
    },
    /// A frame that does not follow the one before it.
    #[error("frame {found} follows frame {last}, expected frame {}", last.saturating_add(1))]
    Gap {
        /// Number found.
        found: u64,
        /// Number of the frame before it.
        last: u64,
    },
    /// Pixels, for a detector whose training clips were not made of pixels.
    #[error("frame {frame} is of pixels, expected values as the training clips had them")]
    NoPixels {
        /// Number of the frame.
        frame: u64,
    },
    /// A score that is no number, as weights out of all bounds give it.
    #[error("frame {frame} scores {found}, expected a finite number")]
    Score {
        /// Number of the frame.
        frame: u64,
        /// The score found.
        found: f64,
    },
}

/// Score of one frame.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FrameScore {
    /// Number of the frame: [`VideoDetector::scored_frame`] of its clip.
    pub frame: u64,
    /// Smoothed score.
    pub score: f64,
    /// Whether the score is above the threshold.
    pub anomalous: bool,
    /// The score on a scale from 0 to 1 with 0.5 at the threshold; [`Verdict::normalized`](crate::detect::Verdict::normalized).
    pub normalized: f64,
    /// How unlikely a score this high is of a normal frame; [`Verdict::p_value`](crate::detect::Verdict::p_value).
    pub p_value: Option<f64>,
    /// Error of each pixel of that frame, the norm over channels, `[height, width]` flattened; if
    /// asked for by [`StreamScorer::with_error_maps`].
    pub error_map: Option<Vec<f32>>,
}

/// Scores frames as they arrive, with the same scores as [`VideoDetector::detect`] gives to the clips
/// that start at each frame.
///
/// Memory is fixed: the frames of one clip, what the network needs for it, and the scores that the
/// smoothing looks back on. Made by [`VideoDetector::stream`].
#[derive(Debug, Clone)]
pub struct StreamScorer {
    detector: VideoDetector,
    device: Device,
    gaps: GapPolicy,
    error_maps: bool,
    /// The last frames, the oldest first, at most one less than a clip spans.
    frames: VecDeque<Vec<f32>>,
    /// Number of the last frame taken.
    last: Option<u64>,
    smoother: Smoother,
}

impl VideoDetector {
    /// Scores the frames of one stream as they arrive.
    pub fn stream(&self, gaps: GapPolicy, device: &Device) -> StreamScorer {
        StreamScorer::new(self.clone(), gaps, device)
    }
}

impl StreamScorer {
    fn new(detector: VideoDetector, gaps: GapPolicy, device: &Device) -> Self {
        Self {
            smoother: detector.smoother(),
            detector,
            device: device.clone().without_autodiff(),
            gaps,
            error_maps: false,
            frames: VecDeque::new(),
            last: None,
        }
    }

    /// Gives an error map with every score.
    pub fn with_error_maps(mut self) -> Self {
        self.error_maps = true;
        self
    }

    /// Shape of a frame.
    pub fn frame_shape(&self) -> ImageShape {
        let clip = self.detector.network.input;
        ImageShape {
            channels: clip.channels,
            height: clip.height,
            width: clip.width,
        }
    }

    /// Frames from the one that is scored to the one that completes its clip: how far scores lag
    /// behind.
    pub fn lag(&self) -> usize {
        let frames = self.detector.network.input.frames;
        (frames - 1 - self.detector.scored_frame()) * self.detector.frame_step()
    }

    /// Forgets all frames and scores, as at the start of a stream; the next frame may have any number.
    pub fn reset(&mut self) {
        self.frames.clear();
        self.smoother.reset();
        self.last = None;
    }

    /// As [`push`](Self::push), with pixels of 8 bits, which are scaled as those of the training clips
    /// were.
    ///
    /// # Errors
    ///
    /// As [`push`](Self::push); training clips that were not made of pixels, so that nothing is known of
    /// their scale.
    pub fn push_pixels(
        &mut self,
        number: u64,
        shape: ImageShape,
        pixels: &[u8],
    ) -> Result<Option<FrameScore>, StreamError> {
        let Some(range) = self.detector.pixels() else {
            return Err(StreamError::NoPixels { frame: number });
        };
        let values = range.values();
        let values: Vec<f32> = pixels
            .iter()
            .map(|level| values[usize::from(*level)])
            .collect();
        self.push(number, shape, &values)
    }

    /// Takes the next frame; gives the score of the clip that it completes, which is that of one of the
    /// clip's frames, or `None` while the first clip is not complete.
    ///
    /// `number` counts frames, from any number on, one by one. `values` are those of the pixels,
    /// `[channels, height, width]` flattened, scaled as in training.
    ///
    /// # Errors
    ///
    /// A frame of another shape; values that are not finite; a frame that does not follow the last one,
    /// unless the [policy](GapPolicy) is a new start; weights so large that the score is no number.
    /// The frame is not taken then.
    pub fn push(
        &mut self,
        number: u64,
        shape: ImageShape,
        values: &[f32],
    ) -> Result<Option<FrameScore>, StreamError> {
        self.check(number, shape, values)?;
        if let Some(last) = self.last
            && last.checked_add(1) != Some(number)
        {
            match self.gaps {
                GapPolicy::Refuse => {
                    return Err(StreamError::Gap {
                        found: number,
                        last,
                    });
                }
                GapPolicy::Restart => self.reset(),
            }
        }
        let clip_length = self.detector.network.input.frames;
        let span = (clip_length - 1) * self.detector.frame_step() + 1;
        if self.frames.len() + 1 < span {
            self.frames.push_back(values.to_vec());
            self.last = Some(number);
            return Ok(None);
        }

        let clip = observe(&self.detector.model, self.clip(values)).pop();
        let (score, errors) = match clip {
            Some(clip) => (self.detector.rule().normalized_score(&clip), clip.errors),
            None => (f64::NAN, Vec::new()),
        };
        if !score.is_finite() {
            return Err(StreamError::Score {
                frame: number,
                found: score,
            });
        }
        // The place of the oldest frame becomes that of the newest.
        let mut place = self.frames.pop_front().unwrap_or_default();
        if span > 1 {
            place.clear();
            place.extend_from_slice(values);
            self.frames.push_back(place);
        }
        self.last = Some(number);

        let verdict = self.detector.verdict(self.smoother.push(score));
        let scored = self.detector.scored_frame();
        let pixels = shape.height * shape.width;
        Ok(Some(FrameScore {
            frame: number - self.lag() as u64,
            score: verdict.score,
            anomalous: verdict.anomalous,
            normalized: verdict.normalized,
            p_value: verdict.p_value,
            error_map: self
                .error_maps
                .then(|| errors[scored * pixels..][..pixels].to_vec()),
        }))
    }

    fn check(&self, frame: u64, found: ImageShape, values: &[f32]) -> Result<(), StreamError> {
        let expected = self.frame_shape();
        if found != expected {
            return Err(StreamError::FrameShape {
                frame,
                found,
                expected,
            });
        }
        if values.len() != expected.len() {
            return Err(StreamError::ValueCount {
                frame,
                found: values.len(),
                expected: expected.len(),
            });
        }
        match values.iter().find(|value| !value.is_finite()) {
            Some(value) => Err(StreamError::Value {
                frame,
                found: *value,
            }),
            None => Ok(()),
        }
    }

    /// The clip that ends with the frame of these values, `[1, channels, frames, height, width]`.
    fn clip(&self, newest: &[f32]) -> Tensor<5> {
        let clip = self.detector.network.input;
        let pixels = clip.height * clip.width;
        let mut values = Vec::with_capacity(clip.len());
        for channel in 0..clip.channels {
            let plane = channel * pixels..(channel + 1) * pixels;
            for frame in self.frames.iter().step_by(self.detector.frame_step()) {
                values.extend_from_slice(&frame[plane.clone()]);
            }
            values.extend_from_slice(&newest[plane]);
        }
        let dims = [1, clip.channels, clip.frames, clip.height, clip.width];
        Tensor::from_data(TensorData::new(values, dims), &self.device)
    }
}
