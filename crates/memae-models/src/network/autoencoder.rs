use burn::module::Module;
use burn::tensor::Tensor;
use memae_core::{MemoryModule, MemoryOutput, QueryUnit};

use super::column_masks::ColumnMasks;

use super::layers::Layer;

/// Encoder, memory (if there is one), decoder, from layers `E` and `D` over tensors of rank `R`:
/// an [`ImageAutoencoder`](super::ImageAutoencoder), a [`VideoAutoencoder`](super::VideoAutoencoder)
/// or a [`VectorAutoencoder`](super::VectorAutoencoder).
///
/// ```text
/// z = encode(x),   ẑ = memory(z) or z,   x̂ = decode(ẑ)
/// ```
#[derive(Module, Debug)]
pub struct LayeredAutoencoder<E, D, const R: usize> {
    /// Encoder layers, first to last.
    pub encoder: Vec<E>,
    /// The memory; `None` for a plain autoencoder.
    pub memory: Option<MemoryModule>,
    /// Decoder layers, first to last.
    pub decoder: Vec<D>,
    #[module(skip)]
    pub(super) masks: Option<ColumnMasks>,
    #[module(skip)]
    pub(super) query: QueryUnit,
    /// Shape of one sample, without the batch axis.
    #[module(skip)]
    pub(super) input: Vec<usize>,
    /// Shape of the features of one sample, without the batch axis.
    #[module(skip)]
    pub(super) features: Vec<usize>,
}

/// What an autoencoder gives back.
#[derive(Debug, Clone)]
pub struct AutoencoderOutput<const R: usize = 4> {
    /// The batch rebuilt, in the shape of the input.
    pub reconstruction: Tensor<R>,
    /// What was asked of the memory and what it answered; `None` without a memory.
    pub memory: Option<MemoryOutput<2>>,
}

impl<E: Layer<R>, D: Layer<R>, const R: usize> LayeredAutoencoder<E, D, R> {
    /// What one query is.
    pub fn query(&self) -> QueryUnit {
        self.query
    }

    /// Shape of one sample, `[channels, …]`.
    pub fn input_dims(&self) -> &[usize] {
        &self.input
    }

    /// Shape of the features of one sample, `[channels, …]`.
    pub fn feature_dims(&self) -> &[usize] {
        &self.features
    }

    /// Rebuilds samples.
    ///
    /// # Shapes
    ///
    /// - `samples`: `[batch, channels, height, width]` of images,
    ///   `[batch, channels, frames, height, width]` of clips, `[batch, width]` of vectors
    /// - reconstruction: the same
    ///
    /// With [masks](ColumnMasks) each sample asks its queries once for each of them.
    ///
    /// # Panics
    ///
    /// Panics if the samples have another shape than the configuration says, with both shapes in
    /// the message.
    pub fn forward(&self, samples: Tensor<R>) -> AutoencoderOutput<R> {
        let features = self.encode(samples);
        let batch = features.dims()[0];
        let Some(memory) = &self.memory else {
            return AutoencoderOutput {
                reconstruction: self.decode_whole(features),
                memory: None,
            };
        };
        let output = memory.forward(self.query.to_queries(features));
        let features = self.to_features(output.read.clone(), batch);
        AutoencoderOutput {
            reconstruction: self.decode_whole(features),
            memory: Some(output),
        }
    }

    /// Encodes samples.
    ///
    /// # Shapes
    ///
    /// - `samples`: as in [`forward`](Self::forward)
    /// - output: `[batch, …]` followed by [`feature_dims`](Self::feature_dims); with [masks](ColumnMasks)
    ///   `[batch · masks, …]`, those of a sample after each other
    ///
    /// # Panics
    ///
    /// Panics if the samples have another shape than the configuration says.
    pub fn encode(&self, samples: Tensor<R>) -> Tensor<R> {
        assert_dims("samples", &samples, &self.input);
        let mut features = match &self.masks {
            Some(masks) => {
                let rows = masks.shown(samples.flatten(1, R - 1));
                let dims = rows.dims();
                rows.reshape(with_batch(dims[0], &dims[1..]))
            }
            None => samples,
        };
        for layer in &self.encoder {
            features = layer.forward(features);
        }
        features
    }

    /// Decodes features.
    ///
    /// # Shapes
    ///
    /// - `features`: `[batch, …]`, as [`encode`](Self::encode) gives them
    /// - output: samples, as in [`forward`](Self::forward)
    ///
    /// # Panics
    ///
    /// Panics if the features have another shape.
    pub fn decode(&self, features: Tensor<R>) -> Tensor<R> {
        assert_dims("features", &features, &self.features);
        let mut samples = features;
        for layer in &self.decoder {
            samples = layer.forward(samples);
        }
        samples
    }

    /// Decodes features as [`encode`](Self::encode) gives them of whole samples, of which [masks](ColumnMasks) hide a part at a time.
    pub(super) fn decode_whole(&self, features: Tensor<R>) -> Tensor<R> {
        let samples = self.decode(features);
        match &self.masks {
            Some(masks) => {
                let rows = masks.gathered(samples.flatten(1, R - 1));
                self.batch_of_rows(rows)
            }
            None => samples,
        }
    }

    /// Times that the encoder is shown a sample.
    pub(super) fn showings(&self) -> usize {
        self.masks.as_ref().map_or(1, ColumnMasks::len)
    }

    /// Decodes memory items alone, each as if it were all that was read; an item of one position
    /// is put at every position.
    ///
    /// # Shapes
    ///
    /// - `items`: `[items, item_dim]`
    /// - output: `[items, …]`, one sample an item
    ///
    /// # Panics
    ///
    /// Panics if the items don't have the width of a query.
    pub fn decode_items(&self, items: Tensor<2>) -> Tensor<R> {
        let [num_items, _] = items.dims();
        let dims = with_batch(num_items, &self.features);
        self.decode(self.query.item_features(items, dims))
    }

    /// Lays queries, or what they read, out as features of `batch` samples again.
    ///
    /// # Shapes
    ///
    /// - `queries`: `[queries, item_dim]`
    /// - output: `[batch, …]`, as [`decode`](Self::decode) takes them
    ///
    /// # Panics
    ///
    /// Panics if the number of values is not that of `batch` samples.
    pub fn to_features(&self, queries: Tensor<2>, batch: usize) -> Tensor<R> {
        self.query
            .to_features(queries, with_batch(batch, &self.features))
    }

    /// Lays rows of values, `[batch, values]`, out as samples.
    pub(super) fn batch_of_rows(&self, rows: Tensor<2>) -> Tensor<R> {
        let [batch, values] = rows.dims();
        let expected = self.input.iter().product::<usize>();
        assert!(
            values == expected,
            "rows of {values} values, expected {expected}, those of samples {:?}",
            self.input
        );
        rows.reshape(with_batch(batch, &self.input))
    }
}

/// Shape of a batch of samples of shape `dims`.
fn with_batch<const R: usize>(batch: usize, dims: &[usize]) -> [usize; R] {
    let mut all = [batch; R];
    all[1..].copy_from_slice(dims);
    all
}

fn assert_dims<const R: usize>(what: &str, tensor: &Tensor<R>, expected: &[usize]) {
    let found = tensor.dims();
    assert!(
        found[1..] == *expected,
        "{what} differ in shape from the network's: found {:?} each, expected {expected:?}",
        &found[1..]
    );
}
