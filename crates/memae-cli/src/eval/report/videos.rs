//! Scores of videos, frame by frame.

use std::ops::Range;

use memae::data::format::shown;
use memae::detect::Place;
use memae_report::Video;

use crate::eval::labelled::Labelled;

/// Videos that are shown.
const MOST: usize = 24;

/// A curve for each of the first videos.
pub(super) fn curves(labelled: &Labelled) -> Vec<Video> {
    let numbered: Vec<usize> = (0..labelled.samples.len()).collect();
    let videos = numbered.chunk_by(|&a, &b| labelled.samples[a].path == labelled.samples[b].path);
    videos
        .filter_map(|indices| curve(labelled, indices))
        .take(MOST)
        .collect()
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
