//! The layers that networks are lists of.

mod activation;
mod convolution;
mod convolutional;
mod dense;
mod layer;
mod layer_shape;
mod norm;

pub use activation::Activation;
pub use convolution::Convolution;
pub(super) use convolution::{DecoderConvolution, EncoderConvolution};
pub use convolutional::{DecoderLayer, EncoderLayer};
pub use dense::DenseLayer;
pub use layer::Layer;
pub(super) use layer_shape::{LayerShape, padding};
