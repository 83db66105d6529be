use std::fmt;

use burn::config::Config;
use burn::nn::Initializer;
use burn::nn::conv::{Conv3d, ConvTranspose3d};
use burn::tensor::Device;
use memae_core::addressing::{EmptyRow, Shrinkage, Similarity};
use memae_core::{MemoryModuleConfig, QueryUnit};
use serde::{Deserialize, Serialize};

use super::layer_list::{LayerLists, LayerShape};
use super::{
    Activation, DecoderLayer, EncoderLayer, LayeredAutoencoder, NetworkConfigError, Variant,
};

/// The network for clips, `[batch, channels, frames, height, width]`.
pub type VideoAutoencoder =
    LayeredAutoencoder<EncoderLayer<Conv3d>, DecoderLayer<ConvTranspose3d>, 5>;

/// Channels, frames, height and width of a clip.
///
/// Written as `1x16x256x256`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ClipShape {
    /// Channels: 1 for grey, 3 for colour.
    pub channels: usize,
    /// Frames in a clip.
    pub frames: usize,
    /// Rows of pixels.
    pub height: usize,
    /// Pixels in a row.
    pub width: usize,
}

impl ClipShape {
    /// Values in one clip; `usize::MAX` where the product is larger.
    pub fn len(self) -> usize {
        [self.channels, self.frames, self.height, self.width]
            .into_iter()
            .fold(1, usize::saturating_mul)
    }

    /// Whether a clip of this shape has no values.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

impl fmt::Display for ClipShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            channels,
            frames,
            height,
            width,
        } = self;
        write!(f, "{channels}x{frames}x{height}x{width}")
    }
}

/// One layer of a layer list for clips.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct VideoLayerConfig {
    /// Kernel in frames, rows and columns, at least 1 each; odd kernels keep positions centred.
    pub kernel: [usize; 3],
    /// Stride in frames, rows and columns, at least 1 each: an encoder layer divides the sizes by
    /// it, a decoder layer multiplies by it.
    pub stride: [usize; 3],
    /// Output channels, at least 1.
    pub channels: usize,
}

impl VideoLayerConfig {
    /// A layer with this kernel and stride, `[time, height, width]` each, and number of output
    /// channels.
    pub fn new(kernel: [usize; 3], stride: [usize; 3], channels: usize) -> Self {
        Self {
            kernel,
            stride,
            channels,
        }
    }
}

impl LayerShape<3> for VideoLayerConfig {
    fn kernel(&self) -> [usize; 3] {
        self.kernel
    }

    fn stride(&self) -> [usize; 3] {
        self.stride
    }

    fn channels(&self) -> usize {
        self.channels
    }
}

/// Where weights start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum InitialWeights {
    /// U(±1/√n) for a convolution that sums n values, the default of Burn and PyTorch.
    Uniform,
    /// As in the code published by the paper's authors: weights of convolutions N(0, 0.02), weights
    /// of batch norm N(1, 0.02) and their biases 0; biases of convolutions as in `Uniform`.
    Reference,
}

/// Settings of a [`VideoAutoencoder`]: the paper's network ([`video`](Self::video)) or layer lists
/// of your own.
///
/// # Example
///
/// ```
/// use burn::tensor::Device;
/// use memae_core::QueryUnit;
/// use memae_models::network::{ClipShape, Variant, VideoAutoencoderConfig, VideoLayerConfig};
///
/// # fn main() -> Result<(), memae_models::network::NetworkConfigError> {
/// let layer = VideoLayerConfig::new;
/// let clip = ClipShape { channels: 3, frames: 8, height: 48, width: 64 };
/// let encoder = vec![layer([3, 5, 5], [1, 2, 2], 12), layer([3; 3], [2; 3], 24)];
/// let decoder = vec![layer([3; 3], [2; 3], 12), layer([3, 5, 5], [1, 2, 2], 3)];
/// let config = VideoAutoencoderConfig::new(clip, encoder, decoder)
///     .with_variant(Variant::MemAe, 200, QueryUnit::Position);
///
/// let model = config.try_init(&Device::flex())?;
/// assert_eq!(config.feature_dims()?, [24, 4, 12, 16]);
/// # let _ = model;
/// # Ok(())
/// # }
/// ```
#[derive(Config, Debug, PartialEq)]
pub struct VideoAutoencoderConfig {
    /// Shape of one clip.
    pub input: ClipShape,
    /// Encoder layers, first to last.
    pub encoder: Vec<VideoLayerConfig>,
    /// Decoder layers, first to last; each undoes the encoder layer that it mirrors.
    pub decoder: Vec<VideoLayerConfig>,
    /// Nonlinearity after every layer but the last. Default: LeakyReLU with slope 0.2.
    #[config(default = "Activation::LeakyRelu { slope: 0.2 }")]
    pub activation: Activation,
    /// Where weights start. Default: uniform.
    #[config(default = "InitialWeights::Uniform")]
    pub initial_weights: InitialWeights,
    /// What one query is. Default: the features at one position of space and time.
    #[config(default = "QueryUnit::Position")]
    pub query: QueryUnit,
    /// The memory; without one this is a plain autoencoder. Default: none.
    #[config(default = "None")]
    pub memory: Option<MemoryModuleConfig>,
}

impl VideoAutoencoderConfig {
    /// Shape `[channels, frames, height, width]` of the features between encoder and decoder.
    ///
    /// # Errors
    ///
    /// An encoder layer is empty or its kernel does not fit.
    pub fn feature_dims(&self) -> Result<[usize; 4], NetworkConfigError> {
        let (channels, [frames, height, width]) = self.lists().features()?;
        Ok([channels, frames, height, width])
    }

    /// Checks every setting.
    ///
    /// # Errors
    ///
    /// The first setting that is out of range or does not fit the others.
    pub fn validate(&self) -> Result<(), NetworkConfigError> {
        self.lists().validate(self.memory.as_ref(), self.query)
    }

    /// Makes the network on `device`, with weights drawn from the device's generator.
    ///
    /// # Errors
    ///
    /// A setting is out of range or does not fit the others.
    pub fn try_init(&self, device: &Device) -> Result<VideoAutoencoder, NetworkConfigError> {
        let model: VideoAutoencoder =
            self.lists()
                .autoencoder(self.activation, self.memory.as_ref(), self.query, device)?;
        Ok(match self.initial_weights {
            InitialWeights::Uniform => model,
            InitialWeights::Reference => with_reference_weights(model, device),
        })
    }

    /// Makes the network on `device`, with weights drawn from the device's generator.
    ///
    /// # Panics
    ///
    /// Panics if a setting is out of range; [`try_init`](Self::try_init) returns the error instead.
    pub fn init(&self, device: &Device) -> VideoAutoencoder {
        self.try_init(device)
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// Number of values learned: weights, biases, scales and shifts of batch norm, memory items.
    ///
    /// It saturates at `usize::MAX` for settings that no machine could hold.
    pub fn num_parameters(&self) -> usize {
        self.lists().num_parameters(self.memory.as_ref())
    }

    /// This network in one of the three forms, with `num_items` items addressed as in the paper:
    /// cosine similarity, λ = 1/N (no shrinkage for [`Variant::MemAeNonSparse`]).
    ///
    /// # Panics
    ///
    /// Panics if the layer lists don't fit the input; see
    /// [`feature_dims`](Self::feature_dims) for the error.
    pub fn with_variant(self, variant: Variant, num_items: usize, query: QueryUnit) -> Self {
        let dims = self
            .feature_dims()
            .unwrap_or_else(|error| panic!("{error}"));
        let memory = variant.memory(num_items, query.item_dim(&dims));
        self.with_memory(memory).with_query(query)
    }

    /// This network, which has a memory, in one of the three forms, with the memory's settings as they are: without
    /// the memory, with its shrinkage off, or as it is.
    ///
    /// ```
    /// use memae_models::network::{Variant, VideoAutoencoderConfig};
    ///
    /// let config = VideoAutoencoderConfig::video(Variant::MemAe);
    /// assert_eq!(config.clone().in_form(Variant::Ae).memory, None);
    /// assert_eq!(config.clone().in_form(Variant::MemAe), config);
    /// ```
    pub fn in_form(self, variant: Variant) -> Self {
        let memory = self.memory.clone();
        self.with_memory(match variant {
            Variant::Ae => None,
            Variant::MemAeNonSparse => memory.map(|memory| memory.with_shrinkage(Shrinkage::Off)),
            Variant::MemAe => memory,
        })
    }

    /// This network as in the code published by the paper's authors: dot product, λ = 0.0025
    /// whatever the number of items (5/N with their 2000), an empty row reads zeros, and their
    /// [`InitialWeights`]. Shrinkage that is off stays off.
    ///
    /// ```
    /// use memae_core::addressing::{Shrinkage, Similarity};
    /// use memae_models::network::{Variant, VideoAutoencoderConfig};
    ///
    /// let config = VideoAutoencoderConfig::video(Variant::MemAe).with_reference_settings();
    /// let memory = config.memory.unwrap();
    /// assert_eq!(memory.similarity, Similarity::Dot);
    /// assert_eq!(memory.shrinkage, Shrinkage::absolute(0.0025));
    /// ```
    pub fn with_reference_settings(self) -> Self {
        let memory = self.memory.clone().map(|memory| {
            let shrinkage = match memory.shrinkage {
                Shrinkage::Hard(_) => Shrinkage::absolute(0.0025),
                other => other,
            };
            memory
                .with_similarity(Similarity::Dot)
                .with_shrinkage(shrinkage)
                .with_empty_row(EmptyRow::Zeros)
        });
        self.with_memory(memory)
            .with_initial_weights(InitialWeights::Reference)
    }

    /// This network for frames of another size; memory items get the width that they then need.
    ///
    /// ```
    /// use memae_models::network::{Variant, VideoAutoencoderConfig};
    ///
    /// let small = VideoAutoencoderConfig::video(Variant::MemAe).with_frame_size(64, 96);
    /// assert_eq!(small.feature_dims().unwrap(), [256, 2, 4, 6]);
    /// ```
    pub fn with_frame_size(mut self, height: usize, width: usize) -> Self {
        self.input.height = height;
        self.input.width = width;
        self.with_fitting_items()
    }

    /// This network without its innermost layers: the first `depth` layers of the encoder and as many of
    /// the decoder, the last ones. Each layer less leaves more positions between them, which small frames
    /// need. Memory items get the width that they then need.
    ///
    /// ```
    /// use memae_models::network::{Variant, VideoAutoencoderConfig};
    ///
    /// let config = VideoAutoencoderConfig::video(Variant::MemAe)
    ///     .with_frame_size(64, 64)
    ///     .with_depth(3);
    /// assert_eq!(config.feature_dims().unwrap(), [256, 4, 8, 8]);
    /// let channels: Vec<usize> = config.decoder.iter().map(|layer| layer.channels).collect();
    /// assert_eq!(channels, [128, 96, 1]);
    /// ```
    ///
    /// A depth of 0 leaves no layers, which [`validate`](Self::validate) refuses; one that is larger than
    /// the network's changes nothing.
    pub fn with_depth(mut self, depth: usize) -> Self {
        self.encoder.truncate(depth);
        let surplus = self.decoder.len().saturating_sub(depth);
        self.decoder.drain(..surplus);
        self.with_fitting_items()
    }

    /// This network for frames of another number of channels: 1 for grey, 3 for colour.
    ///
    /// ```
    /// use memae_models::network::{Variant, VideoAutoencoderConfig};
    ///
    /// let colour = VideoAutoencoderConfig::video(Variant::MemAe).with_channels(3);
    /// assert_eq!(colour.input.to_string(), "3x16x256x256");
    /// assert_eq!(colour.decoder.last().unwrap().channels, 3);
    /// ```
    pub fn with_channels(mut self, channels: usize) -> Self {
        self.input.channels = channels;
        if let Some(last) = self.decoder.last_mut() {
            last.channels = channels;
        }
        self.with_fitting_items()
    }

    /// This network with another number of channels in every layer but the last, which makes those
    /// of the input: the present number times `scale`, rounded, at least 1. Memory items get the
    /// width that they then need.
    ///
    /// ```
    /// use memae_models::network::{Variant, VideoAutoencoderConfig};
    ///
    /// let config = VideoAutoencoderConfig::video(Variant::MemAe).with_channels_scale(0.25)?;
    /// let channels: Vec<usize> = config.encoder.iter().map(|layer| layer.channels).collect();
    /// assert_eq!(channels, [24, 32, 64, 64]);
    /// assert_eq!(config.memory.unwrap().item_dim, 64);
    /// # Ok::<(), memae_models::network::NetworkConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A scale that is not finite and above 0.
    pub fn with_channels_scale(mut self, scale: f64) -> Result<Self, NetworkConfigError> {
        if !(scale.is_finite() && scale > 0.0) {
            return Err(NetworkConfigError::ChannelsScale { found: scale });
        }
        let last = self.decoder.len().saturating_sub(1);
        let inner = self.decoder.iter_mut().take(last);
        for layer in self.encoder.iter_mut().chain(inner) {
            layer.channels = ((layer.channels as f64 * scale).round() as usize).max(1);
        }
        Ok(self.with_fitting_items())
    }

    /// Lists that don't fit the input leave the items as they are; [`validate`](Self::validate)
    /// tells.
    fn with_fitting_items(mut self) -> Self {
        let query = self.query;
        if let Ok(dims) = self.feature_dims()
            && let Some(memory) = &mut self.memory
        {
            memory.item_dim = query.item_dim(&dims);
        }
        self
    }

    fn lists(&self) -> LayerLists<'_, VideoLayerConfig, 3> {
        LayerLists {
            channels: self.input.channels,
            size: [self.input.frames, self.input.height, self.input.width],
            units: ["frames", "pixels", "pixels"],
            encoder: &self.encoder,
            decoder: &self.decoder,
        }
    }
}

/// The network with weights drawn as in [`InitialWeights::Reference`].
fn with_reference_weights(mut model: VideoAutoencoder, device: &Device) -> VideoAutoencoder {
    let normal = |mean| Initializer::Normal { mean, std: 0.02 };
    for EncoderLayer { conv, norm, .. } in &mut model.encoder {
        conv.weight = normal(0.0).init(conv.weight.lazy_shape(), device);
        norm.gamma = normal(1.0).init(norm.gamma.lazy_shape(), device);
    }
    for DecoderLayer { conv, norm, .. } in &mut model.decoder {
        conv.weight = normal(0.0).init(conv.weight.lazy_shape(), device);
        if let Some(norm) = norm {
            norm.gamma = normal(1.0).init(norm.gamma.lazy_shape(), device);
        }
    }
    model
}
