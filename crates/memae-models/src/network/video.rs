use burn::config::Config;
use burn::nn::conv::{Conv3d, ConvTranspose3d};
use burn::tensor::Device;
use memae_core::addressing::{EmptyRow, Shrinkage, Similarity};
use memae_core::{MemoryModuleConfig, QueryUnit};
use memae_data::encode::VideoPreprocessing;
use memae_data::sample::ClipShape;
use serde::{Deserialize, Serialize};

use super::any_network::AutoencoderConfig;
use super::autoencoder::LayeredAutoencoder;
use super::error::NetworkConfigError;
use super::initial_weights::InitialWeights;
use super::layer_list::LayerLists;
use super::layers::{Activation, DecoderLayer, EncoderLayer, LayerShape};
use super::variant::Variant;

/// The network for clips, `[batch, channels, frames, height, width]`.
pub type VideoAutoencoder =
    LayeredAutoencoder<EncoderLayer<Conv3d>, DecoderLayer<ConvTranspose3d>, 5>;

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

/// Settings of a [`VideoAutoencoder`]: the paper's network ([`video`](Self::video)) or layer lists
/// of your own.
///
/// # Example
///
/// ```
/// use burn::tensor::Device;
/// use memae_core::QueryUnit;
/// use memae_data::sample::ClipShape;
/// use memae_models::network::{Variant, VideoAutoencoderConfig, VideoLayerConfig};
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
#[non_exhaustive]
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
    /// The paper's network for video: 16 grey frames of 256×256, N = 2000, one query for each of
    /// 2×16×16 positions, addressed as in the paper. For the settings of the authors' code add
    /// [`with_reference_settings`](Self::with_reference_settings), for small machines
    /// [`with_channels_scale`](Self::with_channels_scale) and
    /// [`with_frame_size`](Self::with_frame_size).
    ///
    /// ```
    /// use memae_models::network::{Variant, VideoAutoencoderConfig};
    ///
    /// let config = VideoAutoencoderConfig::video(Variant::MemAe);
    /// assert_eq!(config.feature_dims().unwrap(), [256, 2, 16, 16]);
    /// assert_eq!(config.num_parameters(), 6_492_801);
    /// ```
    pub fn video(variant: Variant) -> Self {
        let shape = ClipShape {
            channels: 1,
            frames: 16,
            height: 256,
            width: 256,
        };
        let layer = |stride, channels| VideoLayerConfig::new([3; 3], stride, channels);
        Self::new(
            shape,
            vec![
                layer([1, 2, 2], 96),
                layer([2; 3], 128),
                layer([2; 3], 256),
                layer([2; 3], 256),
            ],
            vec![
                layer([2; 3], 256),
                layer([2; 3], 128),
                layer([2; 3], 96),
                layer([1, 2, 2], 1),
            ],
        )
        .with_variant(variant, 2000, QueryUnit::Position)
    }

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
        let mut model: VideoAutoencoder =
            self.lists()
                .autoencoder(self.activation, self.memory.as_ref(), self.query, device)?;
        self.initial_weights
            .draw(&mut model.encoder, &mut model.decoder, device);
        Ok(model)
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

impl AutoencoderConfig for VideoAutoencoderConfig {
    type Network = VideoAutoencoder;
    type Shape = ClipShape;
    type Preprocessing = VideoPreprocessing;

    const KIND: &'static str = "video";

    fn input(&self) -> Self::Shape {
        self.input
    }

    fn memory(&self) -> Option<&MemoryModuleConfig> {
        self.memory.as_ref()
    }

    fn without_memory(&self) -> Self {
        self.clone().with_memory(None)
    }

    fn queries_per_sample(&self) -> Result<usize, NetworkConfigError> {
        let features = self.feature_dims()?;
        Ok(QueryUnit::Encoding.item_dim(&features) / self.query.item_dim(&features))
    }

    fn validate(&self) -> Result<(), NetworkConfigError> {
        self.validate()
    }

    fn try_init(&self, device: &Device) -> Result<VideoAutoencoder, NetworkConfigError> {
        self.try_init(device)
    }

    fn num_parameters(&self) -> usize {
        self.num_parameters()
    }
}
