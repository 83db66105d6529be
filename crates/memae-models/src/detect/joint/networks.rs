use burn::module::Module;
use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use crate::artefact::SavedNetwork;
use crate::network::{
    AutoencoderConfig, NetworkConfigError, VectorAutoencoder, VectorAutoencoderConfig,
    VideoAutoencoder, VideoAutoencoderConfig,
};

/// The networks of both parts, as a file holds them.
#[derive(Module, Debug)]
pub(super) struct JointNetworks {
    pub(super) appearance: VideoAutoencoder,
    pub(super) motion: VectorAutoencoder,
}

/// Their settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JointNetworksConfig {
    pub(super) appearance: VideoAutoencoderConfig,
    pub(super) motion: VectorAutoencoderConfig,
}

impl SavedNetwork for JointNetworksConfig {
    type Network = JointNetworks;

    fn validate(&self) -> Result<(), NetworkConfigError> {
        self.appearance.validate()?;
        self.motion.validate()
    }

    fn try_init(&self, device: &Device) -> Result<JointNetworks, NetworkConfigError> {
        Ok(JointNetworks {
            appearance: self.appearance.try_init(device)?,
            motion: self.motion.try_init(device)?,
        })
    }

    fn num_parameters(&self) -> usize {
        let of_motion = AutoencoderConfig::num_parameters(&self.motion);
        AutoencoderConfig::num_parameters(&self.appearance).saturating_add(of_motion)
    }
}
