use memae_data::encode::ClipLayout;
use memae_data::metrics::PixelRanking;
use memae_data::metrics::PixelScores;
use memae_data::sample::Mask;
use memae_models::score::ClipObservation;
use serde::{Deserialize, Serialize};

use super::source::VideoData;
use crate::ExperimentError;

/// Most pixels that are ranked for pixel-level figures: of more, which would take gigabytes, evenly spread
/// frames are taken.
const MOST_PIXELS: usize = 1 << 28;

/// How well errors tell anomalous pixels from normal ones, over the scored frames that have masks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PixelFigures {
    /// Pixel-level AUC.
    pub auc: f64,
    /// Area under the curve of per-region overlap, up to a false positive rate of 0.3.
    pub aupro: f64,
    /// Regions of touching anomalous pixels.
    pub regions: usize,
    /// Frames that were looked at: all that are scored, or every n-th where these are too many.
    pub frames: usize,
}

/// Collects error maps of scored frames with their masks.
pub(super) struct PixelPass<'a> {
    data: &'a VideoData,
    layout: ClipLayout,
    scores: PixelScores,
    /// Of this many scored frames, one is looked at.
    every: usize,
    frames: usize,
    video: usize,
    masks: Option<Option<Vec<Mask>>>,
}

impl<'a> PixelPass<'a> {
    pub(super) fn new(data: &'a VideoData) -> Self {
        let shape = data.test.frame_shape();
        let pixels = (shape.height * shape.width).saturating_mul(data.test.len());
        Self {
            data,
            layout: data.test.layout(),
            scores: PixelScores::new(),
            every: pixels.div_ceil(MOST_PIXELS).max(1),
            frames: 0,
            video: 0,
            masks: None,
        }
    }

    /// `index`: of the clip, which are given in order.
    pub(super) fn push(
        &mut self,
        index: usize,
        clip: &ClipObservation,
    ) -> Result<(), ExperimentError> {
        if !index.is_multiple_of(self.every) {
            return Ok(());
        }
        while index >= self.data.test.clips_of(self.video).end {
            self.video += 1;
            self.masks = None;
        }
        let masks = match &self.masks {
            Some(masks) => masks,
            None => self.masks.insert(self.data.masks(self.video)?),
        };
        let Some(masks) = masks else {
            return Ok(());
        };
        let shape = self.data.test.frame_shape();
        let pixels = shape.height * shape.width;
        let frame = self.layout.scored_frame();
        let map = &clip.errors[frame * pixels..(frame + 1) * pixels];
        let mask = &masks[self.data.test.scored_by(index)];
        self.scores.push(map, mask.anomalous(), mask.size())?;
        self.frames += 1;
        Ok(())
    }

    /// `None` without pixels of both kinds.
    pub(super) fn finish(self) -> Result<Option<PixelFigures>, ExperimentError> {
        let (scores, frames) = (self.scores, self.frames);
        let regions = scores.regions();
        let (normal, anomalous) = scores.counts();
        if normal == 0 || anomalous == 0 {
            return Ok(None);
        }
        let ranking = scores.rank()?;
        Ok(Some(PixelFigures {
            auc: ranking.auc(),
            aupro: ranking.aupro(PixelRanking::AUPRO_LIMIT)?,
            regions,
            frames,
        }))
    }
}
