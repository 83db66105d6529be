use serde::{Deserialize, Serialize};

use super::threshold::DetectionThreshold;
use crate::artefact::FittedState;
use crate::network::AutoencoderConfig;
use crate::score::{ScoreRule, ScoreScale};

/// What was fitted on training samples; saved beside the weights.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fitted {
    pub(super) rule: ScoreRule,
    pub(super) scale: ScoreScale,
    pub(super) threshold: DetectionThreshold,
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
}

impl<N: AutoencoderConfig> FittedState<N> for SavedFitted {
    const KIND: &'static str = N::KIND;

    fn problem(&self, _network: &N) -> Option<String> {
        // Scores are divided by it.
        let least = self
            .reconstruction_spread
            .min(self.read_distance_spread)
            .min(self.encoding_distance_spread);
        (least <= 0.0).then(|| "a spread of scores that is not above 0".to_string())
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
        }
    }
}
