//! The backend extension: products of a strided convolution.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

use super::geometry::Geometry;
use crate::Rectifier;

/// What a convolution, a transposed convolution and their gradients are made of.
///
/// ```text
/// coarse = convolve(fine, weight)           a convolution; gradient of a transposed convolution's input
/// fine   = spread(coarse, weight)           a transposed convolution; gradient of a convolution's input
/// weight = weight_gradient(fine, coarse)    gradient of the weights of both
/// ```
///
/// Only backends with kernels of their own implement it; the others use Burn's own operations.
#[backend_extension(Flex: cfg(feature = "flex"), Autodiff)]
pub trait ConvolutionOps: Backend {
    /// From the fine side to the coarse one; the bias is `[coarse_channels]`, and the rectifier is applied at the end.
    fn convolve(
        fine: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        geometry: Geometry,
        rectifier: Rectifier,
    ) -> FloatTensor<Self>;

    /// From the coarse side to the fine one; the bias is `[fine_channels]`, and the rectifier is applied at the end.
    fn spread(
        coarse: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        geometry: Geometry,
        rectifier: Rectifier,
    ) -> FloatTensor<Self>;

    /// What each weight joins, summed over samples and positions.
    fn weight_gradient(
        fine: FloatTensor<Self>,
        coarse: FloatTensor<Self>,
        geometry: Geometry,
    ) -> FloatTensor<Self>;

    /// Sum over samples and positions, `[channels]`, of `[batch, channels, …]`.
    fn channel_sums(values: FloatTensor<Self>) -> FloatTensor<Self>;
}
