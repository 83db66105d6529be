use memae_core::addressing::Shrinkage;
use memae_core::loss::MemAeLossConfig;
use memae_core::{MemoryModuleConfig, QueryUnit};
use memae_data::sample::ImageShape;
use serde::{Deserialize, Serialize};

use super::{
    Activation, ClipShape, ImageAutoencoderConfig, LayerConfig, VectorAutoencoderConfig,
    VectorLayerConfig, VectorShape, VideoAutoencoderConfig, VideoLayerConfig,
};

/// The three forms of a network that the paper compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Variant {
    /// Autoencoder without memory.
    Ae,
    /// Memory without shrinkage and without entropy loss (`MemAE-nonSpar`).
    MemAeNonSparse,
    /// Memory with shrinkage and entropy loss.
    MemAe,
}

impl Variant {
    /// The name in the paper's tables.
    pub fn name(self) -> &'static str {
        match self {
            Variant::Ae => "AE",
            Variant::MemAeNonSparse => "MemAE-nonSpar",
            Variant::MemAe => "MemAE",
        }
    }

    /// The memory of this form, addressed as in the paper: cosine similarity, λ = 1/N.
    pub(super) fn memory(self, num_items: usize, item_dim: usize) -> Option<MemoryModuleConfig> {
        let memory = MemoryModuleConfig::new(num_items, item_dim);
        match self {
            Variant::Ae => None,
            Variant::MemAeNonSparse => Some(memory.with_shrinkage(Shrinkage::Off)),
            Variant::MemAe => Some(memory),
        }
    }

    /// The loss that this form is trained on: `loss`, without entropy where the form has none.
    pub fn loss(self, loss: MemAeLossConfig) -> MemAeLossConfig {
        match self {
            Variant::MemAe => loss,
            Variant::Ae | Variant::MemAeNonSparse => loss.with_entropy_weight(0.0),
        }
    }
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

    /// This network in one of the three forms, with `num_items` items addressed as in the paper:
    /// cosine similarity, λ = 1/N (no shrinkage for [`Variant::MemAeNonSparse`]).
    pub fn with_variant(self, variant: Variant, num_items: usize) -> Self {
        let memory = variant.memory(num_items, self.encoding_width());
        self.with_memory(memory)
    }
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
}

fn layers<const L: usize>(list: [(usize, usize, usize); L]) -> Vec<LayerConfig> {
    list.into_iter()
        .map(|(kernel, stride, channels)| LayerConfig::new(kernel, stride, channels))
        .collect()
}
