use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, PaddingConfig2d};
use burn::tensor::{Device, Tensor, activation};
use serde::{Deserialize, Serialize};

/// One layer of a layer list: kernel, stride, output channels, as the paper writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayerConfig {
    /// Side of the square kernel in pixels, at least 1; odd kernels keep positions centred.
    pub kernel: usize,
    /// Stride in pixels, at least 1: an encoder layer divides the size by it, a decoder layer
    /// multiplies by it.
    pub stride: usize,
    /// Output channels, at least 1.
    pub channels: usize,
}

impl LayerConfig {
    /// A layer with this kernel, stride and number of output channels.
    pub fn new(kernel: usize, stride: usize, channels: usize) -> Self {
        Self {
            kernel,
            stride,
            channels,
        }
    }

    /// Zeros added on each side of the input.
    pub(crate) fn padding(&self) -> usize {
        (self.kernel - 1) / 2
    }

    /// Size of a convolution's output along one axis; `None` if the kernel does not fit.
    pub(crate) fn encoded_size(&self, size: usize) -> Option<usize> {
        let span = size
            .checked_add(2 * self.padding())?
            .checked_sub(self.kernel)?;
        Some(span / self.stride + 1)
    }

    /// Output padding that makes a transposed convolution reach `target` from `size`; `None` if it
    /// can't.
    pub(crate) fn output_padding(&self, size: usize, target: usize) -> Option<usize> {
        let smallest = size
            .checked_sub(1)?
            .checked_mul(self.stride)?
            .checked_add(self.kernel)?
            .checked_sub(2 * self.padding())?;
        target
            .checked_sub(smallest)
            .filter(|padding| *padding < self.stride)
    }
}

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

/// Convolution, batch norm, activation.
#[derive(Module, Debug)]
pub struct EncoderLayer {
    /// The convolution.
    pub conv: Conv2d,
    /// Batch norm over the convolution's output.
    pub norm: BatchNorm,
    #[module(skip)]
    activation: Activation,
}

impl EncoderLayer {
    pub(crate) fn init(
        config: &LayerConfig,
        channels_in: usize,
        activation: Activation,
        device: &Device,
    ) -> Self {
        let padding = config.padding();
        Self {
            conv: Conv2dConfig::new(
                [channels_in, config.channels],
                [config.kernel, config.kernel],
            )
            .with_stride([config.stride, config.stride])
            .with_padding(PaddingConfig2d::Explicit(
                padding, padding, padding, padding,
            ))
            .init(device),
            norm: BatchNormConfig::new(config.channels).init(device),
            activation,
        }
    }

    /// `[batch, channels_in, height, width]` to `[batch, channels, …]` with sides of
    /// `(side + 2 · padding − kernel) / stride + 1`, rounded down, where the padding is
    /// `(kernel − 1) / 2`.
    pub fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let output = self.norm.forward(self.conv.forward(input));
        self.activation.forward(output)
    }
}

/// Transposed convolution, then batch norm and activation unless it is the last layer.
#[derive(Module, Debug)]
pub struct DecoderLayer {
    /// The transposed convolution.
    pub conv: ConvTranspose2d,
    /// Batch norm over the convolution's output; none after the last layer.
    pub norm: Option<BatchNorm>,
    #[module(skip)]
    activation: Activation,
}

impl DecoderLayer {
    /// `output_padding` is `[height, width]`.
    pub(crate) fn init(
        config: &LayerConfig,
        channels_in: usize,
        output_padding: [usize; 2],
        activation: Option<Activation>,
        device: &Device,
    ) -> Self {
        let padding = config.padding();
        Self {
            conv: ConvTranspose2dConfig::new(
                [channels_in, config.channels],
                [config.kernel, config.kernel],
            )
            .with_stride([config.stride, config.stride])
            .with_padding([padding, padding])
            .with_padding_out(output_padding)
            .init(device),
            norm: activation.map(|_| BatchNormConfig::new(config.channels).init(device)),
            activation: activation.unwrap_or(Activation::Relu),
        }
    }

    /// `[batch, channels_in, height, width]` to `[batch, channels, …]` with the sides that the mirrored
    /// encoder layer started from.
    pub fn forward(&self, input: Tensor<4>) -> Tensor<4> {
        let output = self.conv.forward(input);
        match &self.norm {
            Some(norm) => self.activation.forward(norm.forward(output)),
            None => output,
        }
    }
}
