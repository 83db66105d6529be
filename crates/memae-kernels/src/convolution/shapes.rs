//! What shapes a convolution takes, and what it makes of them.

use burn::tensor::Tensor;
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};

/// Size of a convolution's output along one axis; `None` if the kernel does not fit.
pub(super) fn conv_size<const S: usize>(
    size: usize,
    kernel: usize,
    options: &ConvOptions<S>,
    axis: usize,
) -> Option<usize> {
    let (before, after) = options.padding[axis];
    let span = options.dilation[axis] * kernel.checked_sub(1)? + 1;
    let room = (size + before + after).checked_sub(span)?;
    Some(room / options.stride[axis] + 1)
}

/// Size of a transposed convolution's output along one axis; `None` if it would be empty.
pub(super) fn conv_transpose_size<const S: usize>(
    size: usize,
    kernel: usize,
    options: &ConvTransposeOptions<S>,
    axis: usize,
) -> Option<usize> {
    let span = options.dilation[axis] * kernel.checked_sub(1)? + 1;
    let last = size.checked_sub(1)? * options.stride[axis];
    (last + span + options.padding_out[axis])
        .checked_sub(2 * options.padding[axis])
        .filter(|size| *size > 0)
}

/// Panics unless the shapes make a convolution.
pub(super) fn check_conv<const D: usize, const S: usize>(
    input: &Tensor<D>,
    weight: &Tensor<D>,
    bias: Option<&Tensor<1>>,
    options: &ConvOptions<S>,
) {
    let (input_dims, weight_dims) = (input.dims(), weight.dims());
    let shapes = || format!("input {input_dims:?}, weight {weight_dims:?}, {options:?}");
    assert!(
        options.groups > 0 && weight_dims[0].is_multiple_of(options.groups),
        "channels of a convolution are not divided by its groups: {}",
        shapes()
    );
    assert!(
        input_dims[1] == weight_dims[1] * options.groups,
        "input and weight of a convolution differ in channels: {}",
        shapes()
    );
    check_bias(bias, weight_dims[0], &shapes);
    for axis in 0..S {
        let size = conv_size(input_dims[axis + 2], weight_dims[axis + 2], options, axis);
        assert!(
            options.stride[axis] > 0 && size.is_some(),
            "the kernel of a convolution is larger than its padded input: {}",
            shapes()
        );
    }
}

/// Panics unless the shapes make a transposed convolution.
pub(super) fn check_conv_transpose<const D: usize, const S: usize>(
    input: &Tensor<D>,
    weight: &Tensor<D>,
    bias: Option<&Tensor<1>>,
    options: &ConvTransposeOptions<S>,
) {
    let (input_dims, weight_dims) = (input.dims(), weight.dims());
    let shapes = || format!("input {input_dims:?}, weight {weight_dims:?}, {options:?}");
    assert!(
        options.groups > 0 && weight_dims[0].is_multiple_of(options.groups),
        "channels of a transposed convolution are not divided by its groups: {}",
        shapes()
    );
    assert!(
        input_dims[1] == weight_dims[0],
        "input and weight of a transposed convolution differ in channels: {}",
        shapes()
    );
    check_bias(bias, weight_dims[1] * options.groups, &shapes);
    for axis in 0..S {
        let (size, kernel) = (input_dims[axis + 2], weight_dims[axis + 2]);
        assert!(
            options.stride[axis] > 0 && conv_transpose_size(size, kernel, options, axis).is_some(),
            "the output of a transposed convolution is empty: {}",
            shapes()
        );
    }
}

fn check_bias(bias: Option<&Tensor<1>>, channels: usize, shapes: &dyn Fn() -> String) {
    if let Some(bias) = bias {
        assert!(
            bias.dims() == [channels],
            "bias of a convolution: {:?} for {channels} channels: {}",
            bias.dims(),
            shapes()
        );
    }
}
