//! Frames of a video, one at a time, as a camera would give them.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use burn::tensor::Device;
use memae::data::format::shown;
use memae::detect::{FileVerdictError, GapPolicy, Place, VideoDetector};

use super::verdicts::Verdicts;
use crate::failure::Failure;
use crate::score::{Found, Scored};

pub(super) fn watch(
    detector: &VideoDetector,
    source: &Path,
    device: &Device,
    stopped: &AtomicBool,
    verdicts: &mut Verdicts,
) -> Result<(), Failure> {
    let Some(preprocessing) = detector.preprocessing() else {
        return Err(Failure::Verdict(FileVerdictError::NoPreprocessing {
            path: shown(source),
            kind: "video",
        }));
    };
    let video = preprocessing.opening().open(source)?;
    let mut frames = video.frames(&preprocessing.clips().format)?;
    let mut stream = detector.stream(GapPolicy::Restart, device);
    let mut number = 0;
    while let Some(frame) = frames.next() {
        if stopped.load(Ordering::Relaxed) {
            break;
        }
        let frame = frame?;
        if frames.gap().is_some() {
            stream.reset();
        }
        if let Some(score) = stream.push_pixels(number, frame.shape, &frame.pixels)? {
            verdicts.write(&Found::Scored(Scored {
                path: source.to_path_buf(),
                place: Place::Frame(score.frame as usize),
                verdict: detector.detection_threshold().verdict(score.score),
            }))?;
        }
        number += 1;
    }
    Ok(())
}
