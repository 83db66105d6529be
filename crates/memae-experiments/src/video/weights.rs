use std::path::Path;

use burn::tensor::Device;
use memae_data::encode::PixelRange;
use memae_models::detect::VideoDetector;
use memae_models::network::{VideoAutoencoder, VideoAutoencoderConfig};

use crate::ExperimentError;

/// Weights from a file, with the network that they are of.
#[derive(Debug, Clone)]
pub enum VideoWeights {
    /// A detector saved by memae, whose rule and threshold are kept.
    Detector(Box<VideoDetector>),
    /// Weights of a network, for instance those of the authors.
    Network {
        /// What they are called.
        name: String,
        /// The network.
        model: Box<VideoAutoencoder>,
        /// Its settings.
        network: VideoAutoencoderConfig,
    },
}

impl VideoWeights {
    /// Reads a detector saved by memae, whose rule and threshold are kept.
    ///
    /// # Errors
    ///
    /// The file can't be read, is damaged, or holds something else.
    pub fn detector(path: impl AsRef<Path>, device: &Device) -> Result<Self, ExperimentError> {
        let detector = VideoDetector::load(path, device)?;
        Ok(VideoWeights::Detector(Box::new(detector)))
    }

    /// Reads weights that PyTorch saved (`.pt`, `.pth`, safetensors) of `network`, for instance those of
    /// the authors.
    ///
    /// # Errors
    ///
    /// The file can't be read, is damaged, or holds other tensors than the network has.
    pub fn pytorch(
        path: impl AsRef<Path>,
        network: &VideoAutoencoderConfig,
        device: &Device,
    ) -> Result<Self, ExperimentError> {
        let path = path.as_ref();
        let model = network.init_from_pytorch(path, device)?;
        let name = path.file_stem().unwrap_or(path.as_os_str());
        Ok(VideoWeights::Network {
            name: name.to_string_lossy().into_owned(),
            model: Box::new(model),
            network: network.clone(),
        })
    }

    /// What the levels of pixels are to the network, where that is known.
    pub fn range(&self) -> Option<PixelRange> {
        match self {
            VideoWeights::Detector(detector) => detector.pixels(),
            VideoWeights::Network { .. } => None,
        }
    }

    /// Frames of a video from one frame of a clip to the next, where that is known.
    pub fn frame_step(&self) -> Option<usize> {
        match self {
            VideoWeights::Detector(detector) => Some(detector.frame_step()),
            VideoWeights::Network { .. } => None,
        }
    }

    /// Settings of the network.
    pub fn network(&self) -> &VideoAutoencoderConfig {
        match self {
            VideoWeights::Detector(detector) => &detector.network,
            VideoWeights::Network { network, .. } => network,
        }
    }
}
