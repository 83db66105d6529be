use memae_core::addressing::Shrinkage;
use memae_models::detect::VideoDetector;
use memae_models::network::{Variant, VideoAutoencoder, VideoAutoencoderConfig};
use memae_models::train::TrainHistory;

use super::frame_aucs::EpochAuc;
use super::weights::VideoWeights;

/// A network that is ready to be tested.
pub(super) struct Candidate {
    /// Its form, or what its weights are called.
    pub(super) name: String,
    pub(super) model: VideoAutoencoder,
    pub(super) network: VideoAutoencoderConfig,
    /// Figures of every epoch; none for given weights.
    pub(super) history: TrainHistory,
    /// Time that training took.
    pub(super) seconds: f64,
    pub(super) curve: Vec<EpochAuc>,
    /// Where rule and threshold are given.
    pub(super) detector: Option<VideoDetector>,
}

impl From<&VideoWeights> for Candidate {
    fn from(weights: &VideoWeights) -> Self {
        let network = weights.network().clone();
        let (name, model, detector) = match weights {
            VideoWeights::Detector(detector) => {
                let name = variant_of(&network).name().to_string();
                (name, detector.model.clone(), Some((**detector).clone()))
            }
            VideoWeights::Network { name, model, .. } => (name.clone(), (**model).clone(), None),
        };
        Self {
            name,
            model,
            network,
            history: TrainHistory::default(),
            seconds: 0.0,
            curve: Vec::new(),
            detector,
        }
    }
}

/// The form that settings describe.
fn variant_of(network: &VideoAutoencoderConfig) -> Variant {
    match &network.memory {
        None => Variant::Ae,
        Some(memory) if memory.shrinkage == Shrinkage::Off => Variant::MemAeNonSparse,
        Some(_) => Variant::MemAe,
    }
}
