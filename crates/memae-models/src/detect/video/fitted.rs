use memae_data::encode::{ClipsConfig, PixelRange, VideoPreprocessing};
use serde::{Deserialize, Serialize};

use crate::artefact::FittedState;
use crate::detect::threshold::DetectionThreshold;
use crate::network::{Preprocessing, VideoAutoencoderConfig};
use crate::score::{FittedRule, Smoothing};

/// What was fitted on training clips; saved beside the weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::detect) struct FittedDetector {
    pub(super) rule: FittedRule,
    pub(super) smoothing: Smoothing,
    pub(super) threshold: DetectionThreshold,
    /// The frame of a clip that is scored, counted from 0.
    pub(super) scored_frame: usize,
    /// Frames of the video from one frame of a clip to the next.
    #[serde(default = "every_frame", skip_serializing_if = "is_every_frame")]
    pub(super) frame_step: usize,
    /// What the levels of pixels are to the network, where training clips were made of pixels.
    pub(super) pixels: Option<PixelRange>,
}

impl FittedDetector {
    /// How clips made by these settings differ from those trained on; `None` if they don't.
    pub(super) fn clip_problem(&self, clips: &ClipsConfig) -> Option<String> {
        let layout = clips.layout;
        let found = (layout.scored_frame(), layout.frame_step(), clips.range);
        let trained = (self.scored_frame, self.frame_step);
        let same_pixels = self.pixels.is_none_or(|range| range == found.2);
        if (found.0, found.1) == trained && same_pixels {
            return None;
        }
        Some(format!(
            "clips that score frame {} of frames {} apart with pixels {:?}, expected frame {}, {} apart, {:?}",
            found.0, found.1, found.2, trained.0, trained.1, self.pixels
        ))
    }
}

fn every_frame() -> usize {
    1
}

fn is_every_frame(step: &usize) -> bool {
    *step == 1
}

/// The most frames of the video from one frame of a clip to the next, as clips may have them.
const MOST_FRAME_STEP: usize = 1 << 16;

impl FittedState<VideoAutoencoderConfig> for FittedDetector {
    type Preprocessing = VideoPreprocessing;

    const KIND: &'static str = "video stream";

    fn preprocessing_problem(
        &self,
        network: &VideoAutoencoderConfig,
        preprocessing: &VideoPreprocessing,
    ) -> Option<String> {
        let of_shape = preprocessing.problem(network.input);
        of_shape.or_else(|| self.clip_problem(preprocessing.clips()))
    }

    fn problem(&self, network: &VideoAutoencoderConfig) -> Option<String> {
        let of_rule = self.rule.problem(network.input, network.memory.is_some());
        let of_smoothing = || {
            let (found, expected) = self.smoothing.problem()?;
            Some(format!("a smoothing of {found}, expected {expected}"))
        };
        let of_frame = || {
            let (found, frames) = (self.scored_frame, network.input.frames);
            (found >= frames).then(|| format!("scored frame {found} of clips of {frames} frames"))
        };
        let of_step = || {
            let found = self.frame_step;
            (!(1..=MOST_FRAME_STEP).contains(&found)).then(|| format!("frame step {found}"))
        };
        of_rule
            .or_else(of_smoothing)
            .or_else(of_frame)
            .or_else(of_step)
    }
}
