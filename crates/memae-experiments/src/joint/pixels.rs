use memae_data::encode::MotionLayout;
use memae_data::metrics::PixelScores;
use memae_data::sample::Mask;
use memae_models::detect::{JointRule, JointScale, motion_map};
use memae_models::score::resized_map;

use crate::ExperimentError;

/// Pixels of normal frames that scales of rarity are fitted on, at most about so many.
const FIT_PIXELS: usize = 1 << 20;

/// What both parts say of the places of a frame.
pub(super) struct FrameMaps {
    /// The error of each pixel of the frame as the network sees it.
    pub(super) errors: Vec<f32>,
    /// How far from normal the motion is at each place.
    pub(super) places: Vec<f32>,
}

/// How maps become those of pixels of whole frames.
pub(super) struct PixelMaps<'a> {
    /// Height and width of frames as the network sees them.
    pub(super) network: (usize, usize),
    /// Height and width of frames.
    pub(super) frame: (usize, usize),
    pub(super) layout: &'a MotionLayout,
}

/// Pixel-level AUC of both parts, each alone and joined.
pub(super) struct PixelAucs {
    pub(super) appearance: f64,
    pub(super) motion: f64,
    pub(super) joint: Vec<(JointRule, f64)>,
}

impl PixelMaps<'_> {
    fn errors(&self, maps: &FrameMaps) -> Vec<f32> {
        resized_map(&maps.errors, self.network, self.frame)
    }

    fn motion(&self, maps: &FrameMaps) -> Vec<f32> {
        motion_map(&maps.places, self.layout)
    }

    /// Both maps of a frame, pixel by pixel.
    fn pairs(&self, maps: &FrameMaps) -> impl Iterator<Item = [f64; 2]> + use<> {
        let both = self.errors(maps).into_iter().zip(self.motion(maps));
        both.map(|(error, motion)| [f64::from(error), f64::from(motion)])
    }

    /// Pixels are joined as frames are, by how rare the value of each part is, here among those of the pixels of normal frames.
    ///
    /// `None` without pixels of both kinds.
    ///
    /// # Errors
    ///
    /// Normal frames of which all pixels are alike; maps that are not those of masks.
    pub(super) fn aucs<'a>(
        &self,
        normal: &[&FrameMaps],
        test: impl Iterator<Item = (&'a FrameMaps, &'a Mask)> + Clone,
    ) -> Result<Option<PixelAucs>, ExperimentError> {
        let (height, width) = self.frame;
        let every = (height * width * normal.len() / FIT_PIXELS).max(1);
        let normal: Vec<[f64; 2]> = normal
            .iter()
            .flat_map(|maps| self.pairs(maps))
            .step_by(every)
            .collect();
        let auc = |map: &dyn Fn(&FrameMaps) -> Vec<f32>| -> Result<Option<f64>, ExperimentError> {
            let mut pixels = PixelScores::new();
            for (maps, mask) in test.clone() {
                pixels.push(&map(maps), mask.anomalous(), mask.size())?;
            }
            match pixels.counts() {
                (0, _) | (_, 0) => Ok(None),
                _ => Ok(Some(pixels.rank()?.auc())),
            }
        };
        let Some(appearance) = auc(&|maps| self.errors(maps))? else {
            return Ok(None);
        };
        let Some(motion) = auc(&|maps| self.motion(maps))? else {
            return Ok(None);
        };
        let mut joint = Vec::new();
        for rule in [JointRule::Maximum, JointRule::Sum] {
            let scale = JointScale::fit(rule, normal.iter().copied())?;
            let rarities = |maps: &FrameMaps| -> Vec<f32> {
                let pairs = self.pairs(maps);
                pairs.map(|pair| scale.score(pair) as f32).collect()
            };
            if let Some(auc) = auc(&rarities)? {
                joint.push((rule, auc));
            }
        }
        Ok(Some(PixelAucs {
            appearance,
            motion,
            joint,
        }))
    }
}
