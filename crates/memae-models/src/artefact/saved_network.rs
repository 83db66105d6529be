//! What a file holds the tensors of.

use burn::module::{Module, ModuleDisplay};
use burn::tensor::Device;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::network::{AutoencoderConfig, NetworkConfigError};

/// Settings of what a file holds the tensors of: of a network, or of several.
pub(crate) trait SavedNetwork: Serialize + DeserializeOwned {
    type Network: Module + ModuleDisplay;

    fn validate(&self) -> Result<(), NetworkConfigError>;

    fn try_init(&self, device: &Device) -> Result<Self::Network, NetworkConfigError>;

    fn num_parameters(&self) -> usize;
}

impl<N: AutoencoderConfig> SavedNetwork for N {
    type Network = N::Network;

    fn validate(&self) -> Result<(), NetworkConfigError> {
        AutoencoderConfig::validate(self)
    }

    fn try_init(&self, device: &Device) -> Result<Self::Network, NetworkConfigError> {
        AutoencoderConfig::try_init(self, device)
    }

    fn num_parameters(&self) -> usize {
        AutoencoderConfig::num_parameters(self)
    }
}
