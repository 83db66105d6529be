use burn::tensor::Tensor;

use crate::precision::{in_single, in_type};

/// Weights below this have their logarithm taken as if they were this; 0 log 0 is 0.
const MIN_WEIGHT: f64 = 1e-30;

/// Entropy of each row of shrunk weights, `E(ŵ) = Σ_i −ŵ_i log ŵ_i` in nats, with 0 log 0 = 0.
///
/// It lies in `[0, log N]`: 0 if one item is read, log N if all N items are read alike.
///
/// # Shapes
///
/// - `weights`: `[queries, items]`, no weight negative
/// - output: `[queries]`
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use memae_core::loss::entropy;
///
/// let weights = Tensor::<2>::from_floats([[1.0, 0.0], [0.5, 0.5]], &Device::flex());
/// let entropy = entropy(weights).into_data().try_to_vec::<f32>().unwrap();
/// assert_eq!(entropy[0], 0.0);
/// assert!((entropy[1] - 2f32.ln()).abs() < 1e-6);
/// ```
pub fn entropy(weights: Tensor<2>) -> Tensor<1> {
    let [rows, _] = weights.dims();
    let dtype = weights.dtype();
    // MIN_WEIGHT is zero in f16.
    let weights = in_single(weights);
    let log = weights.clone().clamp_min(MIN_WEIGHT).log();
    // The gradient at a weight of zero is large but finite, and meets a zero from the shrinkage.
    let entropy = (weights * log).sum_dim(1).neg().reshape([rows]);
    in_type(entropy, dtype)
}
