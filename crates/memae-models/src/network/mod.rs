//! Layer lists become an encoder and a decoder, with a memory between them or without.

mod any_network;
mod autoencoder;
mod error;
mod image;
mod layer_list;
mod layers;
mod shape;
mod variant;
mod vector;
mod video;

pub use any_network::{Autoencoder, AutoencoderConfig};
pub use autoencoder::{AutoencoderOutput, LayeredAutoencoder, MemoryRead};
pub use error::NetworkConfigError;
pub use image::{ImageAutoencoder, ImageAutoencoderConfig, LayerConfig};
pub use layers::{Activation, Convolution, DecoderLayer, EncoderLayer, Layer};
pub use shape::SampleShape;
pub use variant::Variant;
pub use vector::{
    DenseLayer, VectorAutoencoder, VectorAutoencoderConfig, VectorLayerConfig, VectorShape,
};
pub use video::{
    ClipShape, InitialWeights, VideoAutoencoder, VideoAutoencoderConfig, VideoLayerConfig,
};
