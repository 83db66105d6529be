//! What layer lists have in common, along any number of axes.

use std::fmt::Display;

use burn::tensor::Device;
use memae_core::{MemoryModuleConfig, QueryUnit};

use super::autoencoder::LayeredAutoencoder;
use super::error::NetworkConfigError;
use super::layers::{
    Activation, DecoderConvolution, DecoderLayer, EncoderConvolution, EncoderLayer, LayerShape,
    padding,
};

/// Kernel and stride of a layer along one axis.
#[derive(Clone, Copy)]
struct AxisLayer {
    kernel: usize,
    stride: usize,
}

impl AxisLayer {
    fn of<L: LayerShape<S>, const S: usize>(layer: &L, axis: usize) -> Self {
        Self {
            kernel: layer.kernel()[axis],
            stride: layer.stride()[axis],
        }
    }

    /// Size of a convolution's output; `None` if the kernel does not fit.
    fn encoded_size(self, size: usize) -> Option<usize> {
        let span = size
            .checked_add(2 * padding(self.kernel))?
            .checked_sub(self.kernel)?;
        Some(span / self.stride + 1)
    }

    /// Output padding that makes a transposed convolution reach `target` from `size`; `None` if it
    /// can't.
    fn output_padding(self, size: usize, target: usize) -> Option<usize> {
        let smallest = size
            .checked_sub(1)?
            .checked_mul(self.stride)?
            .checked_add(self.kernel)?
            .checked_sub(2 * padding(self.kernel))?;
        target
            .checked_sub(smallest)
            .filter(|padding| *padding < self.stride)
    }
}

/// Encoder and decoder of a network, and the input that they are made for.
pub(super) struct LayerLists<'a, L, const S: usize> {
    /// Channels of the input.
    pub(super) channels: usize,
    /// Size of the input along each axis.
    pub(super) size: [usize; S],
    /// What is counted along each axis.
    pub(super) units: [&'static str; S],
    pub(super) encoder: &'a [L],
    pub(super) decoder: &'a [L],
}

impl<L: LayerShape<S>, const S: usize> LayerLists<'_, L, S> {
    /// Channels and size of the features between encoder and decoder.
    pub(super) fn features(&self) -> Result<(usize, [usize; S]), NetworkConfigError> {
        let sizes = self.encoder_sizes()?;
        let channels = self.encoder.last().map_or(self.channels, L::channels);
        Ok((channels, sizes[sizes.len() - 1]))
    }

    /// The network that these lists and this memory make.
    pub(super) fn autoencoder<C, T, const R: usize>(
        &self,
        activation: Activation,
        memory: Option<&MemoryModuleConfig>,
        query: QueryUnit,
        device: &Device,
    ) -> Result<LayeredAutoencoder<EncoderLayer<C>, DecoderLayer<T>, R>, NetworkConfigError>
    where
        C: EncoderConvolution<S>,
        T: DecoderConvolution<S>,
    {
        self.validate(memory, query)?;
        let (channels, size) = self.features()?;
        let (encoder, decoder) = self.layers(activation, device)?;
        let memory = match memory {
            Some(memory) => Some(memory.try_init(device)?),
            None => None,
        };
        Ok(LayeredAutoencoder {
            encoder,
            memory,
            decoder,
            masks: None,
            query,
            input: dims(self.channels, self.size),
            features: dims(channels, size),
        })
    }

    /// Checks both lists, and the memory between them.
    pub(super) fn validate(
        &self,
        memory: Option<&MemoryModuleConfig>,
        query: QueryUnit,
    ) -> Result<(), NetworkConfigError> {
        self.output_paddings()?;
        let Some(memory) = memory else { return Ok(()) };
        memory.validate()?;
        let (channels, size) = self.features()?;
        let features = dims(channels, size);
        let expected = query.item_dim(&features);
        match memory.item_dim == expected {
            true => Ok(()),
            false => Err(NetworkConfigError::ItemDim {
                found: memory.item_dim,
                expected,
                features,
                query,
            }),
        }
    }

    /// Makes the layers of both lists.
    #[allow(clippy::type_complexity)]
    fn layers<C, T>(
        &self,
        activation: Activation,
        device: &Device,
    ) -> Result<(Vec<EncoderLayer<C>>, Vec<DecoderLayer<T>>), NetworkConfigError>
    where
        C: EncoderConvolution<S>,
        T: DecoderConvolution<S>,
    {
        let output_paddings = self.output_paddings()?;
        let mut channels = self.channels;
        let mut encoder = Vec::with_capacity(self.encoder.len());
        for layer in self.encoder {
            let conv = C::init(layer, channels, device);
            channels = layer.channels();
            encoder.push(EncoderLayer::new(conv, channels, activation, device));
        }
        let last = self.decoder.len() - 1;
        let mut decoder = Vec::with_capacity(self.decoder.len());
        for (index, layer) in self.decoder.iter().enumerate() {
            let activation = (index < last).then_some(activation);
            let conv = T::init(layer, channels, output_paddings[index], device);
            channels = layer.channels();
            decoder.push(DecoderLayer::new(conv, channels, activation, device));
        }
        Ok((encoder, decoder))
    }

    /// Number of values learned by the layers and the memory; it saturates.
    pub(super) fn num_parameters(&self, memory: Option<&MemoryModuleConfig>) -> usize {
        let mut channels = self.channels;
        let mut total: usize = 0;
        let count = self.encoder.len() + self.decoder.len();
        for (index, layer) in self.encoder.iter().chain(self.decoder).enumerate() {
            let weights = layer
                .kernel()
                .into_iter()
                .chain([channels, layer.channels()])
                .fold(1, usize::saturating_mul);
            let per_channel = if index + 1 < count { 3 } else { 1 };
            total = total
                .saturating_add(weights)
                .saturating_add(layer.channels().saturating_mul(per_channel));
            channels = layer.channels();
        }
        let items = memory.map_or(0, |memory| memory.num_items.saturating_mul(memory.item_dim));
        total.saturating_add(items)
    }

    /// Sizes before and after each encoder layer.
    fn encoder_sizes(&self) -> Result<Vec<[usize; S]>, NetworkConfigError> {
        let input = dims(self.channels, self.size);
        if input.contains(&0) {
            return Err(NetworkConfigError::EmptyInput {
                found: joined(&input),
            });
        }
        let mut sizes = vec![self.size];
        for (index, layer) in self.encoder.iter().enumerate() {
            check_layer("encoder", index, layer)?;
            let mut encoded = [0; S];
            for (axis, encoded) in encoded.iter_mut().enumerate() {
                let (layer, size) = (AxisLayer::of(layer, axis), sizes[index][axis]);
                *encoded = layer
                    .encoded_size(size)
                    .ok_or(NetworkConfigError::KernelTooLarge {
                        index,
                        kernel: layer.kernel,
                        size,
                        unit: self.units[axis],
                    })?;
            }
            sizes.push(encoded);
        }
        Ok(sizes)
    }

    /// Output padding of each decoder layer.
    fn output_paddings(&self) -> Result<Vec<[usize; S]>, NetworkConfigError> {
        let (encoder, decoder) = (self.encoder.len(), self.decoder.len());
        if encoder != decoder || encoder == 0 {
            return Err(NetworkConfigError::LayerCount { encoder, decoder });
        }
        let sizes = self.encoder_sizes()?;
        let mut paddings = Vec::with_capacity(decoder);
        for (index, layer) in self.decoder.iter().enumerate() {
            check_layer("decoder", index, layer)?;
            let mut padding = [0; S];
            for (axis, padding) in padding.iter_mut().enumerate() {
                let layer = AxisLayer::of(layer, axis);
                let size = sizes[decoder - index][axis];
                let target = sizes[decoder - index - 1][axis];
                *padding =
                    layer
                        .output_padding(size, target)
                        .ok_or(NetworkConfigError::DecoderSize {
                            index,
                            kernel: layer.kernel,
                            stride: layer.stride,
                            size,
                            target,
                            unit: self.units[axis],
                        })?;
            }
            paddings.push(padding);
        }
        let found = self.decoder[decoder - 1].channels();
        if found != self.channels {
            return Err(NetworkConfigError::OutputChannels {
                found,
                expected: self.channels,
            });
        }
        Ok(paddings)
    }
}

fn dims<const S: usize>(channels: usize, size: [usize; S]) -> Vec<usize> {
    std::iter::once(channels).chain(size).collect()
}

fn check_layer<L: LayerShape<S>, const S: usize>(
    part: &'static str,
    index: usize,
    layer: &L,
) -> Result<(), NetworkConfigError> {
    let (kernel, stride, channels) = (layer.kernel(), layer.stride(), layer.channels());
    match channels == 0 || kernel.contains(&0) || stride.contains(&0) {
        true => Err(NetworkConfigError::EmptyLayer {
            part,
            index,
            kernel: side(&kernel),
            stride: side(&stride),
            channels,
        }),
        false => Ok(()),
    }
}

/// One number for all axes, or one for each.
fn side(sizes: &[usize]) -> String {
    match sizes {
        [first, rest @ ..] if rest.iter().all(|size| size == first) => first.to_string(),
        _ => joined(sizes),
    }
}

fn joined(sizes: &[impl Display]) -> String {
    let sizes: Vec<String> = sizes.iter().map(ToString::to_string).collect();
    sizes.join("x")
}
