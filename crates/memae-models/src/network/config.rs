use burn::config::Config;
use burn::tensor::Device;
use memae_core::{MemoryConfigError, MemoryModuleConfig, QueryUnit};
use memae_data::ImageShape;

use super::{Activation, DecoderLayer, EncoderLayer, ImageAutoencoder, LayerConfig};

/// What is wrong with the settings of a network.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkConfigError {
    /// An image without values.
    #[error("network: input is {found}, expected at least one value along every axis")]
    EmptyInput {
        /// Shape found.
        found: ImageShape,
    },
    /// Encoder and decoder differ in length, or are empty.
    #[error(
        "network: {encoder} encoder and {decoder} decoder layers, expected the same number, at \
         least 1"
    )]
    LayerCount {
        /// Encoder layers found.
        encoder: usize,
        /// Decoder layers found.
        decoder: usize,
    },
    /// A layer with a zero in it.
    #[error(
        "network: {part} layer {index} has kernel {}, stride {}, {} channels, expected at least 1 \
         of each", layer.kernel, layer.stride, layer.channels
    )]
    EmptyLayer {
        /// `encoder` or `decoder`.
        part: &'static str,
        /// Position in the list, from 0.
        index: usize,
        /// The layer found.
        layer: LayerConfig,
    },
    /// A kernel that does not fit its input.
    #[error(
        "network: encoder layer {index} has kernel {kernel} on an input of {size} pixels, expected \
         a kernel that fits"
    )]
    KernelTooLarge {
        /// Position in the list, from 0.
        index: usize,
        /// Kernel found.
        kernel: usize,
        /// Size of its input.
        size: usize,
    },
    /// A decoder layer that can't undo its encoder layer.
    #[error(
        "network: decoder layer {index} (kernel {}, stride {}) can't make {target} pixels of \
         {size}, expected the size that its mirrored encoder layer started from",
        layer.kernel, layer.stride
    )]
    DecoderSize {
        /// Position in the list, from 0.
        index: usize,
        /// The layer found.
        layer: LayerConfig,
        /// Size of its input.
        size: usize,
        /// Size wanted.
        target: usize,
    },
    /// A last layer that does not make an image like the input.
    #[error(
        "network: the last decoder layer has {found} channels, expected {expected} as the input"
    )]
    OutputChannels {
        /// Channels found.
        found: usize,
        /// Channels of the input.
        expected: usize,
    },
    /// Items of another width than the queries.
    #[error(
        "network: memory items have width {found}, expected {expected} (features {features:?}, one \
         query per {query:?})"
    )]
    ItemDim {
        /// Width found.
        found: usize,
        /// Width of a query.
        expected: usize,
        /// Features, `[channels, height, width]`.
        features: [usize; 3],
        /// What one query is.
        query: QueryUnit,
    },
    /// The memory's own settings.
    #[error(transparent)]
    Memory(#[from] MemoryConfigError),
}

/// Settings of an [`ImageAutoencoder`]: a preset ([`mnist`](Self::mnist),
/// [`cifar10`](Self::cifar10)) or layer lists of your own.
///
/// # Example
///
/// ```
/// use burn::tensor::Device;
/// use memae_core::QueryUnit;
/// use memae_data::ImageShape;
/// use memae_models::network::{ImageAutoencoderConfig, LayerConfig, Variant};
///
/// # fn main() -> Result<(), memae_models::network::NetworkConfigError> {
/// let shape = ImageShape { channels: 3, height: 48, width: 64 };
/// let encoder = vec![LayerConfig::new(5, 2, 24), LayerConfig::new(3, 2, 48)];
/// let decoder = vec![LayerConfig::new(3, 2, 24), LayerConfig::new(5, 2, 3)];
/// let config = ImageAutoencoderConfig::new(shape, encoder, decoder)
///     .with_variant(Variant::MemAe, 200, QueryUnit::Position);
///
/// let model = config.try_init(&Device::flex())?;
/// assert_eq!(config.feature_dims()?, [48, 12, 16]);
/// # let _ = model;
/// # Ok(())
/// # }
/// ```
#[derive(Config, Debug, PartialEq)]
pub struct ImageAutoencoderConfig {
    /// Shape of one image.
    pub input: ImageShape,
    /// Encoder layers, first to last.
    pub encoder: Vec<LayerConfig>,
    /// Decoder layers, first to last; each undoes the encoder layer that it mirrors.
    pub decoder: Vec<LayerConfig>,
    /// Nonlinearity after every layer but the last. Default: ReLU.
    #[config(default = "Activation::Relu")]
    pub activation: Activation,
    /// What one query is. Default: the whole encoding.
    #[config(default = "QueryUnit::Encoding")]
    pub query: QueryUnit,
    /// The memory; without one this is a plain autoencoder. Default: none.
    #[config(default = "None")]
    pub memory: Option<MemoryModuleConfig>,
}

impl ImageAutoencoderConfig {
    /// Shape `[channels, height, width]` of the features between encoder and decoder.
    ///
    /// # Errors
    ///
    /// An encoder layer is empty or its kernel does not fit.
    pub fn feature_dims(&self) -> Result<[usize; 3], NetworkConfigError> {
        let sizes = self.encoder_sizes()?;
        let [height, width] = sizes[sizes.len() - 1];
        let channels = self
            .encoder
            .last()
            .map_or(self.input.channels, |layer| layer.channels);
        Ok([channels, height, width])
    }

    /// Checks every setting.
    ///
    /// # Errors
    ///
    /// The first setting that is out of range or does not fit the others.
    pub fn validate(&self) -> Result<(), NetworkConfigError> {
        self.output_paddings()?;
        let features = self.feature_dims()?;
        if let Some(memory) = &self.memory {
            memory.validate()?;
            // A file may claim sizes whose product no word holds.
            let expected = match self.query {
                QueryUnit::Encoding => features.into_iter().fold(1, usize::saturating_mul),
                QueryUnit::Position => features[0],
            };
            if memory.item_dim != expected {
                return Err(NetworkConfigError::ItemDim {
                    found: memory.item_dim,
                    expected,
                    features,
                    query: self.query,
                });
            }
        }
        Ok(())
    }

    /// Makes the network on `device`, with weights drawn from the device's generator.
    ///
    /// # Errors
    ///
    /// A setting is out of range or does not fit the others.
    pub fn try_init(&self, device: &Device) -> Result<ImageAutoencoder, NetworkConfigError> {
        self.validate()?;
        let output_paddings = self.output_paddings()?;
        let features = self.feature_dims()?;

        let mut channels = self.input.channels;
        let mut encoder = Vec::with_capacity(self.encoder.len());
        for layer in &self.encoder {
            encoder.push(EncoderLayer::init(layer, channels, self.activation, device));
            channels = layer.channels;
        }
        let last = self.decoder.len() - 1;
        let mut decoder = Vec::with_capacity(self.decoder.len());
        for (index, layer) in self.decoder.iter().enumerate() {
            let activation = (index < last).then_some(self.activation);
            let padding = output_paddings[index];
            decoder.push(DecoderLayer::init(
                layer, channels, padding, activation, device,
            ));
            channels = layer.channels;
        }
        let memory = match &self.memory {
            Some(memory) => Some(memory.try_init(device)?),
            None => None,
        };
        Ok(ImageAutoencoder {
            encoder,
            memory,
            decoder,
            query: self.query,
            input: [self.input.channels, self.input.height, self.input.width],
            features,
        })
    }

    /// Makes the network on `device`, with weights drawn from the device's generator.
    ///
    /// # Panics
    ///
    /// Panics if a setting is out of range; [`try_init`](Self::try_init) returns the error instead.
    pub fn init(&self, device: &Device) -> ImageAutoencoder {
        self.try_init(device)
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// Number of values learned: weights, biases, scales and shifts of batch norm, memory items.
    ///
    /// It saturates at `usize::MAX` for settings that no machine could hold.
    pub fn num_parameters(&self) -> usize {
        let mut channels = self.input.channels;
        let mut total: usize = 0;
        let layers = self.encoder.iter().chain(&self.decoder);
        let count = self.encoder.len() + self.decoder.len();
        for (index, layer) in layers.enumerate() {
            let weights = [channels, layer.channels, layer.kernel, layer.kernel]
                .into_iter()
                .fold(1, usize::saturating_mul);
            let per_channel = if index + 1 < count { 3 } else { 1 };
            total = total
                .saturating_add(weights)
                .saturating_add(layer.channels.saturating_mul(per_channel));
            channels = layer.channels;
        }
        let memory = self
            .memory
            .as_ref()
            .map_or(0, |memory| memory.num_items.saturating_mul(memory.item_dim));
        total.saturating_add(memory)
    }

    /// `[height, width]` before and after each encoder layer.
    fn encoder_sizes(&self) -> Result<Vec<[usize; 2]>, NetworkConfigError> {
        if self.input.is_empty() {
            return Err(NetworkConfigError::EmptyInput { found: self.input });
        }
        let mut sizes = vec![[self.input.height, self.input.width]];
        for (index, layer) in self.encoder.iter().enumerate() {
            check_layer("encoder", index, layer)?;
            let encode = |size| {
                layer
                    .encoded_size(size)
                    .ok_or(NetworkConfigError::KernelTooLarge {
                        index,
                        kernel: layer.kernel,
                        size,
                    })
            };
            let [height, width] = sizes[index];
            sizes.push([encode(height)?, encode(width)?]);
        }
        Ok(sizes)
    }

    /// Output padding `[height, width]` of each decoder layer.
    fn output_paddings(&self) -> Result<Vec<[usize; 2]>, NetworkConfigError> {
        let (encoder, decoder) = (self.encoder.len(), self.decoder.len());
        if encoder != decoder || encoder == 0 {
            return Err(NetworkConfigError::LayerCount { encoder, decoder });
        }
        let sizes = self.encoder_sizes()?;
        let mut paddings = Vec::with_capacity(decoder);
        for (index, layer) in self.decoder.iter().enumerate() {
            check_layer("decoder", index, layer)?;
            let (from, to) = (sizes[decoder - index], sizes[decoder - index - 1]);
            let padding = |size, target| {
                layer
                    .output_padding(size, target)
                    .ok_or(NetworkConfigError::DecoderSize {
                        index,
                        layer: *layer,
                        size,
                        target,
                    })
            };
            paddings.push([padding(from[0], to[0])?, padding(from[1], to[1])?]);
        }
        let found = self.decoder[decoder - 1].channels;
        if found != self.input.channels {
            return Err(NetworkConfigError::OutputChannels {
                found,
                expected: self.input.channels,
            });
        }
        Ok(paddings)
    }
}

fn check_layer(
    part: &'static str,
    index: usize,
    layer: &LayerConfig,
) -> Result<(), NetworkConfigError> {
    match layer.kernel.min(layer.stride).min(layer.channels) {
        0 => Err(NetworkConfigError::EmptyLayer {
            part,
            index,
            layer: *layer,
        }),
        _ => Ok(()),
    }
}
