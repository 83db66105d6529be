//! Frames on their way to verdicts, one at a time.

use std::path::PathBuf;

use burn::tensor::Device;
use memae::data::encode::CameraMotion;
use memae::data::sample::Frame;
use memae::detect::{
    DetectionThreshold, GapPolicy, JointDetector, JointStreamScorer, MotionDetector,
    MotionStreamScorer, Place, StreamScorer, Verdict, VideoDetector,
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
    /// Whether a camera that moves is spoken of.
    tells_camera: bool,
    /// What verdicts call the stream.
    path: PathBuf,
    /// Frames that came.
    count: u64,
    verdicts: &'a mut Verdicts,
}

enum Scorer {
    Clips(Box<StreamScorer>),
    Motion(Box<MotionStreamScorer>),
    Joint(Box<JointStreamScorer>),
}

impl<'a> Frames<'a> {
    pub(super) fn of_clips(
        detector: &VideoDetector,
        path: PathBuf,
        device: &Device,
        verdicts: &'a mut Verdicts,
    ) -> Self {
        let scorer = Scorer::Clips(Box::new(detector.stream(GapPolicy::Restart, device)));
        Self::new(
            scorer,
            detector.detection_threshold(),
            path,
            false,
            verdicts,
        )
    }

    pub(super) fn of_motion(
        detector: &MotionDetector,
        path: PathBuf,
        device: &Device,
        quiet: bool,
        verdicts: &'a mut Verdicts,
    ) -> Result<Self, Failure> {
        let scorer = Scorer::Motion(Box::new(detector.stream(device)?));
        let threshold = detector.detection_threshold();
        Ok(Self::new(scorer, threshold, path, !quiet, verdicts))
    }

    pub(super) fn of_both(
        detector: &JointDetector,
        path: PathBuf,
        device: &Device,
        quiet: bool,
        verdicts: &'a mut Verdicts,
    ) -> Result<Self, Failure> {
        let scorer = Scorer::Joint(Box::new(detector.stream(device)?));
        let threshold = detector.detection_threshold();
        Ok(Self::new(scorer, threshold, path, !quiet, verdicts))
    }

    fn new(
        scorer: Scorer,
        threshold: &DetectionThreshold,
        path: PathBuf,
        tells_camera: bool,
        verdicts: &'a mut Verdicts,
    ) -> Self {
        Self {
            scorer,
            threshold: threshold.clone(),
            tells_camera,
            path,
            count: 0,
            verdicts,
        }
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn push(&mut self, frame: &Frame) -> Result<(), Failure> {
        let number = self.count;
        let still = (false, CameraMotion::default());
        let ((is_cut, camera), scored): (_, Option<(u64, Verdict)>) = match &mut self.scorer {
            Scorer::Clips(stream) => {
                let scored = stream.push_pixels(number, frame.shape, &frame.pixels)?;
                let verdict = |score: f64| self.threshold.verdict(score);
                (
                    still,
                    scored.map(|score| (score.frame, verdict(score.score))),
                )
            }
            Scorer::Motion(stream) => {
                let found = stream.push_frame(frame)?;
                let scored = found.score.map(|score| (number, score.verdict));
                ((found.cut, found.camera), scored)
            }
            Scorer::Joint(stream) => {
                let found = stream.push(frame)?;
                let scored = found.score.map(|score| (score.frame, score.verdict));
                ((found.cut, found.camera), scored)
            }
        };
        if self.tells_camera && camera.moves() {
            self.tells_camera = false;
            let path = self.path.display();
            note(format_args!(
                "{path}: frame {number}: most of the picture moves together: where it is the camera that moves, everything in the \
                 picture does; this is said once"
            ));
        }
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
            Scorer::Motion(stream) => stream.restart(),
            Scorer::Joint(stream) => stream.restart(),
        }
        self.verdicts.gap(&GapFound {
            path: self.path.clone(),
            after: self.count,
            left_out,
            reason: reason.to_string(),
        })
    }
}
