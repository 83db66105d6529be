//! Layer lists become an encoder and a decoder, with a memory between them or without.

mod config;
mod image;
mod layer;
mod preset;

pub use config::{ImageAutoencoderConfig, NetworkConfigError};
pub use image::{AutoencoderOutput, ImageAutoencoder, MemoryRead};
pub use layer::{Activation, DecoderLayer, EncoderLayer, LayerConfig};
pub use preset::Variant;
