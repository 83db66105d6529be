//! Frames of a video, one at a time, as a camera would give them.

use std::sync::atomic::{AtomicBool, Ordering};

use memae::data::format::Gap;
use memae::data::sample::{FrameFormat, Video};

use super::frames::Frames;
use crate::failure::Failure;
use crate::left_out::GapFound;

pub(super) fn watch(
    video: &Video,
    format: &FrameFormat,
    mut frames: Frames<'_>,
    stopped: &AtomicBool,
) -> Result<(), Failure> {
    let mut decoded = video.frames(format)?;
    while let Some(frame) = decoded.next() {
        if stopped.load(Ordering::Relaxed) {
            return Ok(());
        }
        let frame = frame?;
        if let Some(gap) = decoded.gap() {
            tell(video, gap, &mut frames)?;
        }
        frames.push(&frame)?;
    }
    // What is left out at the end lies before no frame.
    match video.gaps()?.last() {
        Some(gap) if gap.after as u64 == frames.count() => tell(video, *gap, &mut frames),
        _ => Ok(()),
    }
}

fn tell(video: &Video, gap: Gap, frames: &mut Frames<'_>) -> Result<(), Failure> {
    let found = GapFound::in_file(video.path(), gap);
    frames.gap(found.left_out, &found.reason)
}
