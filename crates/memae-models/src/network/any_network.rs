//! What training and scoring see of a network, whatever the rank of its samples.

use std::fmt::Debug;

use burn::module::{Module, ModuleDisplay};
use burn::tensor::{Device, Tensor};
use memae_core::{MemoryModule, MemoryModuleConfig};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::autoencoder::{AutoencoderOutput, LayeredAutoencoder};
use super::error::NetworkConfigError;
use super::layers::Layer;
use super::preprocessing::Preprocessing;
use super::shape::SampleShape;

/// Settings of a network for samples of one kind.
pub trait AutoencoderConfig:
    Debug + Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// The network that the settings make.
    type Network: Autoencoder;
    /// What describes the shape of a sample.
    type Shape: SampleShape;
    /// The way from raw input to such samples.
    type Preprocessing: Preprocessing<Self::Shape>;

    /// What files call networks of this kind.
    const KIND: &'static str;

    /// Shape of one sample.
    fn input(&self) -> Self::Shape;

    /// The memory; `None` for a plain autoencoder.
    fn memory(&self) -> Option<&MemoryModuleConfig>;

    /// The same network without memory.
    fn without_memory(&self) -> Self;

    /// Queries that one sample asks.
    ///
    /// # Errors
    ///
    /// An encoder layer is empty or its kernel does not fit.
    fn queries_per_sample(&self) -> Result<usize, NetworkConfigError>;

    /// Checks every setting.
    ///
    /// # Errors
    ///
    /// The first setting that is out of range or does not fit the others.
    fn validate(&self) -> Result<(), NetworkConfigError>;

    /// Makes the network on `device`, with weights drawn from the device's generator.
    ///
    /// # Errors
    ///
    /// A setting is out of range or does not fit the others.
    fn try_init(&self, device: &Device) -> Result<Self::Network, NetworkConfigError>;

    /// Number of values learned; it saturates at `usize::MAX`.
    fn num_parameters(&self) -> usize;
}

/// A network whose batches of samples are matrices, one sample a row: the values of a sample in
/// row-major order of its shape.
pub trait Autoencoder: Module + ModuleDisplay + 'static {
    /// The memory; `None` for a plain autoencoder.
    fn memory(&self) -> Option<&MemoryModule>;

    /// The place of the memory.
    fn memory_mut(&mut self) -> &mut Option<MemoryModule>;

    /// Rebuilds samples, `[batch, values]`.
    ///
    /// # Panics
    ///
    /// Panics if a row does not hold the values of one sample.
    fn forward_rows(&self, samples: Tensor<2>) -> AutoencoderOutput<2>;

    /// Queries that samples `[batch, values]` ask, `[queries, item_dim]`.
    ///
    /// # Panics
    ///
    /// Panics if a row does not hold the values of one sample.
    fn queries_of_rows(&self, samples: Tensor<2>) -> Tensor<2>;

    /// Decodes queries, or what they read, into samples `[batch, values]`.
    ///
    /// # Shapes
    ///
    /// - `queries`: `[queries, item_dim]`, those of `batch` samples
    ///
    /// # Panics
    ///
    /// Panics if the number of values is not that of `batch` samples.
    fn decode_to_rows(&self, queries: Tensor<2>, batch: usize) -> Tensor<2>;

    /// Counts a batch trained on, where the network keeps count.
    fn count_batch(&mut self);
}

impl<E: Layer<R> + 'static, D: Layer<R> + 'static, const R: usize> Autoencoder
    for LayeredAutoencoder<E, D, R>
{
    fn memory(&self) -> Option<&MemoryModule> {
        self.memory.as_ref()
    }

    fn memory_mut(&mut self) -> &mut Option<MemoryModule> {
        &mut self.memory
    }

    fn forward_rows(&self, samples: Tensor<2>) -> AutoencoderOutput<2> {
        let AutoencoderOutput {
            reconstruction,
            memory,
        } = self.forward(self.batch_of_rows(samples));
        AutoencoderOutput {
            reconstruction: reconstruction.flatten(1, R - 1),
            memory,
        }
    }

    fn queries_of_rows(&self, samples: Tensor<2>) -> Tensor<2> {
        self.query()
            .to_queries(self.encode(self.batch_of_rows(samples)))
    }

    fn decode_to_rows(&self, queries: Tensor<2>, batch: usize) -> Tensor<2> {
        self.decode_whole(self.to_features(queries, batch * self.showings()))
            .flatten(1, R - 1)
    }

    fn count_batch(&mut self) {
        self.encoder.iter_mut().for_each(E::count_batch);
        self.decoder.iter_mut().for_each(D::count_batch);
    }
}
