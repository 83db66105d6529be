//! Scores of videos, frame by frame.

use std::ops::Range;
use std::path::Path;

use burn::tensor::Device;
use memae::data::format::shown;
use memae::detect::{Place, VideoDetector};
use memae::samples::{Samples, Selection};
use memae::score::evaluate_samples;
use memae_report::{MemoryHealth, Video};

use super::health::memory_health;
use crate::eval::labelled::Labelled;
use crate::failure::Failure;

/// Videos that are shown.
const MOST: usize = 24;
/// Videos that the use of the memory is counted on, and clips of them.
const COUNTED_VIDEOS: usize = 4;
const COUNTED_CLIPS: usize = 64;
/// Clips that the network takes at once.
const BATCH_SIZE: usize = 4;

/// A curve for each of the first videos.
pub(super) fn curves(labelled: &Labelled) -> Vec<Video> {
    let numbered: Vec<usize> = (0..labelled.samples.len()).collect();
    let videos = numbered.chunk_by(|&a, &b| labelled.samples[a].path == labelled.samples[b].path);
    videos
        .filter_map(|indices| curve(labelled, indices))
        .take(MOST)
        .collect()
}

/// How the memory is used by some clips of videos from one end to the other; `None` of a network without.
pub(super) fn memory(
    detector: &VideoDetector,
    labelled: &Labelled,
    device: &Device,
) -> Result<Option<MemoryHealth>, Failure> {
    let Some(preprocessing) = detector.preprocessing() else {
        return Ok(None);
    };
    let mut paths: Vec<&Path> = labelled.samples.iter().map(|s| s.path.as_path()).collect();
    paths.dedup();
    let paths = paths.iter().step_by(paths.len().div_ceil(COUNTED_VIDEOS));
    let videos = paths.map(|path| preprocessing.opening().open(path));
    let videos = videos.collect::<Result<Vec<_>, _>>()?;
    let clips = preprocessing.clips().open(&videos)?;
    let step = Samples::len(&clips).div_ceil(COUNTED_CLIPS).max(1);
    let indices: Vec<usize> = (0..Samples::len(&clips)).step_by(step).collect();
    let clips = Selection::new(clips, indices);
    let usage = evaluate_samples(&detector.model, &clips, BATCH_SIZE, device)?.usage;
    Ok(usage.map(|usage| memory_health(&usage)))
}

fn curve(labelled: &Labelled, indices: &[usize]) -> Option<Video> {
    let frame = |index: usize| match labelled.samples[index].place {
        Place::Frame(frame) => Some(frame),
        _ => None,
    };
    let (first, last) = (frame(indices[0])?, frame(*indices.last()?)?);
    // Frames between two gaps have no score.
    let mut scores = vec![f64::NAN; last + 1 - first];
    let mut flagged: Vec<Range<usize>> = Vec::new();
    for &index in indices {
        let verdict = labelled.samples[index].verdict;
        let frame = frame(index)?;
        scores[frame - first] = verdict.score;
        match flagged.last_mut() {
            Some(span) if verdict.anomalous && span.end == frame => span.end = frame + 1,
            _ if verdict.anomalous => flagged.push(frame..frame + 1),
            _ => {}
        }
    }
    let labelled_spans = labelled.anomalous[indices[0]].then_some(first..last + 1);
    let name = shown(&labelled.samples[indices[0]].path);
    Some(
        Video::new(name, scores)
            .with_first_frame(first)
            .with_flagged(flagged)
            .with_labelled(labelled_spans),
    )
}
