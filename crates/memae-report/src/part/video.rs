use std::ops::Range;

use crate::chart::{FrameCurve, ScoreRange, Spans};
use crate::text::{Text, counted};

/// The scores of a video, frame by frame, with what was flagged, what is labelled and where frames are missing.
///
/// Spans are ranges of frame numbers, the end not counted; empty ones are passed over. A score that is no number is a gap too.
///
/// ```
/// use memae_report::Video;
///
/// let video = Video::new("gate.mp4", [0.1, 0.2, 0.9, 0.8, 0.1])
///     .with_first_frame(8)
///     .with_flagged([10..11, 12..13])
///     .with_labelled(Some(9..12))
///     .with_gaps(Some(13..20));
/// ```
#[derive(Debug, Clone)]
pub struct Video {
    pub(crate) name: Text,
    scores: Vec<f64>,
    first_frame: usize,
    flagged: Vec<Range<usize>>,
    labelled: Vec<Range<usize>>,
    gaps: Vec<Range<usize>>,
}

impl Video {
    /// A video by its name, with one score a frame.
    pub fn new(name: impl AsRef<str>, scores: impl IntoIterator<Item = f64>) -> Self {
        Self {
            name: Text::new(name),
            scores: scores.into_iter().collect(),
            first_frame: 0,
            flagged: Vec::new(),
            labelled: Vec::new(),
            gaps: Vec::new(),
        }
    }

    /// The number of the frame that the first score belongs to.
    pub fn with_first_frame(mut self, frame: usize) -> Self {
        self.first_frame = frame;
        self
    }

    /// The frames that were flagged.
    pub fn with_flagged(mut self, spans: impl IntoIterator<Item = Range<usize>>) -> Self {
        self.flagged = spans.into_iter().filter(|span| !span.is_empty()).collect();
        self
    }

    /// The frames that are labelled anomalous.
    pub fn with_labelled(mut self, spans: impl IntoIterator<Item = Range<usize>>) -> Self {
        self.labelled = spans.into_iter().filter(|span| !span.is_empty()).collect();
        self
    }

    /// The frames that could not be decoded, or are not there.
    pub fn with_gaps(mut self, spans: impl IntoIterator<Item = Range<usize>>) -> Self {
        self.gaps = spans.into_iter().filter(|span| !span.is_empty()).collect();
        self
    }

    pub(crate) fn scores(&self) -> &[f64] {
        &self.scores
    }

    pub(crate) fn has_labels(&self) -> bool {
        !self.labelled.is_empty()
    }

    pub(crate) fn has_gaps(&self) -> bool {
        !self.gaps.is_empty()
    }

    /// How much was flagged, in words.
    pub(crate) fn summary(&self) -> String {
        let frames: usize = self.flagged.iter().map(ExactSizeIterator::len).sum();
        let spans = match self.flagged.len() {
            0 => return format!("{} frames scored, none flagged", counted(self.scores.len())),
            1 => "1 span".to_string(),
            spans => format!("{} spans", counted(spans)),
        };
        format!(
            "{} frames scored, {} flagged in {spans}",
            counted(self.scores.len()),
            counted(frames)
        )
    }

    pub(crate) fn chart(&self, range: ScoreRange, threshold: Option<f64>) -> FrameCurve {
        FrameCurve::new(
            format!("Scores of {}", self.name),
            self.first_frame,
            &self.scores,
            range,
            threshold,
            Spans {
                flagged: &self.flagged,
                labelled: &self.labelled,
                gaps: &self.gaps,
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_flagged_is_summed_up() {
        let video = Video::new("a", [0.0; 1200]);
        assert_eq!(video.summary(), "1,200 frames scored, none flagged");
        assert_eq!(
            video.clone().with_flagged(Some(3..5)).summary(),
            "1,200 frames scored, 2 flagged in 1 span"
        );
        let video = video.with_flagged([3..5, 9..109, 7..7]);
        assert_eq!(
            video.summary(),
            "1,200 frames scored, 102 flagged in 2 spans"
        );
    }
}
