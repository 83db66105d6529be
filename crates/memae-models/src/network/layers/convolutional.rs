use burn::module::{Content, Module, ModuleDisplay};
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::nn::{BatchNorm, BatchNormConfig};
use burn::tensor::{Device, Tensor};

use super::activation::Activation;
use super::convolution::Convolution;
use super::layer::Layer;
use super::norm::normalized;

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
    pub(in crate::network) fn new(
        conv: C,
        channels: usize,
        activation: Activation,
        device: &Device,
    ) -> Self {
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
        normalized(&self.conv, &self.norm, self.activation, input)
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
    pub(in crate::network) fn new(
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
        match &self.norm {
            Some(norm) => normalized(&self.conv, norm, self.activation, input),
            None => self.conv.forward(input),
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
