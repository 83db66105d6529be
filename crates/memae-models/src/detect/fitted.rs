use serde::{Deserialize, Serialize};

use super::pixel_threshold::{PixelThreshold, check_sigma};
use super::threshold::DetectionThreshold;
use crate::artefact::FittedState;
use crate::network::{AutoencoderConfig, Preprocessing, SampleShape};
use crate::score::{ScoreRule, ScoreScale};

/// What was fitted on training samples; saved beside the weights.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fitted {
    pub(super) rule: ScoreRule,
    pub(super) scale: ScoreScale,
    pub(super) threshold: DetectionThreshold,
    /// Of images only.
    pub(super) pixels: Option<PixelThreshold>,
}

/// [`Fitted`] in the header.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedFitted {
    rule: ScoreRule,
    threshold: DetectionThreshold,
    #[serde(with = "crate::artefact::number_as_text")]
    reconstruction_spread: f64,
    #[serde(with = "crate::artefact::number_as_text")]
    read_distance_spread: f64,
    /// Files of the first release have none; no rule of theirs needs it.
    #[serde(
        with = "crate::artefact::number_as_text",
        default = "crate::score::no_spread"
    )]
    encoding_distance_spread: f64,
    /// Of images only, and only where it was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pixel_threshold: Option<SavedPixels>,
}

/// [`PixelThreshold`] in the header.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedPixels {
    #[serde(with = "crate::artefact::number_as_text")]
    sigma: f64,
    threshold: DetectionThreshold,
}

impl<N: AutoencoderConfig> FittedState<N> for SavedFitted {
    type Preprocessing = N::Preprocessing;

    const KIND: &'static str = N::KIND;

    fn problem(&self, network: &N) -> Option<String> {
        // Scores are divided by it.
        let least = self
            .reconstruction_spread
            .min(self.read_distance_spread)
            .min(self.encoding_distance_spread);
        if least <= 0.0 {
            return Some("a spread of scores that is not above 0".to_string());
        }
        let pixels = self.pixel_threshold.as_ref()?;
        // Channels, rows, columns.
        if network.input().dims().len() != 3 {
            return Some(format!("a pixel threshold for {}s", N::Shape::NAME));
        }
        let sigma = check_sigma(pixels.sigma).err();
        sigma.map(|error| format!("a pixel threshold whose {error}"))
    }

    fn preprocessing_problem(
        &self,
        network: &N,
        preprocessing: &N::Preprocessing,
    ) -> Option<String> {
        preprocessing.problem(network.input())
    }
}

impl SavedFitted {
    #[cfg(feature = "files")]
    pub(super) fn new(fitted: &Fitted) -> Self {
        Self {
            rule: fitted.rule,
            threshold: fitted.threshold.clone(),
            reconstruction_spread: fitted.scale.reconstruction,
            read_distance_spread: fitted.scale.read_distance,
            encoding_distance_spread: fitted.scale.encoding_distance,
            pixel_threshold: fitted.pixels.as_ref().map(|pixels| SavedPixels {
                sigma: pixels.sigma(),
                threshold: pixels.threshold().clone(),
            }),
        }
    }

    pub(super) fn fitted(self) -> Fitted {
        Fitted {
            rule: self.rule,
            scale: ScoreScale {
                reconstruction: self.reconstruction_spread,
                read_distance: self.read_distance_spread,
                encoding_distance: self.encoding_distance_spread,
            },
            threshold: self.threshold,
            // A file's is checked before.
            pixels: self
                .pixel_threshold
                .and_then(|pixels| PixelThreshold::new(pixels.sigma, pixels.threshold).ok()),
        }
    }
}
