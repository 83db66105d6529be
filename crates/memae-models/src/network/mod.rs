//! Layer lists become an encoder and a decoder, with a memory between them or without.

mod autoencoder;
mod convolution;
mod error;
mod image;
mod interface;
mod layer;
mod layer_list;
mod norm;
mod preset;
mod vector;
mod video;

pub use autoencoder::{AutoencoderOutput, LayeredAutoencoder};
pub use convolution::Convolution;
pub use error::NetworkConfigError;
pub use image::{ImageAutoencoder, ImageAutoencoderConfig, LayerConfig};
pub use interface::{Autoencoder, AutoencoderConfig};
pub use layer::{Activation, DecoderLayer, EncoderLayer, Layer};
pub use preset::Variant;
pub use vector::{
    DenseLayer, VectorAutoencoder, VectorAutoencoderConfig, VectorLayerConfig, VectorShape,
};
pub use video::{
    ClipShape, InitialWeights, VideoAutoencoder, VideoAutoencoderConfig, VideoLayerConfig,
};
