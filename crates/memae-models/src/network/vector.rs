use burn::config::Config;
use burn::tensor::{Device, Tensor};
use memae_core::{MemoryModule, MemoryModuleConfig, QueryUnit};
use memae_data::encode::TablePreprocessing;
use memae_data::sample::VectorShape;
use serde::{Deserialize, Serialize};

use super::any_network::AutoencoderConfig;
use super::autoencoder::LayeredAutoencoder;
use super::column_masks::ColumnMasks;
use super::error::NetworkConfigError;
use super::layers::{Activation, DenseLayer};
use super::variant::Variant;

/// The network for vectors, `[batch, width]`.
pub type VectorAutoencoder = LayeredAutoencoder<DenseLayer, DenseLayer, 2>;

/// One fully connected layer of a layer list: how many values it makes, and what is done to them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VectorLayerConfig {
    /// Values that the layer makes, at least 1.
    pub width: usize,
    /// Nonlinearity at its end, if any.
    pub activation: Option<Activation>,
    /// Whether batch norm stands before the nonlinearity.
    pub batch_norm: bool,
}

impl VectorLayerConfig {
    /// A layer of this width, without nonlinearity and batch norm.
    pub fn new(width: usize) -> Self {
        Self {
            width,
            activation: None,
            batch_norm: false,
        }
    }

    /// Sets the nonlinearity.
    pub fn with_activation(mut self, activation: impl Into<Option<Activation>>) -> Self {
        self.activation = activation.into();
        self
    }

    /// Sets whether there is batch norm.
    pub fn with_batch_norm(mut self, batch_norm: bool) -> Self {
        self.batch_norm = batch_norm;
        self
    }
}

/// Settings of a [`VectorAutoencoder`]: a preset ([`kddcup99`](Self::kddcup99), [`masked_columns`](Self::masked_columns)), layer lists of your
/// own, or a memory without any ([`memory_alone`](Self::memory_alone)).
///
/// Each vector asks the memory one query, its whole encoding; with [masks](ColumnMasks) one for each of them.
///
/// # Example
///
/// ```
/// use burn::tensor::Device;
/// use memae_data::sample::VectorShape;
/// use memae_models::network::{Activation, Variant, VectorAutoencoderConfig, VectorLayerConfig};
///
/// # fn main() -> Result<(), memae_models::network::NetworkConfigError> {
/// let hidden = |width| VectorLayerConfig::new(width).with_activation(Activation::Relu);
/// let config = VectorAutoencoderConfig::new(
///     VectorShape { width: 29 },
///     vec![hidden(16), VectorLayerConfig::new(5)],
///     vec![hidden(16), VectorLayerConfig::new(29)],
/// )
/// .with_variant(Variant::MemAe, 50);
///
/// let model = config.try_init(&Device::flex())?;
/// assert_eq!(model.feature_dims(), [5]);
/// # Ok(())
/// # }
/// ```
#[derive(Config, Debug, PartialEq)]
#[non_exhaustive]
pub struct VectorAutoencoderConfig {
    /// Number of values in a vector.
    pub input: VectorShape,
    /// Encoder layers, first to last.
    pub encoder: Vec<VectorLayerConfig>,
    /// Decoder layers, first to last; the last makes vectors like the input.
    pub decoder: Vec<VectorLayerConfig>,
    /// The memory; without one this is a plain autoencoder. Default: none.
    #[config(default = "None")]
    pub memory: Option<MemoryModuleConfig>,
    /// Which columns are hidden together and rebuilt from the others; without masks rows are rebuilt from the whole of them.
    /// Default: none.
    #[config(default = "None")]
    pub masks: Option<ColumnMasks>,
}

impl VectorAutoencoderConfig {
    /// The paper's network for KDDCUP99, 120 values: 120-60-30-10-3 and back, tanh after every layer
    /// but the last of each list, N = 50.
    ///
    /// ```
    /// use memae_models::network::{Variant, VectorAutoencoderConfig};
    ///
    /// let config = VectorAutoencoderConfig::kddcup99(Variant::MemAe);
    /// assert_eq!(config.encoding_width(), 3);
    /// assert_eq!(config.memory.unwrap().num_items, 50);
    /// ```
    pub fn kddcup99(variant: Variant) -> Self {
        let layers = |widths: [usize; 4]| {
            let last = widths.len() - 1;
            let layer = |(index, width)| {
                let activation = (index < last).then_some(Activation::Tanh);
                VectorLayerConfig::new(width).with_activation(activation)
            };
            widths.into_iter().enumerate().map(layer).collect()
        };
        Self::new(
            VectorShape { width: 120 },
            layers([60, 30, 10, 3]),
            layers([10, 30, 60, 120]),
        )
        .with_variant(variant, 50)
    }

    /// A network for rows of tables whose columns are [hidden in turn](ColumnMasks): a hidden layer of the row's width (64 to 128
    /// values) with ReLU, an encoding of 32 values, and back.
    ///
    /// With masks nothing can be copied to the output, so that the encoding need not be narrow, nor the memory's weights sparse.
    ///
    /// ```
    /// use memae_models::network::{ColumnMasks, Variant, VectorAutoencoderConfig};
    ///
    /// # fn main() -> Result<(), memae_models::network::NetworkConfigError> {
    /// let masks = ColumnMasks::draw([0..1, 1..2, 2..5], 8, 0)?;
    /// let config = VectorAutoencoderConfig::masked_columns(masks, Variant::MemAeNonSparse, 100);
    /// assert_eq!((config.input.width, config.encoding_width()), (5, 32));
    /// # Ok(())
    /// # }
    /// ```
    pub fn masked_columns(masks: ColumnMasks, variant: Variant, num_items: usize) -> Self {
        const ENCODING: usize = 32;
        let input = VectorShape {
            width: masks.width(),
        };
        let hidden = VectorLayerConfig::new(input.width.clamp(64, 128));
        let hidden = hidden.with_activation(Activation::Relu);
        let around = |width| vec![hidden, VectorLayerConfig::new(width)];
        Self::new(input, around(ENCODING), around(input.width))
            .with_masks(Some(masks))
            .with_variant(variant, num_items)
    }

    /// A memory without encoder and decoder: each vector is a query as it is, and its reconstruction is what it reads, so that the
    /// reconstruction error is the squared distance between the two.
    ///
    /// With Euclidean similarity and [`Shrinkage::TopK`](memae_core::addressing::Shrinkage::TopK) that is the distance to the nearest
    /// items; `SampleMemoryConfig` of the module `train` makes them of samples.
    ///
    /// ```
    /// use burn::tensor::{Device, Tensor};
    /// use memae_core::MemoryModuleConfig;
    /// use memae_core::addressing::{Shrinkage, Similarity};
    /// use memae_data::sample::VectorShape;
    /// use memae_models::network::VectorAutoencoderConfig;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let memory = MemoryModuleConfig::new(2, 3)
    ///     .with_similarity(Similarity::Euclidean)
    ///     .with_shrinkage(Shrinkage::TopK(1));
    /// let config = VectorAutoencoderConfig::memory_alone(VectorShape { width: 3 }, memory);
    /// let device = Device::flex();
    /// let mut model = config.try_init(&device)?;
    /// let items = Tensor::from_floats([[0.0, 0.0, 1.0], [5.0, 5.0, 5.0]], &device);
    /// model.memory = model.memory.map(|memory| memory.with_items(items));
    ///
    /// let rebuilt = model.forward(Tensor::from_floats([[0.0, 0.5, 0.5]], &device)).reconstruction;
    /// assert_eq!(rebuilt.into_data().try_to_vec::<f32>().unwrap(), [0.0, 0.0, 1.0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn memory_alone(input: VectorShape, memory: MemoryModuleConfig) -> Self {
        Self::new(input, Vec::new(), Vec::new()).with_memory(Some(memory))
    }

    /// Whether this is a memory without encoder and decoder.
    pub fn is_memory_alone(&self) -> bool {
        self.memory.is_some() && self.encoder.is_empty() && self.decoder.is_empty()
    }

    /// This network in one of the three forms, with `num_items` items addressed as in the paper:
    /// cosine similarity, λ = 1/N (no shrinkage for [`Variant::MemAeNonSparse`]).
    pub fn with_variant(self, variant: Variant, num_items: usize) -> Self {
        let memory = variant.memory(num_items, self.encoding_width());
        self.with_memory(memory)
    }

    /// Width of the encoding: that of the input if a [memory is alone](Self::memory_alone); else 0 without encoder layers, which
    /// [`validate`](Self::validate) refuses.
    pub fn encoding_width(&self) -> usize {
        self.width_behind(&self.encoder)
    }

    fn width_behind(&self, layers: &[VectorLayerConfig]) -> usize {
        match layers.last() {
            Some(layer) => layer.width,
            None if self.is_memory_alone() => self.input.width,
            None => 0,
        }
    }

    /// Checks every setting.
    ///
    /// # Errors
    ///
    /// The first setting that is out of range or does not fit the others.
    pub fn validate(&self) -> Result<(), NetworkConfigError> {
        if self.input.width == 0 {
            return Err(NetworkConfigError::EmptyInput {
                found: self.input.to_string(),
            });
        }
        for (part, layers) in [("encoder", &self.encoder), ("decoder", &self.decoder)] {
            if layers.is_empty() && !self.is_memory_alone() {
                return Err(NetworkConfigError::NoLayers { part });
            }
            if let Some(index) = layers.iter().position(|layer| layer.width == 0) {
                return Err(NetworkConfigError::EmptyDenseLayer { part, index });
            }
        }
        let (found, expected) = (self.width_behind(&self.decoder), self.input.width);
        if found != expected {
            return Err(NetworkConfigError::OutputWidth { found, expected });
        }
        if let Some(masks) = &self.masks {
            masks.validate()?;
            if self.is_memory_alone() {
                return Err(NetworkConfigError::MasksOfMemory);
            }
            let (found, expected) = (masks.width(), self.input.width);
            if found != expected {
                return Err(NetworkConfigError::MaskWidth { found, expected });
            }
        }
        let Some(memory) = &self.memory else {
            return Ok(());
        };
        memory.validate()?;
        match memory.item_dim == self.encoding_width() {
            true => Ok(()),
            false => Err(NetworkConfigError::ItemDim {
                found: memory.item_dim,
                expected: self.encoding_width(),
                features: vec![self.encoding_width()],
                query: QueryUnit::Encoding,
            }),
        }
    }

    /// Makes the network on `device`, with weights drawn from the device's generator.
    ///
    /// # Errors
    ///
    /// A setting is out of range or does not fit the others.
    pub fn try_init(&self, device: &Device) -> Result<VectorAutoencoder, NetworkConfigError> {
        self.validate()?;
        let memory = match &self.memory {
            Some(memory) => Some(memory.try_init(device)?),
            None => None,
        };
        Ok(self.around(memory, device))
    }

    /// Makes the network with these items, `[num_items, item_dim]`, on their device; the weights of layers, if there are any, are
    /// drawn from its generator.
    ///
    /// # Errors
    ///
    /// A setting is out of range or does not fit the others, or the items; there is no memory.
    pub fn try_init_with_items(
        &self,
        items: Tensor<2>,
    ) -> Result<VectorAutoencoder, NetworkConfigError> {
        self.validate()?;
        let device = items.device();
        let memory = self.memory.as_ref().ok_or(NetworkConfigError::NoMemory)?;
        Ok(self.around(Some(memory.init_with_items(items)?), &device))
    }

    /// Values that the encoder is shown at once.
    fn shown_width(&self) -> usize {
        let masks = self.masks.as_ref();
        masks.map_or(self.input.width, ColumnMasks::shown_width)
    }

    fn around(&self, memory: Option<MemoryModule>, device: &Device) -> VectorAutoencoder {
        let encoding_width = self.encoding_width();
        LayeredAutoencoder {
            encoder: layers(&self.encoder, self.shown_width(), device),
            memory,
            decoder: layers(&self.decoder, encoding_width, device),
            masks: self.masks.clone(),
            query: QueryUnit::Encoding,
            input: vec![self.input.width],
            features: vec![encoding_width],
        }
    }

    /// Makes the network on `device`, with weights drawn from the device's generator.
    ///
    /// # Panics
    ///
    /// Panics if a setting is out of range; [`try_init`](Self::try_init) returns the error instead.
    pub fn init(&self, device: &Device) -> VectorAutoencoder {
        self.try_init(device)
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// Number of values learned: weights, biases, scales and shifts of batch norm, memory items.
    ///
    /// It saturates at `usize::MAX` for settings that no machine could hold.
    pub fn num_parameters(&self) -> usize {
        let mut width = self.shown_width();
        let mut total: usize = 0;
        for layer in self.encoder.iter().chain(&self.decoder) {
            let rows = width.saturating_add(if layer.batch_norm { 3 } else { 1 });
            total = total.saturating_add(rows.saturating_mul(layer.width));
            width = layer.width;
        }
        let items = self
            .memory
            .as_ref()
            .map_or(0, |memory| memory.num_items.saturating_mul(memory.item_dim));
        total.saturating_add(items)
    }
}

impl AutoencoderConfig for VectorAutoencoderConfig {
    type Network = VectorAutoencoder;
    type Shape = VectorShape;
    type Preprocessing = TablePreprocessing;

    const KIND: &'static str = "vector";

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
        Ok(self.masks.as_ref().map_or(1, ColumnMasks::len))
    }

    fn validate(&self) -> Result<(), NetworkConfigError> {
        self.validate()
    }

    fn try_init(&self, device: &Device) -> Result<VectorAutoencoder, NetworkConfigError> {
        self.try_init(device)
    }

    fn num_parameters(&self) -> usize {
        self.num_parameters()
    }
}

fn layers(list: &[VectorLayerConfig], width: usize, device: &Device) -> Vec<DenseLayer> {
    let inputs = std::iter::once(width).chain(list.iter().map(|layer| layer.width));
    list.iter()
        .zip(inputs)
        .map(|(layer, inputs)| {
            let VectorLayerConfig {
                width,
                activation,
                batch_norm,
            } = *layer;
            DenseLayer::new(inputs, width, batch_norm, activation, device)
        })
        .collect()
}
