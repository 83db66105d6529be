use std::fmt;

use burn::config::Config;
use burn::module::{Content, DisplaySettings, Module, ModuleDisplay};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig};
use burn::tensor::{Device, Tensor};
use memae_core::{MemoryModuleConfig, QueryUnit};
use serde::{Deserialize, Serialize};

use super::{Activation, Layer, LayeredAutoencoder, NetworkConfigError};

/// The network for vectors, `[batch, width]`.
pub type VectorAutoencoder = LayeredAutoencoder<DenseLayer, DenseLayer, 2>;

/// Number of values in a vector.
///
/// Written as `120`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct VectorShape {
    /// Values in one vector.
    pub width: usize,
}

impl fmt::Display for VectorShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.width)
    }
}

/// One fully connected layer of a layer list: how many values it makes, and what is done to them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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

/// Settings of a [`VectorAutoencoder`]: a preset ([`kddcup99`](Self::kddcup99)) or layer lists of your
/// own.
///
/// Each vector asks the memory one query, its whole encoding.
///
/// # Example
///
/// ```
/// use burn::tensor::Device;
/// use memae_models::network::{
///     Activation, Variant, VectorAutoencoderConfig, VectorLayerConfig, VectorShape,
/// };
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
}

impl VectorAutoencoderConfig {
    /// Width of the encoding; 0 without encoder layers, which [`validate`](Self::validate) refuses.
    pub fn encoding_width(&self) -> usize {
        self.encoder.last().map_or(0, |layer| layer.width)
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
            if layers.is_empty() {
                return Err(NetworkConfigError::NoLayers { part });
            }
            if let Some(index) = layers.iter().position(|layer| layer.width == 0) {
                return Err(NetworkConfigError::EmptyDenseLayer { part, index });
            }
        }
        let (found, expected) = (self.output_width(), self.input.width);
        if found != expected {
            return Err(NetworkConfigError::OutputWidth { found, expected });
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
        let encoding_width = self.encoding_width();
        let memory = match &self.memory {
            Some(memory) => Some(memory.try_init(device)?),
            None => None,
        };
        Ok(LayeredAutoencoder {
            encoder: layers(&self.encoder, self.input.width, device),
            memory,
            decoder: layers(&self.decoder, encoding_width, device),
            query: QueryUnit::Encoding,
            input: vec![self.input.width],
            features: vec![encoding_width],
        })
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
        let mut width = self.input.width;
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

    fn output_width(&self) -> usize {
        self.decoder.last().map_or(0, |layer| layer.width)
    }
}

fn layers(list: &[VectorLayerConfig], width: usize, device: &Device) -> Vec<DenseLayer> {
    let inputs = std::iter::once(width).chain(list.iter().map(|layer| layer.width));
    list.iter()
        .zip(inputs)
        .map(|(layer, width)| DenseLayer::new(layer, width, device))
        .collect()
}

/// Linear map, then batch norm and activation where the layer has them.
#[derive(Module, Debug)]
#[module(custom_display)]
pub struct DenseLayer {
    /// The linear map.
    pub linear: Linear,
    /// Batch norm over its output.
    pub norm: Option<BatchNorm>,
    /// Training batches that the running statistics of `norm` come from, where that is known.
    /// Nothing is computed with it; files of PyTorch hold it.
    #[module(skip)]
    pub batches_tracked: Option<i64>,
    #[module(skip)]
    activation: Option<Activation>,
}

impl DenseLayer {
    fn new(layer: &VectorLayerConfig, width: usize, device: &Device) -> Self {
        let norm = layer.batch_norm.then(|| BatchNormConfig::new(layer.width));
        Self {
            linear: LinearConfig::new(width, layer.width).init(device),
            batches_tracked: norm.as_ref().map(|_| 0),
            norm: norm.map(|norm| norm.init(device)),
            activation: layer.activation,
        }
    }
}

impl Layer<2> for DenseLayer {
    fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        let mut output = self.linear.forward(input);
        if let Some(norm) = &self.norm {
            output = norm.forward(output);
        }
        match &self.activation {
            Some(activation) => activation.forward(output),
            None => output,
        }
    }

    fn count_batch(&mut self) {
        self.batches_tracked = self.batches_tracked.map(|count| count.saturating_add(1));
    }
}

impl ModuleDisplay for DenseLayer {
    fn custom_settings(&self) -> Option<DisplaySettings> {
        None
    }

    fn custom_content(&self, content: Content) -> Option<Content> {
        content
            .add("linear", &self.linear)
            .add("norm", &self.norm)
            .add_debug_attribute("activation", &self.activation)
            .optional()
    }
}
