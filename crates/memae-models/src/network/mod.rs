//! Layer lists become an encoder and a decoder, with a memory between them or without.

mod image;
mod layer;
mod preset;

pub use image::{
    AutoencoderOutput, ImageAutoencoder, ImageAutoencoderConfig, MemoryRead, NetworkConfigError,
};
pub use layer::{Activation, DecoderLayer, EncoderLayer, LayerConfig};
pub use preset::Variant;
