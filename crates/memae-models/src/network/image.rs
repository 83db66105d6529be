use burn::module::Module;
use burn::tensor::{Tensor, assert_shape};
use memae_core::addressing::ReadStatistics;
use memae_core::{MemoryModule, QueryUnit};

use super::{DecoderLayer, EncoderLayer};

/// Encoder, memory (if there is one), decoder, for images.
///
/// ```text
/// z = encode(x),   ẑ = memory(z) or z,   x̂ = decode(ẑ)
/// ```
#[derive(Module, Debug)]
pub struct ImageAutoencoder {
    /// Encoder layers, first to last.
    pub encoder: Vec<EncoderLayer>,
    /// The memory; `None` for a plain autoencoder.
    pub memory: Option<MemoryModule>,
    /// Decoder layers, first to last.
    pub decoder: Vec<DecoderLayer>,
    #[module(skip)]
    pub(super) query: QueryUnit,
    /// `[channels, height, width]` of the images.
    #[module(skip)]
    pub(super) input: [usize; 3],
    /// `[channels, height, width]` of the features.
    #[module(skip)]
    pub(super) features: [usize; 3],
}

/// What an [`ImageAutoencoder`] gives back.
#[derive(Debug, Clone)]
pub struct AutoencoderOutput {
    /// The image rebuilt, `[batch, channels, height, width]`.
    pub reconstruction: Tensor<4>,
    /// What was asked of the memory and what it answered; `None` without a memory.
    pub memory: Option<MemoryRead>,
}

/// Queries of a batch and what they read.
#[derive(Debug, Clone)]
pub struct MemoryRead {
    /// The queries z, `[queries, item_dim]`.
    pub queries: Tensor<2>,
    /// The read ẑ, `[queries, item_dim]`.
    pub read: Tensor<2>,
    /// Entropy of the shrunk weights in nats, `[queries]`.
    pub entropy: Tensor<1>,
    /// How the items were read. The weights themselves come from
    /// [`MemoryModule::address`](memae_core::MemoryModule::address).
    pub statistics: ReadStatistics,
}

impl ImageAutoencoder {
    /// What one query is.
    pub fn query(&self) -> QueryUnit {
        self.query
    }

    /// Rebuilds images.
    ///
    /// # Shapes
    ///
    /// - `images`: `[batch, channels, height, width]`
    /// - reconstruction: the same
    ///
    /// # Panics
    ///
    /// Panics if the images have another shape than the configuration says.
    pub fn forward(&self, images: Tensor<4>) -> AutoencoderOutput {
        let features = self.encode(images);
        let [batch, ..] = features.dims();
        let Some(memory) = &self.memory else {
            return AutoencoderOutput {
                reconstruction: self.decode(features),
                memory: None,
            };
        };
        let queries = self.query.to_queries(features);
        let output = memory.forward(queries.clone());
        let features = self.to_features(output.read.clone(), batch);
        AutoencoderOutput {
            reconstruction: self.decode(features),
            memory: Some(MemoryRead {
                queries,
                read: output.read,
                entropy: output.entropy,
                statistics: output.statistics,
            }),
        }
    }

    /// Encodes images.
    ///
    /// # Shapes
    ///
    /// - `images`: `[batch, channels, height, width]`
    /// - output: `[batch, …]` followed by [`feature_dims`](super::ImageAutoencoderConfig::feature_dims)
    ///
    /// # Panics
    ///
    /// Panics if the images have another shape than the configuration says.
    pub fn encode(&self, images: Tensor<4>) -> Tensor<4> {
        let [channels, height, width] = self.input;
        assert_shape!(images, [_, channels, height, width]);
        let mut features = images;
        for layer in &self.encoder {
            features = layer.forward(features);
        }
        features
    }

    /// Decodes features.
    ///
    /// # Shapes
    ///
    /// - `features`: `[batch, channels, height, width]`, as [`encode`](Self::encode) gives them
    /// - output: `[batch, channels, height, width]` of images
    ///
    /// # Panics
    ///
    /// Panics if the features have another shape.
    pub fn decode(&self, features: Tensor<4>) -> Tensor<4> {
        let [channels, height, width] = self.features;
        assert_shape!(features, [_, channels, height, width]);
        let mut images = features;
        for layer in &self.decoder {
            images = layer.forward(images);
        }
        images
    }

    /// Decodes memory items alone, each as if it were all that was read; an item of one position
    /// is put at every position.
    ///
    /// # Shapes
    ///
    /// - `items`: `[items, item_dim]`
    /// - output: `[items, channels, height, width]`
    ///
    /// # Panics
    ///
    /// Panics if the items don't have the width of a query.
    pub fn decode_items(&self, items: Tensor<2>) -> Tensor<4> {
        let [num_items, _] = items.dims();
        let [channels, height, width] = self.features;
        self.decode(match self.query {
            QueryUnit::Encoding => self.to_features(items, num_items),
            QueryUnit::Position => items
                .reshape([num_items, channels, 1, 1])
                .expand([num_items, channels, height, width]),
        })
    }

    /// Lays queries, or what they read, out as features of `batch` images again.
    ///
    /// # Shapes
    ///
    /// - `queries`: `[queries, item_dim]`
    /// - output: `[batch, channels, height, width]`, as [`decode`](Self::decode) takes them
    ///
    /// # Panics
    ///
    /// Panics if the number of values is not that of `batch` images.
    pub fn to_features(&self, queries: Tensor<2>, batch: usize) -> Tensor<4> {
        let [channels, height, width] = self.features;
        self.query
            .to_features(queries, [batch, channels, height, width])
    }
}
