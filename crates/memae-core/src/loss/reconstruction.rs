use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// How squared errors become one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ReconstructionReduction {
    /// Sum over the values of a sample, mean over samples: `1/T Σ_t ‖x_t − x̂_t‖²` (the paper).
    SumPerSample,
    /// Mean over all values (the code published by the paper's authors).
    ElementMean,
}

/// Squared error `‖x − x̂‖²` of each sample: the paper's anomaly score.
///
/// # Shapes
///
/// - `reconstruction`, `target`: `[batch, …]`
/// - output: `[batch]`
///
/// # Panics
///
/// Panics if the shapes differ, with both in the message.
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use memae_core::loss::reconstruction_errors;
///
/// let device = Device::flex();
/// let target = Tensor::<2>::from_floats([[0.0, 1.0], [1.0, 1.0]], &device);
/// let errors = reconstruction_errors(Tensor::<2>::zeros([2, 2], &device), target);
/// assert_eq!(errors.into_data().try_to_vec::<f32>().unwrap(), [1.0, 2.0]);
/// ```
pub fn reconstruction_errors<const D: usize>(
    reconstruction: Tensor<D>,
    target: Tensor<D>,
) -> Tensor<1> {
    let squared = squared_errors(reconstruction, target);
    let dims = squared.dims();
    let values: usize = dims[1..].iter().product();
    squared
        .reshape([dims[0], values])
        .sum_dim(1)
        .reshape([dims[0]])
}

/// Reconstruction loss of a batch, `[1]`.
///
/// # Shapes
///
/// - `reconstruction`, `target`: `[batch, …]`, at least one sample
///
/// # Panics
///
/// Panics if the shapes differ, with both in the message.
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use memae_core::loss::{ReconstructionReduction, reconstruction_loss};
///
/// let device = Device::flex();
/// let (zeros, ones) = (Tensor::<2>::zeros([3, 4], &device), Tensor::<2>::ones([3, 4], &device));
/// let sum = reconstruction_loss(zeros.clone(), ones.clone(), ReconstructionReduction::SumPerSample);
/// let mean = reconstruction_loss(zeros, ones, ReconstructionReduction::ElementMean);
/// assert_eq!(sum.into_scalar::<f32>(), 4.0);
/// assert_eq!(mean.into_scalar::<f32>(), 1.0);
/// ```
pub fn reconstruction_loss<const D: usize>(
    reconstruction: Tensor<D>,
    target: Tensor<D>,
    reduction: ReconstructionReduction,
) -> Tensor<1> {
    let batch = target.dims()[0];
    let squared = squared_errors(reconstruction, target);
    match reduction {
        ReconstructionReduction::SumPerSample => squared.sum() / batch as f64,
        ReconstructionReduction::ElementMean => squared.mean(),
    }
}

fn squared_errors<const D: usize>(reconstruction: Tensor<D>, target: Tensor<D>) -> Tensor<D> {
    let (found, expected) = (reconstruction.dims(), target.dims());
    assert!(
        found == expected,
        "reconstruction and target differ in shape: {found:?} and {expected:?}"
    );
    (reconstruction - target).square()
}
