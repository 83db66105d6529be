use burn::nn::Initializer;
use burn::nn::conv::{Conv3d, ConvTranspose3d};
use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use super::layers::{DecoderLayer, EncoderLayer};

/// Where weights start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum InitialWeights {
    /// U(±1/√n) for a convolution that sums n values, the default of Burn and PyTorch.
    Uniform,
    /// As in the code published by the paper's authors: weights of convolutions N(0, 0.02), weights
    /// of batch norm N(1, 0.02) and their biases 0; biases of convolutions as in `Uniform`.
    Reference,
}

impl InitialWeights {
    /// Draws the weights of layers that have those of `Uniform` already.
    pub(super) fn draw(
        self,
        encoder: &mut [EncoderLayer<Conv3d>],
        decoder: &mut [DecoderLayer<ConvTranspose3d>],
        device: &Device,
    ) {
        if self == InitialWeights::Uniform {
            return;
        }
        let normal = |mean| Initializer::Normal { mean, std: 0.02 };
        for EncoderLayer { conv, norm, .. } in encoder {
            conv.weight = normal(0.0).init(conv.weight.lazy_shape(), device);
            norm.gamma = normal(1.0).init(norm.gamma.lazy_shape(), device);
        }
        for DecoderLayer { conv, norm, .. } in decoder {
            conv.weight = normal(0.0).init(conv.weight.lazy_shape(), device);
            if let Some(norm) = norm {
                norm.gamma = normal(1.0).init(norm.gamma.lazy_shape(), device);
            }
        }
    }
}
