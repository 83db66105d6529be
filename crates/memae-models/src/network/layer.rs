use burn::module::{Content, Module, ModuleDisplay};
use burn::nn::conv::{
    Conv2d, Conv2dConfig, Conv3d, Conv3dConfig, ConvTranspose2d, ConvTranspose2dConfig,
    ConvTranspose3d, ConvTranspose3dConfig,
};
use burn::nn::{BatchNorm, BatchNormConfig, PaddingConfig2d, PaddingConfig3d};
use burn::tensor::{Device, Tensor, activation};
use serde::{Deserialize, Serialize};

use super::layer_list::LayerShape;

/// The nonlinearity after each layer but the last.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Activation {
    /// `max(x, 0)`.
    Relu,
    /// `x` above 0, `slope · x` below.
    LeakyRelu {
        /// Slope below 0.
        slope: f64,
    },
    /// Hyperbolic tangent.
    Tanh,
}

impl Activation {
    /// Applies it to every value.
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        match *self {
            Activation::Relu => activation::relu(input),
            Activation::LeakyRelu { slope } => activation::leaky_relu(input, slope),
            Activation::Tanh => activation::tanh(input),
        }
    }
}

/// One layer of a network whose samples, with the batch axis, are tensors of rank `R`.
pub trait Layer<const R: usize>: Module + ModuleDisplay {
    /// `[batch, channels_in, …]` to `[batch, channels, …]`.
    fn forward(&self, input: Tensor<R>) -> Tensor<R>;

    /// Counts a batch trained on, where the layer keeps count.
    fn count_batch(&mut self) {}
}

/// A convolution, transposed or not, over tensors of rank `R`.
pub trait Convolution<const R: usize>: Module + ModuleDisplay {
    /// `[batch, channels_in, …]` to `[batch, channels, …]`.
    fn forward(&self, input: Tensor<R>) -> Tensor<R>;
}

impl Convolution<4> for Conv2d {
    fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        Conv2d::forward(self, input)
    }
}

impl Convolution<5> for Conv3d {
    fn forward(&self, input: Tensor<5>) -> Tensor<5> {
        Conv3d::forward(self, input)
    }
}

impl Convolution<4> for ConvTranspose2d {
    fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        ConvTranspose2d::forward(self, input)
    }
}

impl Convolution<5> for ConvTranspose3d {
    fn forward(&self, input: Tensor<5>) -> Tensor<5> {
        ConvTranspose3d::forward(self, input)
    }
}

/// A convolution that a layer of an encoder's list over `S` axes becomes.
pub(super) trait EncoderConvolution<const S: usize>: Sized {
    fn init(layer: &impl LayerShape<S>, channels_in: usize, device: &Device) -> Self;
}

/// A transposed convolution that a layer of a decoder's list over `S` axes becomes.
pub(super) trait DecoderConvolution<const S: usize>: Sized {
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

/// Convolution, batch norm, activation.
#[derive(Module, Debug)]
#[module(custom_display)]
pub struct EncoderLayer<C = Conv2d> {
    /// The convolution.
    pub conv: C,
    /// Batch norm over the convolution's output.
    pub norm: BatchNorm,
    /// Training batches that the running statistics of `norm` come from, where that is known.
    /// Nothing is computed with it; files of PyTorch hold it.
    #[module(skip)]
    pub batches_tracked: Option<i64>,
    #[module(skip)]
    activation: Activation,
}

impl<C> EncoderLayer<C> {
    pub(super) fn new(conv: C, channels: usize, activation: Activation, device: &Device) -> Self {
        Self {
            conv,
            norm: BatchNormConfig::new(channels).init(device),
            batches_tracked: Some(0),
            activation,
        }
    }

    /// `[batch, channels_in, …]` to `[batch, channels, …]` with sides of
    /// `(side + 2 · padding − kernel) / stride + 1`, rounded down, where the padding is
    /// `(kernel − 1) / 2`.
    pub fn forward<const R: usize>(&self, input: Tensor<R>) -> Tensor<R>
    where
        C: Convolution<R>,
    {
        let output = self.norm.forward(self.conv.forward(input));
        self.activation.forward(output)
    }
}

impl<C: Convolution<R>, const R: usize> Layer<R> for EncoderLayer<C> {
    fn forward(&self, input: Tensor<R>) -> Tensor<R> {
        EncoderLayer::forward(self, input)
    }

    fn count_batch(&mut self) {
        self.batches_tracked = self.batches_tracked.map(|count| count.saturating_add(1));
    }
}

impl<C: Module + ModuleDisplay> ModuleDisplay for EncoderLayer<C> {
    fn custom_content(&self, content: Content) -> Option<Content> {
        content
            .add("conv", &self.conv)
            .add("norm", &self.norm)
            .add_debug_attribute("activation", &self.activation)
            .optional()
    }
}

/// Transposed convolution, then batch norm and activation unless it is the last layer.
#[derive(Module, Debug)]
#[module(custom_display)]
pub struct DecoderLayer<T = ConvTranspose2d> {
    /// The transposed convolution.
    pub conv: T,
    /// Batch norm over the convolution's output; none after the last layer.
    pub norm: Option<BatchNorm>,
    /// Training batches that the running statistics of `norm` come from, where that is known.
    /// Nothing is computed with it; files of PyTorch hold it.
    #[module(skip)]
    pub batches_tracked: Option<i64>,
    #[module(skip)]
    activation: Activation,
}

impl<T> DecoderLayer<T> {
    pub(super) fn new(
        conv: T,
        channels: usize,
        activation: Option<Activation>,
        device: &Device,
    ) -> Self {
        Self {
            conv,
            norm: activation.map(|_| BatchNormConfig::new(channels).init(device)),
            batches_tracked: activation.map(|_| 0),
            activation: activation.unwrap_or(Activation::Relu),
        }
    }

    /// `[batch, channels_in, …]` to `[batch, channels, …]` with the sides that the mirrored encoder
    /// layer started from.
    pub fn forward<const R: usize>(&self, input: Tensor<R>) -> Tensor<R>
    where
        T: Convolution<R>,
    {
        let output = self.conv.forward(input);
        match &self.norm {
            Some(norm) => self.activation.forward(norm.forward(output)),
            None => output,
        }
    }
}

impl<T: Convolution<R>, const R: usize> Layer<R> for DecoderLayer<T> {
    fn forward(&self, input: Tensor<R>) -> Tensor<R> {
        DecoderLayer::forward(self, input)
    }

    fn count_batch(&mut self) {
        self.batches_tracked = self.batches_tracked.map(|count| count.saturating_add(1));
    }
}

impl<T: Module + ModuleDisplay> ModuleDisplay for DecoderLayer<T> {
    fn custom_content(&self, content: Content) -> Option<Content> {
        content
            .add("conv", &self.conv)
            .add("norm", &self.norm)
            .add_debug_attribute("activation", &self.activation)
            .optional()
    }
}
