//! What a detector makes of the frames that it was trained with.

use memae::artefact::Suspect;
use memae::data::protocol::Calibration;
use memae::detect::DetectionThreshold;

use super::motion_frames::Frames;
use super::provenance::suspects;
use crate::failure::Failure;

/// The score of each frame; `None` of those that have none.
pub(super) struct FrameScores<'a> {
    pub(super) frames: &'a Frames,
    pub(super) scores: Vec<Option<f64>>,
}

impl FrameScores<'_> {
    /// The scores that a threshold is chosen by, those of a part, in their groups.
    pub(super) fn calibration(&self, part: &[usize]) -> Result<Calibration, Failure> {
        let groups = self.frames.groups();
        let known = part
            .iter()
            .filter_map(|&frame| Some((self.scores[frame]?, groups[frame])));
        let (scores, groups): (Vec<f64>, Vec<usize>) = known.unzip();
        Ok(Calibration::in_groups(&scores, &groups)?)
    }

    /// How many frames of a part are above a threshold, and how many have a score.
    pub(super) fn flagged(&self, part: &[usize], threshold: &DetectionThreshold) -> (usize, usize) {
        let scores: Vec<f64> = part
            .iter()
            .filter_map(|&frame| self.scores[frame])
            .collect();
        let above = scores.iter().filter(|score| **score > threshold.value());
        (above.count(), scores.len())
    }

    /// The frames that look least normal, the worst first.
    pub(super) fn suspects(&self) -> Vec<Suspect> {
        let numbered = self.scores.iter().zip(0..);
        let known = numbered.filter_map(|(score, frame)| Some(((*score)?, frame)));
        let (scores, scored): (Vec<f64>, Vec<usize>) = known.unzip();
        suspects(&scores, |index, score| {
            Suspect::new(self.frames.name(scored[index]), score)
        })
    }
}
