//! Frames on their way to verdicts, one at a time.

use std::path::PathBuf;

use burn::tensor::Device;
use memae::data::sample::Frame;
use memae::detect::{GapPolicy, Place, StreamScorer, VideoDetector};

use super::verdicts::Verdicts;
use crate::failure::Failure;
use crate::score::{Found, GapFound, Scored};

/// Scores the frames of one stream.
pub(super) struct Frames<'a> {
    detector: &'a VideoDetector,
    stream: StreamScorer,
    /// What verdicts call the stream.
    path: PathBuf,
    /// Frames that came.
    count: u64,
    verdicts: &'a mut Verdicts,
}

impl<'a> Frames<'a> {
    pub(super) fn new(
        detector: &'a VideoDetector,
        path: PathBuf,
        device: &Device,
        verdicts: &'a mut Verdicts,
    ) -> Self {
        Self {
            stream: detector.stream(GapPolicy::Restart, device),
            detector,
            path,
            count: 0,
            verdicts,
        }
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn push(&mut self, frame: &Frame) -> Result<(), Failure> {
        let score = self
            .stream
            .push_pixels(self.count, frame.shape, &frame.pixels)?;
        self.count += 1;
        let Some(score) = score else {
            return Ok(());
        };
        self.verdicts.write(&Found::Scored(Scored {
            path: self.path.clone(),
            place: Place::Frame(score.frame as usize),
            verdict: self.detector.detection_threshold().verdict(score.score),
        }))
    }

    /// The next frame does not follow the last one: no clip spans both.
    pub(super) fn gap(&mut self, left_out: Option<usize>, reason: &str) -> Result<(), Failure> {
        self.stream.reset();
        self.verdicts.gap(&GapFound {
            path: self.path.clone(),
            after: self.count,
            left_out,
            reason: reason.to_string(),
        })
    }
}
