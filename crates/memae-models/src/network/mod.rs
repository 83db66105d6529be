//! Layer lists become an encoder and a decoder, with a memory between them or without.

mod any_network;
mod autoencoder;
mod column_masks;
mod error;
mod image;
mod initial_weights;
mod layer_list;
mod layers;
mod preprocessing;
mod shape;
mod variant;
mod vector;
mod video;

pub use any_network::{Autoencoder, AutoencoderConfig};
pub use autoencoder::{AutoencoderOutput, LayeredAutoencoder};
pub use column_masks::ColumnMasks;
pub use error::NetworkConfigError;
pub use image::{ImageAutoencoder, ImageAutoencoderConfig, LayerConfig};
pub use initial_weights::InitialWeights;
pub use layers::{Activation, Convolution, DecoderLayer, DenseLayer, EncoderLayer, Layer};
pub use preprocessing::Preprocessing;
pub use shape::SampleShape;
pub use variant::Variant;
pub use vector::{VectorAutoencoder, VectorAutoencoderConfig, VectorLayerConfig};
pub use video::{VideoAutoencoder, VideoAutoencoderConfig, VideoLayerConfig};
