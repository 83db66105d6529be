//! The layers of a network by Burn's own modules.

use burn::nn::BatchNorm;
use burn::nn::conv::{Conv2d, Conv3d, ConvTranspose2d, ConvTranspose3d};
use burn::tensor::{Tensor, activation};
use memae::network::{DecoderLayer, EncoderLayer};

/// A convolution by Burn.
pub trait BurnConvolution<const R: usize> {
    fn forward_by_burn(&self, input: Tensor<R>) -> Tensor<R>;

    /// Number of weights.
    fn weights(&self) -> usize;
}

macro_rules! burn_convolution {
    ($($convolution:ident: $rank:literal),*) => {
        $(impl BurnConvolution<$rank> for $convolution {
            fn forward_by_burn(&self, input: Tensor<$rank>) -> Tensor<$rank> {
                self.forward(input)
            }

            fn weights(&self) -> usize {
                self.weight.shape().num_elements()
            }
        })*
    };
}

burn_convolution!(Conv2d: 4, Conv3d: 5, ConvTranspose2d: 4, ConvTranspose3d: 5);

/// One layer of a network by Burn's own modules.
pub trait BurnLayer<const R: usize> {
    fn forward_by_burn(&self, input: Tensor<R>) -> Tensor<R>;

    /// Number of weights of its convolution.
    fn weights(&self) -> usize;
}

impl<C: BurnConvolution<R>, const R: usize> BurnLayer<R> for EncoderLayer<C> {
    fn forward_by_burn(&self, input: Tensor<R>) -> Tensor<R> {
        normalized(&self.norm, self.conv.forward_by_burn(input))
    }

    fn weights(&self) -> usize {
        self.conv.weights()
    }
}

impl<C: BurnConvolution<R>, const R: usize> BurnLayer<R> for DecoderLayer<C> {
    fn forward_by_burn(&self, input: Tensor<R>) -> Tensor<R> {
        let output = self.conv.forward_by_burn(input);
        match &self.norm {
            Some(norm) => normalized(norm, output),
            None => output,
        }
    }

    fn weights(&self) -> usize {
        self.conv.weights()
    }
}

/// Batch norm and the activation of the preset for tensors of this rank.
fn normalized<const R: usize>(norm: &BatchNorm, input: Tensor<R>) -> Tensor<R> {
    let output = norm.forward(input);
    match R {
        5 => activation::leaky_relu(output, 0.2),
        _ => activation::relu(output),
    }
}
