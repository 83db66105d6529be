//! Convolutions against their definition and against Burn's own.

mod edges;
mod oracle;
mod random;

use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use burn::tensor::{DType, Device, Shape, Tensor, TensorData, module};
use memae_kernels::convolution::{conv_transpose2d, conv_transpose3d, conv2d, conv3d};

use crate::devices::{assert_close, magnitude, rounded, values};
use oracle::{Case, Output, Values};

/// A convolution over tensors of rank `D`, this crate's or Burn's.
pub type Convolution<const D: usize, const S: usize> =
    fn(&Case<S>, Tensor<D>, Tensor<D>, Option<Tensor<1>>) -> Tensor<D>;

fn conv_options<const S: usize>(case: &Case<S>) -> ConvOptions<S> {
    ConvOptions::new_with_padding(case.stride, case.padding, case.dilation, case.groups)
}

fn conv_transpose_options<const S: usize>(case: &Case<S>) -> ConvTransposeOptions<S> {
    ConvTransposeOptions::new(
        case.stride,
        case.padding.map(|(before, _)| before),
        case.padding_out,
        case.dilation,
        case.groups,
    )
}

/// This crate's, over two axes.
pub fn ours_2d(
    case: &Case<2>,
    input: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
) -> Tensor<4> {
    match case.transposed {
        false => conv2d(input, weight, bias, conv_options(case)),
        true => conv_transpose2d(input, weight, bias, conv_transpose_options(case)),
    }
}

/// This crate's, over three axes.
pub fn ours_3d(
    case: &Case<3>,
    input: Tensor<5>,
    weight: Tensor<5>,
    bias: Option<Tensor<1>>,
) -> Tensor<5> {
    match case.transposed {
        false => conv3d(input, weight, bias, conv_options(case)),
        true => conv_transpose3d(input, weight, bias, conv_transpose_options(case)),
    }
}

/// Burn's, over two axes.
pub fn burns_2d(
    case: &Case<2>,
    input: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
) -> Tensor<4> {
    match case.transposed {
        false => module::conv2d(input, weight, bias, conv_options(case)),
        true => module::conv_transpose2d(input, weight, bias, conv_transpose_options(case)),
    }
}

/// Numbers in [−1, 1] that a seed stands for.
pub fn numbers(seed: u64, count: usize) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    (0..count)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
        })
        .collect()
}

fn tensor<const D: usize>(
    values: &[f64],
    shape: Vec<usize>,
    dtype: DType,
    device: &Device,
) -> Tensor<D> {
    let data = TensorData::new(values.to_vec(), Shape::from(shape))
        .try_cast(dtype)
        .unwrap();
    Tensor::from_data(data, (device, dtype))
}

/// Values of a case, as a float type has them.
pub fn values_of<const S: usize>(case: &Case<S>, dtype: DType) -> Values {
    let size = |shape: Vec<usize>| shape.iter().product::<usize>();
    let numbers = |seed, count| rounded(&numbers(case.seed * 4 + seed, count), dtype);
    Values {
        input: numbers(0, size(case.input_shape())),
        weight: numbers(1, size(case.weight_shape())),
        bias: numbers(2, case.channels[1] * case.groups),
        probe: numbers(3, size(case.output_shape())),
    }
}

/// What a convolution gives on a device.
pub fn run<const D: usize, const S: usize>(
    convolution: Convolution<D, S>,
    case: &Case<S>,
    values_of: &Values,
    dtype: DType,
    device: &Device,
) -> Output {
    #[cfg(feature = "flex")]
    memae_kernels::poison_memory();
    let device = device.clone().autodiff();
    let input = tensor::<D>(&values_of.input, case.input_shape(), dtype, &device).require_grad();
    let weight = tensor::<D>(&values_of.weight, case.weight_shape(), dtype, &device).require_grad();
    let bias =
        tensor::<1>(&values_of.bias, vec![values_of.bias.len()], dtype, &device).require_grad();
    let probe = tensor::<D>(&values_of.probe, case.output_shape(), dtype, &device);
    let with_bias = case.bias.then(|| bias.clone());
    let output = convolution(case, input.clone(), weight.clone(), with_bias);
    assert_eq!(output.dims().to_vec(), case.output_shape(), "{case:?}");
    let gradients = (output.clone() * probe).sum().backward();
    let bias_gradient = match case.bias {
        true => values(bias.grad(&gradients).unwrap()),
        false => Vec::new(),
    };
    Output {
        output: values(output),
        input_gradient: values(input.grad(&gradients).unwrap()),
        weight_gradient: values(weight.grad(&gradients).unwrap()),
        bias_gradient,
    }
}

/// Asserts that a convolution agrees with its definition.
#[track_caller]
pub fn check<const D: usize, const S: usize>(
    convolution: Convolution<D, S>,
    case: &Case<S>,
    dtype: DType,
    device: &Device,
    tolerance: f64,
) {
    let values = values_of(case, dtype);
    let found = run(convolution, case, &values, dtype, device);
    let expected = case.run(&values);
    let close = |what: &str, found: &[f64], expected: &[f64]| {
        let what = format!("{what} of {case:?}, {dtype:?}");
        assert_close(
            &what,
            found,
            expected,
            magnitude(expected).max(1.0),
            tolerance,
        );
    };
    close("output", &found.output, &expected.output);
    close(
        "gradient of the input",
        &found.input_gradient,
        &expected.input_gradient,
    );
    close(
        "gradient of the weight",
        &found.weight_gradient,
        &expected.weight_gradient,
    );
    if case.bias {
        close(
            "gradient of the bias",
            &found.bias_gradient,
            &expected.bias_gradient,
        );
    }
}
