//! The networks that are timed.

use burn::tensor::Device;
use memae::network::{ImageAutoencoderConfig, Variant, VideoAutoencoderConfig};

use crate::run::{Network, Way, Work};

/// A preset and a batch for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// 64 images of 1 × 28 × 28.
    Mnist,
    /// 64 images of 3 × 32 × 32.
    Cifar10,
    /// A clip of 16 frames of 128 × 128.
    Video128,
    /// A clip of 16 frames of 256 × 256.
    Video256,
}

impl Case {
    pub const ALL: [Self; 4] = [Self::Mnist, Self::Cifar10, Self::Video128, Self::Video256];

    pub fn name(self) -> &'static str {
        match self {
            Self::Mnist => "mnist",
            Self::Cifar10 => "cifar10",
            Self::Video128 => "video128",
            Self::Video256 => "video256",
        }
    }

    /// MemAE with the paper's settings, and what it is to do.
    pub fn work(self, way: Way, device: &Device) -> Box<dyn Work> {
        let images = |config: ImageAutoencoderConfig| -> Box<dyn Work> {
            let network = config.try_init(device).expect("a preset is valid");
            Box::new(Network::new(network, 64, way, device))
        };
        match self {
            Self::Mnist => images(ImageAutoencoderConfig::mnist(Variant::MemAe)),
            Self::Cifar10 => images(ImageAutoencoderConfig::cifar10(Variant::MemAe)),
            Self::Video128 | Self::Video256 => {
                let side = if self == Self::Video128 { 128 } else { 256 };
                let mut config = VideoAutoencoderConfig::video(Variant::MemAe);
                config.input.height = side;
                config.input.width = side;
                let network = config.try_init(device).expect("a preset is valid");
                Box::new(Network::new(network, 1, way, device))
            }
        }
    }
}
