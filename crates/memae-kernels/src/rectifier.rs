use burn::tensor::{Tensor, activation};

/// The activation after a convolution or a batch norm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rectifier {
    /// None.
    None,
    /// `max(x, 0)`.
    Relu,
    /// `x` above 0, `slope · x` elsewhere.
    LeakyRelu {
        /// Slope below 0.
        slope: f64,
    },
}

impl Rectifier {
    /// Applies it to every value.
    pub fn forward<const D: usize>(&self, input: Tensor<D>) -> Tensor<D> {
        match *self {
            Rectifier::None => input,
            Rectifier::Relu => activation::relu(input),
            Rectifier::LeakyRelu { slope } => activation::leaky_relu(input, slope),
        }
    }
}
