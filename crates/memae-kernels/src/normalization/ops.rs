//! The backend extension: batch norm and the activation after it in one operation.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, ExtensionType, backend_extension};

use crate::Rectifier;

/// Settings of a batch norm, as a kernel needs them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NormSettings {
    /// Added to the variance.
    pub epsilon: f64,
    /// What is done to the normalized values.
    pub rectifier: Rectifier,
}

/// Normalized values, and the statistics that they were normalized with.
#[derive(Debug, Clone, ExtensionType)]
pub struct NormPrimitives<B: Backend> {
    /// `[batch, channels, …]`.
    pub output: FloatTensor<B>,
    /// `[channels]`.
    pub mean: FloatTensor<B>,
    /// Biased, `[channels]`.
    pub variance: FloatTensor<B>,
}

/// Gradients of a batch norm.
#[derive(Debug, Clone, ExtensionType)]
pub struct NormGradients<B: Backend> {
    /// Gradient of the input, `[batch, channels, …]`.
    pub input: FloatTensor<B>,
    /// Gradient of the scale, `[channels]`.
    pub gamma: FloatTensor<B>,
    /// Gradient of the shift, `[channels]`.
    pub beta: FloatTensor<B>,
}

/// Batch norm with the statistics of the batch, and the activation after it.
///
/// Only backends with kernels of their own implement it; the others use Burn's own operations.
#[backend_extension(Flex: cfg(feature = "flex"), Autodiff)]
pub trait NormalizationOps: Backend {
    /// Normalizes `[batch, channels, …]` with a scale and a shift of `[channels]`.
    fn batch_norm_rectified(
        input: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        settings: NormSettings,
    ) -> NormPrimitives<Self>;

    /// Gradients of [`batch_norm_rectified`](Self::batch_norm_rectified), given that of its output, its inputs
    /// `[input, gamma, beta]` and its statistics `[mean, variance]`.
    fn batch_norm_rectified_backward(
        gradient: FloatTensor<Self>,
        input: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        settings: NormSettings,
    ) -> NormGradients<Self>;
}
