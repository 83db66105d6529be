use memae_data::sample::Mask;

use super::frame_looks::FrameLooks;
use super::pixels::FrameMaps;
use crate::ExperimentError;
use crate::motion::{MotionVideo, PlaceScores, highest};

/// What both parts say of videos.
pub(super) struct PartScores {
    /// Those that are only watched.
    pub(super) select: Vec<VideoPairs>,
    pub(super) held_out: Vec<VideoPairs>,
    pub(super) test: Vec<VideoPairs>,
}

/// What both parts say of the frames of a video that both score.
pub(super) struct VideoPairs {
    /// By rule.
    pub(super) appearance: Vec<Vec<f64>>,
    pub(super) motion: Vec<f64>,
    pub(super) maps: Vec<FrameMaps>,
    pub(super) anomalous: Option<Vec<bool>>,
    pub(super) masks: Option<Vec<Mask>>,
}

impl VideoPairs {
    /// `rules`: of appearance.
    pub(super) fn of(
        rules: usize,
        looks: Vec<Option<FrameLooks>>,
        fields: &MotionVideo,
        motion: &dyn PlaceScores,
    ) -> Result<Self, ExperimentError> {
        let mut pairs = Self {
            appearance: vec![Vec::new(); rules],
            motion: Vec::new(),
            maps: Vec::new(),
            anomalous: fields.anomalous.as_ref().map(|_| Vec::new()),
            masks: fields.masks.as_ref().map(|_| Vec::new()),
        };
        for (frame, (looks, field)) in looks.into_iter().zip(&fields.fields).enumerate() {
            let (Some(looks), Some(field)) = (looks, field) else {
                continue;
            };
            for (scores, score) in pairs.appearance.iter_mut().zip(looks.scores) {
                scores.push(score);
            }
            let places = motion.of(field)?;
            pairs.motion.push(highest(&places));
            pairs.maps.push(FrameMaps {
                errors: looks.errors,
                places,
            });
            if let (Some(labels), Some(anomalous)) = (&mut pairs.anomalous, &fields.anomalous) {
                labels.push(anomalous[frame]);
            }
            if let (Some(of_pairs), Some(masks)) = (&mut pairs.masks, &fields.masks) {
                of_pairs.push(masks[frame].clone());
            }
        }
        Ok(pairs)
    }

    /// By one rule of appearance.
    pub(super) fn pairs(&self, rule: usize) -> impl Iterator<Item = [f64; 2]> {
        let both = self.appearance[rule].iter().zip(&self.motion);
        both.map(|(&appearance, &motion)| [appearance, motion])
    }

    /// The frames of which it is known which pixels are anomalous.
    pub(super) fn masked(&self) -> impl Iterator<Item = (&FrameMaps, &Mask)> + Clone {
        let masks = self.masks.as_deref().unwrap_or_default();
        self.maps.iter().zip(masks)
    }
}
