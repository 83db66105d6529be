use memae_data::encode::MotionPreprocessing;
use serde::{Deserialize, Serialize};

use crate::artefact::FittedState;
use crate::detect::threshold::DetectionThreshold;
use crate::network::{Preprocessing, VectorAutoencoderConfig};

/// What was fitted on normal videos; saved beside the weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FittedMotion {
    pub(super) threshold: DetectionThreshold,
}

impl FittedState<VectorAutoencoderConfig> for FittedMotion {
    type Preprocessing = MotionPreprocessing;

    const KIND: &'static str = "motion";

    // Speeds are none without the rate and the size of frames.
    const NEEDS_PREPROCESSING: bool = true;

    fn problem(&self, _network: &VectorAutoencoderConfig) -> Option<String> {
        None
    }

    fn preprocessing_problem(
        &self,
        network: &VectorAutoencoderConfig,
        preprocessing: &MotionPreprocessing,
    ) -> Option<String> {
        preprocessing.problem(network.input)
    }
}
