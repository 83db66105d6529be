use burn::tensor::Tensor;

/// Squared error at each position, summed over channels, `[samples, positions]`, of samples and what became of them,
/// `[samples, channels · positions]`.
pub(super) fn squared_errors(samples: Tensor<2>, rebuilt: Tensor<2>, channels: usize) -> Tensor<2> {
    let [size, values] = samples.dims();
    let positions = values / channels;
    (samples - rebuilt)
        .square()
        .reshape([size, channels, positions])
        .sum_dim(1)
        .reshape([size, positions])
}
