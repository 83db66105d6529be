use burn::tensor::Tensor;

/// Values of a tensor, from its device.
pub(crate) fn to_host<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor
        .try_into_vec_as()
        .unwrap_or_else(|error| panic!("values can't be read from their device: {error}"))
}
