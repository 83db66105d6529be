//! Convolutions of layers: Burn's modules, computed with this project's kernels where there are any.

use burn::module::{Module, ModuleDisplay};
use burn::nn::conv::{
    Conv2d, Conv2dConfig, Conv3d, Conv3dConfig, ConvTranspose2d, ConvTranspose2dConfig,
    ConvTranspose3d, ConvTranspose3dConfig,
};
use burn::nn::{PaddingConfig2d, PaddingConfig3d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use burn::tensor::{Device, Tensor};
use memae_kernels::Rectifier;
use memae_kernels::convolution::{
    conv_transpose2d_rectified, conv_transpose3d_rectified, conv2d_rectified, conv3d_rectified,
};

use super::layer_shape::LayerShape;

/// A convolution, transposed or not, over tensors of rank `R`.
pub trait Convolution<const R: usize>: Module + ModuleDisplay {
    /// The axis of the weights that counts output channels.
    const OUTPUT_AXIS: usize;

    /// Its weights, of rank `R`.
    fn weight(&self) -> Tensor<R>;

    /// Its bias, `[channels]`, if it has one.
    fn bias(&self) -> Option<Tensor<1>>;

    /// `[batch, channels_in, …]` to `[batch, channels, …]`, with weights and a bias in place of its own, and an activation.
    fn forward_with(
        &self,
        input: Tensor<R>,
        weight: Tensor<R>,
        bias: Option<Tensor<1>>,
        rectifier: Rectifier,
    ) -> Tensor<R>;

    /// `[batch, channels_in, …]` to `[batch, channels, …]`.
    fn forward(&self, input: Tensor<R>) -> Tensor<R> {
        self.forward_with(input, self.weight(), self.bias(), Rectifier::None)
    }
}

impl Convolution<4> for Conv2d {
    const OUTPUT_AXIS: usize = 0;

    fn weight(&self) -> Tensor<4> {
        self.weight.val()
    }

    fn bias(&self) -> Option<Tensor<1>> {
        self.bias.as_ref().map(|bias| bias.val())
    }

    fn forward_with(
        &self,
        input: Tensor<4>,
        weight: Tensor<4>,
        bias: Option<Tensor<1>>,
        rectifier: Rectifier,
    ) -> Tensor<4> {
        let [_, _, height, width] = input.dims();
        let padding = match self.padding {
            PaddingConfig2d::Valid => [(0, 0); 2],
            PaddingConfig2d::Explicit(top, left, bottom, right) => [(top, bottom), (left, right)],
            PaddingConfig2d::Same => [(height, 0), (width, 1)]
                .map(|(size, axis)| same_padding(size, self.kernel_size[axis], self.stride[axis])),
        };
        let options =
            ConvOptions::new_with_padding(self.stride, padding, self.dilation, self.groups);
        conv2d_rectified(input, weight, bias, options, rectifier)
    }
}

impl Convolution<5> for Conv3d {
    const OUTPUT_AXIS: usize = 0;

    fn weight(&self) -> Tensor<5> {
        self.weight.val()
    }

    fn bias(&self) -> Option<Tensor<1>> {
        self.bias.as_ref().map(|bias| bias.val())
    }

    fn forward_with(
        &self,
        input: Tensor<5>,
        weight: Tensor<5>,
        bias: Option<Tensor<1>>,
        rectifier: Rectifier,
    ) -> Tensor<5> {
        let [_, _, time, height, width] = input.dims();
        let padding = match self.padding {
            PaddingConfig3d::Valid => [(0, 0); 3],
            PaddingConfig3d::Explicit(time, height, width) => {
                [time, height, width].map(|padding| (padding, padding))
            }
            PaddingConfig3d::Same => [(time, 0), (height, 1), (width, 2)]
                .map(|(size, axis)| same_padding(size, self.kernel_size[axis], self.stride[axis])),
        };
        let options =
            ConvOptions::new_with_padding(self.stride, padding, self.dilation, self.groups);
        conv3d_rectified(input, weight, bias, options, rectifier)
    }
}

impl Convolution<4> for ConvTranspose2d {
    const OUTPUT_AXIS: usize = 1;

    fn weight(&self) -> Tensor<4> {
        self.weight.val()
    }

    fn bias(&self) -> Option<Tensor<1>> {
        self.bias.as_ref().map(|bias| bias.val())
    }

    fn forward_with(
        &self,
        input: Tensor<4>,
        weight: Tensor<4>,
        bias: Option<Tensor<1>>,
        rectifier: Rectifier,
    ) -> Tensor<4> {
        let options = ConvTransposeOptions::new(
            self.stride,
            self.padding,
            self.padding_out,
            self.dilation,
            self.groups,
        );
        conv_transpose2d_rectified(input, weight, bias, options, rectifier)
    }
}

impl Convolution<5> for ConvTranspose3d {
    const OUTPUT_AXIS: usize = 1;

    fn weight(&self) -> Tensor<5> {
        self.weight.val()
    }

    fn bias(&self) -> Option<Tensor<1>> {
        self.bias.as_ref().map(|bias| bias.val())
    }

    fn forward_with(
        &self,
        input: Tensor<5>,
        weight: Tensor<5>,
        bias: Option<Tensor<1>>,
        rectifier: Rectifier,
    ) -> Tensor<5> {
        let options = ConvTransposeOptions::new(
            self.stride,
            self.padding,
            self.padding_out,
            self.dilation,
            self.groups,
        );
        conv_transpose3d_rectified(input, weight, bias, options, rectifier)
    }
}

/// Zeros in front and behind with which the output is as long as the input, divided by the stride.
fn same_padding(size: usize, kernel: usize, stride: usize) -> (usize, usize) {
    let reach = (size.div_ceil(stride) - 1) * stride + kernel;
    let padding = reach.saturating_sub(size);
    (padding / 2, padding - padding / 2)
}

/// A convolution that a layer of an encoder's list over `S` axes becomes.
pub(in crate::network) trait EncoderConvolution<const S: usize>: Sized {
    fn init(layer: &impl LayerShape<S>, channels_in: usize, device: &Device) -> Self;
}

/// A transposed convolution that a layer of a decoder's list over `S` axes becomes.
pub(in crate::network) trait DecoderConvolution<const S: usize>: Sized {
    fn init(
        layer: &impl LayerShape<S>,
        channels_in: usize,
        output_padding: [usize; S],
        device: &Device,
    ) -> Self;
}

impl EncoderConvolution<2> for Conv2d {
    fn init(layer: &impl LayerShape<2>, channels_in: usize, device: &Device) -> Self {
        let [height, width] = layer.padding();
        Conv2dConfig::new([channels_in, layer.channels()], layer.kernel())
            .with_stride(layer.stride())
            .with_padding(PaddingConfig2d::Explicit(height, width, height, width))
            .init(device)
    }
}

impl EncoderConvolution<3> for Conv3d {
    fn init(layer: &impl LayerShape<3>, channels_in: usize, device: &Device) -> Self {
        let [time, height, width] = layer.padding();
        Conv3dConfig::new([channels_in, layer.channels()], layer.kernel())
            .with_stride(layer.stride())
            .with_padding(PaddingConfig3d::Explicit(time, height, width))
            .init(device)
    }
}

impl DecoderConvolution<2> for ConvTranspose2d {
    fn init(
        layer: &impl LayerShape<2>,
        channels_in: usize,
        output_padding: [usize; 2],
        device: &Device,
    ) -> Self {
        ConvTranspose2dConfig::new([channels_in, layer.channels()], layer.kernel())
            .with_stride(layer.stride())
            .with_padding(layer.padding())
            .with_padding_out(output_padding)
            .init(device)
    }
}

impl DecoderConvolution<3> for ConvTranspose3d {
    fn init(
        layer: &impl LayerShape<3>,
        channels_in: usize,
        output_padding: [usize; 3],
        device: &Device,
    ) -> Self {
        ConvTranspose3dConfig::new([channels_in, layer.channels()], layer.kernel())
            .with_stride(layer.stride())
            .with_padding(layer.padding())
            .with_padding_out(output_padding)
            .init(device)
    }
}
