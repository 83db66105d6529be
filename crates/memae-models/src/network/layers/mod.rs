//! The layers that networks are lists of.

mod convolution;
mod layer;
mod norm;

pub use convolution::Convolution;
pub(in crate::network) use convolution::{DecoderConvolution, EncoderConvolution};
pub use layer::{Activation, DecoderLayer, EncoderLayer, Layer};
