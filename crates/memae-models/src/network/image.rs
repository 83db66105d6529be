use burn::config::Config;
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::tensor::Device;
use memae_core::addressing::Shrinkage;
use memae_core::{MemoryModuleConfig, QueryUnit};
use memae_data::sample::{ImagePreprocessing, ImageShape};
use serde::{Deserialize, Serialize};

use super::any_network::AutoencoderConfig;
use super::autoencoder::LayeredAutoencoder;
use super::error::NetworkConfigError;
use super::layer_list::LayerLists;
use super::layers::{Activation, DecoderLayer, EncoderLayer, LayerShape};
use super::variant::Variant;

/// The network for images, `[batch, channels, height, width]`.
pub type ImageAutoencoder =
    LayeredAutoencoder<EncoderLayer<Conv2d>, DecoderLayer<ConvTranspose2d>, 4>;

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
}

impl LayerShape<2> for LayerConfig {
    fn kernel(&self) -> [usize; 2] {
        [self.kernel; 2]
    }

    fn stride(&self) -> [usize; 2] {
        [self.stride; 2]
    }

    fn channels(&self) -> usize {
        self.channels
    }
}

/// Settings of an [`ImageAutoencoder`]: a preset ([`mnist`](Self::mnist),
/// [`cifar10`](Self::cifar10)) or layer lists of your own.
///
/// # Example
///
/// ```
/// use burn::tensor::Device;
/// use memae_core::QueryUnit;
/// use memae_data::sample::ImageShape;
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
#[non_exhaustive]
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
    /// The paper's network for MNIST: 1×28×28, N = 100, the whole encoding (1024 values) is one
    /// query.
    ///
    /// ```
    /// use memae_models::network::{ImageAutoencoderConfig, Variant};
    ///
    /// let config = ImageAutoencoderConfig::mnist(Variant::MemAe);
    /// assert_eq!(config.feature_dims().unwrap(), [64, 4, 4]);
    /// assert_eq!(config.memory.unwrap().item_dim, 1024);
    /// ```
    pub fn mnist(variant: Variant) -> Self {
        let shape = ImageShape {
            channels: 1,
            height: 28,
            width: 28,
        };
        Self::new(
            shape,
            layers([(1, 2, 16), (3, 2, 32), (3, 2, 64)]),
            layers([(3, 2, 64), (3, 2, 32), (3, 2, 1)]),
        )
        .with_variant(variant, 100, QueryUnit::Encoding)
    }

    /// The paper's network for MNIST with items one can look at: τ = 0.05 and λ = 3/N, so that each
    /// query reads few of them. Meant for
    /// [`TrainConfig::prototypes`](crate::train::TrainConfig::prototypes).
    pub fn mnist_prototypes() -> Self {
        let config = Self::mnist(Variant::MemAe);
        let memory = config.memory.clone().map(|memory| {
            memory
                .with_temperature(0.05)
                .with_shrinkage(Shrinkage::relative(3.0))
        });
        config.with_memory(memory)
    }

    /// The paper's network for CIFAR-10: 3×32×32, N = 500, the whole encoding (1024 values) is one
    /// query.
    ///
    /// ```
    /// use memae_models::network::{ImageAutoencoderConfig, Variant};
    ///
    /// let config = ImageAutoencoderConfig::cifar10(Variant::Ae);
    /// assert_eq!(config.feature_dims().unwrap(), [256, 2, 2]);
    /// assert!(config.memory.is_none());
    /// ```
    pub fn cifar10(variant: Variant) -> Self {
        let shape = ImageShape {
            channels: 3,
            height: 32,
            width: 32,
        };
        Self::new(
            shape,
            layers([(3, 2, 64), (3, 2, 128), (3, 2, 128), (3, 2, 256)]),
            layers([(3, 2, 256), (3, 2, 128), (3, 2, 128), (3, 2, 3)]),
        )
        .with_variant(variant, 500, QueryUnit::Encoding)
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

    /// Shape `[channels, height, width]` of the features between encoder and decoder.
    ///
    /// # Errors
    ///
    /// An encoder layer is empty or its kernel does not fit.
    pub fn feature_dims(&self) -> Result<[usize; 3], NetworkConfigError> {
        let (channels, [height, width]) = self.lists().features()?;
        Ok([channels, height, width])
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
    pub fn try_init(&self, device: &Device) -> Result<ImageAutoencoder, NetworkConfigError> {
        self.lists()
            .autoencoder(self.activation, self.memory.as_ref(), self.query, device)
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
        self.lists().num_parameters(self.memory.as_ref())
    }

    fn lists(&self) -> LayerLists<'_, LayerConfig, 2> {
        LayerLists {
            channels: self.input.channels,
            size: [self.input.height, self.input.width],
            units: ["pixels"; 2],
            encoder: &self.encoder,
            decoder: &self.decoder,
        }
    }
}

impl AutoencoderConfig for ImageAutoencoderConfig {
    type Network = ImageAutoencoder;
    type Shape = ImageShape;
    type Preprocessing = ImagePreprocessing;

    const KIND: &'static str = "image";

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

    fn try_init(&self, device: &Device) -> Result<ImageAutoencoder, NetworkConfigError> {
        self.try_init(device)
    }

    fn num_parameters(&self) -> usize {
        self.num_parameters()
    }
}

/// Layers from (kernel, stride, channels), as the paper writes them.
fn layers<const L: usize>(list: [(usize, usize, usize); L]) -> Vec<LayerConfig> {
    list.into_iter()
        .map(|(kernel, stride, channels)| LayerConfig::new(kernel, stride, channels))
        .collect()
}
