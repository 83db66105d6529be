//! Batch norm between a convolution and the activation after it.

use burn::nn::BatchNorm;
use burn::tensor::Tensor;
use memae_kernels::Rectifier;
use memae_kernels::normalization::batch_norm_rectified;

use super::activation::Activation;
use super::convolution::Convolution;

/// Convolution, batch norm, activation.
pub(super) fn normalized<const R: usize>(
    conv: &impl Convolution<R>,
    norm: &BatchNorm,
    activation: Activation,
    input: Tensor<R>,
) -> Tensor<R> {
    let (rectifier, rest) = match activation {
        Activation::Relu => (Rectifier::Relu, None),
        Activation::LeakyRelu { slope } => (Rectifier::LeakyRelu { slope }, None),
        Activation::Tanh => (Rectifier::None, Some(activation)),
    };
    let output = match input.device().is_autodiff() && norm.training.is_enabled() {
        true => by_batch(norm, rectifier, conv.forward(input)),
        false => folded(conv, norm, rectifier, input),
    };
    match rest {
        Some(activation) => activation.forward(output),
        None => output,
    }
}

/// Normalizes with the statistics of the batch, and lets the running ones follow them.
fn by_batch<const R: usize>(norm: &BatchNorm, rectifier: Rectifier, input: Tensor<R>) -> Tensor<R> {
    let device = input.device();
    let (gamma, beta) = (norm.gamma.val(), norm.beta.val());
    let found = batch_norm_rectified(input, gamma, beta, norm.epsilon, rectifier);
    for (running, batch) in [
        (&norm.running_mean, found.mean),
        (&norm.running_var, found.variance),
    ] {
        let kept = running.value_sync().to_device(&device) * (1.0 - norm.momentum);
        running.update((kept + batch.detach() * norm.momentum).detach());
    }
    found.output
}

/// Convolution and batch norm with the running statistics, which are one convolution with other weights.
fn folded<C: Convolution<R>, const R: usize>(
    conv: &C,
    norm: &BatchNorm,
    rectifier: Rectifier,
    input: Tensor<R>,
) -> Tensor<R> {
    let weight = conv.weight();
    if weight.dims()[C::OUTPUT_AXIS] != norm.gamma.shape().dims::<1>()[0] {
        // Weights of a grouped transposed convolution are shared by channels with other scales.
        return rectifier.forward(norm.forward(conv.forward(input)));
    }
    let device = input.device();
    let mean = norm.running_mean.value().to_device(&device);
    let variance = norm.running_var.value().to_device(&device);
    let scale = norm.gamma.val() / (variance + norm.epsilon).sqrt();
    let centred = match conv.bias() {
        Some(bias) => bias - mean,
        None => -mean,
    };
    let bias = centred * scale.clone() + norm.beta.val();
    let mut shape = [1; R];
    shape[C::OUTPUT_AXIS] = weight.dims()[C::OUTPUT_AXIS];
    conv.forward_with(input, weight * scale.reshape(shape), Some(bias), rectifier)
}
