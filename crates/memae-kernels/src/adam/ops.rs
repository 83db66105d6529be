//! The backend extension: a step of Adam in one operation.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, ExtensionType, backend_extension};

/// What a step multiplies with and adds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdamFactors {
    /// Share that each moment keeps.
    pub keep: [f32; 2],
    /// Share that it takes of the gradient, and of its square.
    pub take: [f32; 2],
    /// Makes up for the moments having begun at zero.
    pub correction: f32,
    /// Added to the root of the second moment.
    pub epsilon: f32,
    /// Step size.
    pub learning_rate: f64,
}

/// A parameter and its moments after a step.
#[derive(Debug, Clone, ExtensionType)]
pub struct AdamPrimitives<B: Backend> {
    /// The parameter.
    pub tensor: FloatTensor<B>,
    /// Average of gradients.
    pub moment_1: FloatTensor<B>,
    /// Average of squared gradients.
    pub moment_2: FloatTensor<B>,
}

/// A step of Adam.
///
/// Only backends with kernels of their own implement it; the others use Burn's own operations.
#[backend_extension(Flex: cfg(feature = "flex"))]
pub trait AdamOps: Backend {
    /// Takes a step with tensors of one shape.
    fn adam_step(
        tensor: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        moment_1: FloatTensor<Self>,
        moment_2: FloatTensor<Self>,
        factors: AdamFactors,
    ) -> AdamPrimitives<Self>;
}
