//! Videos: their clips, or the motion in them.

use std::error::Error;
use std::path::Path;

use burn::tensor::Device;
use memae::data::format::{Gap, shown};
use memae::detect::{
    FileVerdictError, JointDetector, MotionDetector, Place, Verdict, VideoDetector,
};

use crate::motion_notes::MotionNotes;

/// What there is to say of a file.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) verdicts: Vec<(Place, Verdict)>,
    pub(super) gaps: Vec<Gap>,
    pub(super) remarks: Vec<String>,
}

/// Of each frame that a clip scores.
pub(super) fn clips(
    detector: &VideoDetector,
    path: &Path,
    device: &Device,
) -> Result<Seen, Box<dyn Error>> {
    let way = detector.preprocessing();
    let way = way.ok_or_else(|| FileVerdictError::NoPreprocessing {
        path: shown(path),
        kind: "video",
    })?;
    let video = way.opening().open(path)?;
    let clips = way.clips().open(&[video])?;
    let verdicts = detector.detect(&clips, device);
    let verdicts = verdicts.map_err(|error| FileVerdictError::Video {
        path: shown(path),
        error: Box::new(error),
    })?;
    let frames = (0..clips.len()).map(|clip| Place::Frame(clips.scored_by(clip)));
    Ok(Seen {
        verdicts: frames.zip(verdicts).collect(),
        gaps: clips.gaps_of(0).to_vec(),
        remarks: Vec::new(),
    })
}

/// Of each frame whose motion is known.
pub(super) fn motion(
    detector: &MotionDetector,
    path: &Path,
    device: &Device,
) -> Result<Seen, Box<dyn Error>> {
    let video = detector.preprocessing().opening().open(path)?;
    let (mut verdicts, mut notes) = (Vec::new(), MotionNotes::default());
    for (frame, motion) in detector.preprocessing().frames(&video)?.enumerate() {
        let motion = motion?;
        notes.add(&video, frame as u64, motion.cut, motion.camera);
        if let Some(score) = detector.verdict(frame as u64, &motion, device)?.score {
            verdicts.push((Place::Frame(frame), score.verdict));
        }
    }
    Ok(Seen {
        verdicts,
        gaps: video.gaps()?.to_vec(),
        remarks: notes.texts(),
    })
}

/// Of each frame that a clip scores and whose motion is known.
pub(super) fn joint(
    detector: &JointDetector,
    path: &Path,
    device: &Device,
) -> Result<Seen, Box<dyn Error>> {
    let video = detector.parts().preprocessing().opening().open(path)?;
    let (mut verdicts, mut notes) = (Vec::new(), MotionNotes::default());
    for found in detector.detect(&video, device)? {
        notes.add(&video, found.frame, found.cut, found.camera);
        if let Some(score) = found.score {
            verdicts.push((Place::Frame(usize::try_from(score.frame)?), score.verdict));
        }
    }
    Ok(Seen {
        verdicts,
        gaps: video.gaps()?.to_vec(),
        remarks: notes.texts(),
    })
}
