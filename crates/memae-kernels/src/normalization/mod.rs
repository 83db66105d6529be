//! Batch norm and the activation after it, in one operation.

#[cfg(feature = "flex")]
mod autodiff;
#[cfg(feature = "flex")]
mod flex;
#[cfg(feature = "flex")]
mod ops;

use burn::tensor::{Tensor, module};

use crate::Rectifier;

/// Result of [`batch_norm_rectified`].
#[derive(Debug, Clone)]
pub struct BatchNormRectified<const D: usize> {
    /// `[batch, channels, …]`.
    pub output: Tensor<D>,
    /// Mean of each channel, `[channels]`; takes no gradients.
    pub mean: Tensor<1>,
    /// Biased variance of each channel, `[channels]`; takes no gradients.
    pub variance: Tensor<1>,
}

/// Batch norm with the statistics of the batch, and the activation after it.
///
/// ```text
/// y = rectifier(gamma · (x − mean) / √(variance + epsilon) + beta)
/// ```
///
/// On Flex, in `f32` and `f64`, it and its gradient each read their input twice and write once; elsewhere it is made of
/// Burn's own operations.
///
/// # Shapes
///
/// - `input`: `[batch, channels, …]`
/// - `gamma`, `beta`: `[channels]`
///
/// # Panics
///
/// Panics if the numbers of channels differ, or if there are no values to take a mean of; the message has the shapes.
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use memae_kernels::Rectifier;
/// use memae_kernels::normalization::batch_norm_rectified;
///
/// let device = Device::flex();
/// let input = Tensor::<3>::from_floats([[[1.0, 3.0]], [[5.0, 7.0]]], &device);
/// let (gamma, beta) = (Tensor::ones([1], &device), Tensor::zeros([1], &device));
/// let found = batch_norm_rectified(input, gamma, beta, 1e-5, Rectifier::Relu);
/// assert_eq!(found.mean.into_scalar::<f32>(), 4.0);
/// let output: Vec<f32> = found.output.into_data().try_to_vec().unwrap();
/// assert_eq!(output[..2], [0.0, 0.0]);
/// ```
///
/// Source: S. Ioffe and C. Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal
/// Covariate Shift", ICML 2015, arXiv 1502.03167.
pub fn batch_norm_rectified<const D: usize>(
    input: Tensor<D>,
    gamma: Tensor<1>,
    beta: Tensor<1>,
    epsilon: f64,
    rectifier: Rectifier,
) -> BatchNormRectified<D> {
    let (dims, gamma_dims, beta_dims) = (input.dims(), gamma.dims(), beta.dims());
    assert!(
        D >= 2 && gamma_dims == [dims[1]] && beta_dims == gamma_dims,
        "input, scale and shift of a batch norm differ in channels: {dims:?}, {gamma_dims:?}, {beta_dims:?}"
    );
    assert!(!dims.contains(&0), "a batch norm has no values: {dims:?}");
    #[cfg(feature = "flex")]
    if kernels::fit(&input) {
        return kernels::batch_norm_rectified(input, gamma, beta, epsilon, rectifier);
    }
    let found = module::batch_norm_train(input, gamma, beta, epsilon);
    BatchNormRectified {
        output: rectifier.forward(found.output),
        mean: found.mean.detach(),
        variance: found.variance.detach(),
    }
}

#[cfg(feature = "flex")]
mod kernels {
    use burn::backend::{Dispatch, DispatchDevice};
    use burn::tensor::{DType, Tensor};

    use super::BatchNormRectified;
    use super::ops::{NormSettings, NormalizationOps};
    use crate::Rectifier;

    /// Whether the kernels take this input.
    pub(super) fn fit<const D: usize>(input: &Tensor<D>) -> bool {
        let device = input.device().without_autodiff();
        matches!(device.as_dispatch(), DispatchDevice::Flex(_))
            && matches!(input.dtype(), DType::F32 | DType::F64)
    }

    pub(super) fn batch_norm_rectified<const D: usize>(
        input: Tensor<D>,
        gamma: Tensor<1>,
        beta: Tensor<1>,
        epsilon: f64,
        rectifier: Rectifier,
    ) -> BatchNormRectified<D> {
        let found = <Dispatch as NormalizationOps>::batch_norm_rectified(
            input.into_dispatch(),
            gamma.into_dispatch(),
            beta.into_dispatch(),
            NormSettings { epsilon, rectifier },
        );
        BatchNormRectified {
            output: Tensor::from_dispatch(found.output),
            mean: Tensor::from_dispatch(found.mean),
            variance: Tensor::from_dispatch(found.variance),
        }
    }
}
