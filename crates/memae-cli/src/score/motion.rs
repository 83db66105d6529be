//! The motion in a video.

use std::path::Path;

use burn::tensor::Device;
use memae::data::sample::Video;
use memae::detect::{MotionDetector, MotionDetectorError, Place, Verdict};

use super::found::{Found, Sink};
use crate::failure::Failure;
use crate::motion_notes::MotionNotes;

/// What is said of each frame whose motion is known, or why nothing is; what else there is to say goes to `sink`.
pub(super) fn verdicts(
    detector: &MotionDetector,
    path: &Path,
    device: &Device,
    sink: Sink<'_>,
) -> Result<Result<Vec<(Place, Verdict)>, String>, Failure> {
    let video = match detector.preprocessing().opening().open(path) {
        Ok(video) => video,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let mut notes = MotionNotes::default();
    let scored = match scored(detector, &video, device, &mut notes) {
        Ok(scored) => scored,
        Err(error) => return Ok(Err(error.to_string())),
    };
    for text in notes.texts() {
        sink(Found::Remark(text))?;
    }
    Ok(Ok(scored))
}

fn scored(
    detector: &MotionDetector,
    video: &Video,
    device: &Device,
    notes: &mut MotionNotes,
) -> Result<Vec<(Place, Verdict)>, MotionDetectorError> {
    let mut scored = Vec::new();
    for (frame, motion) in detector.preprocessing().frames(video)?.enumerate() {
        let motion = motion?;
        notes.add(video, frame as u64, &motion);
        if let Some(score) = detector.verdict(frame as u64, &motion, device)?.score {
            scored.push((Place::Frame(frame), score.verdict));
        }
    }
    Ok(scored)
}
