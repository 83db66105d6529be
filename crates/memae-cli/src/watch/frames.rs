//! Frames on their way to verdicts, one at a time.

use std::path::PathBuf;

use burn::tensor::Device;
use memae::data::sample::Frame;
use memae::detect::{
    DetectionThreshold, GapPolicy, MotionDetector, MotionStreamScorer, Place, StreamScorer,
    Verdict, VideoDetector,
};

use super::verdicts::Verdicts;
use crate::failure::Failure;
use crate::left_out::GapFound;
use crate::print::note;
use crate::score::{Found, Scored};

/// Scores the frames of one stream.
pub(super) struct Frames<'a> {
    threshold: DetectionThreshold,
    scorer: Scorer,
    /// What verdicts call the stream.
    path: PathBuf,
    /// Frames that came.
    count: u64,
    verdicts: &'a mut Verdicts,
}

enum Scorer {
    Clips(Box<StreamScorer>),
    Motion {
        stream: Box<MotionStreamScorer>,
        /// Whether a camera that moves is spoken of.
        tells_camera: bool,
    },
}

impl<'a> Frames<'a> {
    pub(super) fn of_clips(
        detector: &VideoDetector,
        path: PathBuf,
        device: &Device,
        verdicts: &'a mut Verdicts,
    ) -> Self {
        Self {
            scorer: Scorer::Clips(Box::new(detector.stream(GapPolicy::Restart, device))),
            threshold: detector.detection_threshold().clone(),
            path,
            count: 0,
            verdicts,
        }
    }

    pub(super) fn of_motion(
        detector: &MotionDetector,
        path: PathBuf,
        device: &Device,
        quiet: bool,
        verdicts: &'a mut Verdicts,
    ) -> Result<Self, Failure> {
        Ok(Self {
            scorer: Scorer::Motion {
                stream: Box::new(detector.stream(device)?),
                tells_camera: !quiet,
            },
            threshold: detector.detection_threshold().clone(),
            path,
            count: 0,
            verdicts,
        })
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn push(&mut self, frame: &Frame) -> Result<(), Failure> {
        let number = self.count;
        let mut is_cut = false;
        let scored: Option<(u64, Verdict)> = match &mut self.scorer {
            Scorer::Clips(stream) => stream
                .push_pixels(number, frame.shape, &frame.pixels)?
                .map(|score| (score.frame, self.threshold.verdict(score.score))),
            Scorer::Motion {
                stream,
                tells_camera,
            } => {
                let found = stream.push_frame(frame)?;
                is_cut = found.cut;
                if *tells_camera && found.camera.moves() {
                    *tells_camera = false;
                    let path = self.path.display();
                    note(format_args!(
                        "{path}: frame {number}: most of the picture moves together: where it is the camera that moves, everything in \
                         the picture does; this is said once"
                    ));
                }
                found.score.map(|score| (number, score.verdict))
            }
        };
        if is_cut {
            self.verdicts.gap(&GapFound {
                path: self.path.clone(),
                after: number,
                left_out: Some(0),
                reason: "the picture is another from one frame to the next, as at a cut"
                    .to_string(),
            })?;
        }
        self.count += 1;
        let Some((frame, verdict)) = scored else {
            return Ok(());
        };
        self.verdicts.write(&Found::Scored(Scored {
            path: self.path.clone(),
            place: Place::Frame(frame as usize),
            verdict,
        }))
    }

    /// The next frame does not follow the last one: no clip spans both, and no motion.
    pub(super) fn gap(&mut self, left_out: Option<usize>, reason: &str) -> Result<(), Failure> {
        match &mut self.scorer {
            Scorer::Clips(stream) => stream.reset(),
            Scorer::Motion { stream, .. } => stream.restart(),
        }
        self.verdicts.gap(&GapFound {
            path: self.path.clone(),
            after: self.count,
            left_out,
            reason: reason.to_string(),
        })
    }
}
