use burn::tensor::{Tensor, activation};
use serde::{Deserialize, Serialize};

/// The nonlinearity after each layer but the last.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Activation {
    /// `max(x, 0)`.
    Relu,
    /// `x` above 0, `slope · x` below.
    LeakyRelu {
        /// Slope below 0.
        slope: f64,
    },
    /// Hyperbolic tangent.
    Tanh,
}

impl Activation {
    /// Applies it to every value.
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        match *self {
            Activation::Relu => activation::relu(input),
            Activation::LeakyRelu { slope } => activation::leaky_relu(input, slope),
            Activation::Tanh => activation::tanh(input),
        }
    }
}
