use memae_data::encode::JointPreprocessing;
use serde::{Deserialize, Serialize};

use super::networks::JointNetworksConfig;
use super::scale::JointScale;
use crate::artefact::FittedState;
use crate::detect::threshold::DetectionThreshold;
use crate::detect::video::FittedDetector;
use crate::network::Preprocessing;

/// What was fitted on normal videos; saved beside the weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FittedJoint {
    /// Of the detector of clips.
    pub(super) appearance: FittedDetector,
    pub(super) scale: JointScale,
    pub(super) threshold: DetectionThreshold,
}

impl FittedState<JointNetworksConfig> for FittedJoint {
    type Preprocessing = JointPreprocessing;

    const KIND: &'static str = "appearance and motion";

    // Neither part is anything without its frames.
    const NEEDS_PREPROCESSING: bool = true;

    fn problem(&self, networks: &JointNetworksConfig) -> Option<String> {
        let of_clips = self.appearance.problem(&networks.appearance);
        of_clips.or_else(|| self.scale.problem())
    }

    fn preprocessing_problem(
        &self,
        networks: &JointNetworksConfig,
        way: &JointPreprocessing,
    ) -> Option<String> {
        let of_clips = self
            .appearance
            .preprocessing_problem(&networks.appearance, way.appearance());
        of_clips
            .or_else(|| way.motion().problem(networks.motion.input))
            .or_else(|| way.validate().err().map(|error| error.to_string()))
    }
}
