//! Convolutions and transposed convolutions, with gradients that are fast on the CPU.
//!
//! [`conv2d`], [`conv3d`], [`conv_transpose2d`] and [`conv_transpose3d`] do what Burn's functions of these names do, with
//! the same weights, and can stand in their place; `…_rectified` apply an activation too. On Flex, in `f32` and `f64` and without groups, they and their
//! gradients are matrix products of small pieces; everywhere else they are Burn's own.

#[cfg(feature = "flex")]
mod autodiff;
#[cfg(feature = "flex")]
mod flex;
#[cfg(feature = "flex")]
mod geometry;
#[cfg(feature = "flex")]
mod ops;
mod shapes;

use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use burn::tensor::{Tensor, module};

use crate::Rectifier;

/// Convolution over height and width.
///
/// # Shapes
///
/// - `input`: `[batch, channels_in, height, width]`
/// - `weight`: `[channels_out, channels_in / groups, kernel_height, kernel_width]`
/// - `bias`: `[channels_out]`
/// - output: `[batch, channels_out, height_out, width_out]` with sides of
///   `(side + padding − dilation · (kernel − 1) − 1) / stride + 1`, rounded down
///
/// # Panics
///
/// Panics if shapes don't fit, or if the kernel is larger than the padded input; the message has the shapes.
///
/// # Example
///
/// ```
/// use burn::tensor::ops::ConvOptions;
/// use burn::tensor::{Device, Tensor};
/// use memae_kernels::convolution::conv2d;
///
/// let device = Device::flex();
/// let input = Tensor::<4>::ones([1, 2, 5, 5], &device);
/// let weight = Tensor::<4>::ones([3, 2, 3, 3], &device);
/// let output = conv2d(input, weight, None, ConvOptions::new([2, 2], [1, 1], [1, 1], 1));
/// assert_eq!(output.dims(), [1, 3, 3, 3]);
/// ```
pub fn conv2d(
    input: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    options: ConvOptions<2>,
) -> Tensor<4> {
    conv2d_rectified(input, weight, bias, options, Rectifier::None)
}

/// [`conv2d`] and the activation after it.
///
/// On Flex the activation is applied as the output is written.
///
/// # Panics
///
/// As [`conv2d`].
pub fn conv2d_rectified(
    input: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    options: ConvOptions<2>,
    rectifier: Rectifier,
) -> Tensor<4> {
    shapes::check_conv(&input, &weight, bias.as_ref(), &options);
    #[cfg(feature = "flex")]
    if kernels::fit(&input, options.groups) {
        return kernels::conv(input, weight, bias, &options, rectifier);
    }
    let output = module::conv2d(input, weight, bias, options);
    rectifier.forward(with_own_strides(output))
}

/// Convolution over time, height and width.
///
/// # Shapes
///
/// - `input`: `[batch, channels_in, time, height, width]`
/// - `weight`: `[channels_out, channels_in / groups, kernel_time, kernel_height, kernel_width]`
/// - `bias`: `[channels_out]`
/// - output: `[batch, channels_out, time_out, height_out, width_out]`, sides as in [`conv2d`]
///
/// # Panics
///
/// Panics if shapes don't fit, or if the kernel is larger than the padded input; the message has the shapes.
pub fn conv3d(
    input: Tensor<5>,
    weight: Tensor<5>,
    bias: Option<Tensor<1>>,
    options: ConvOptions<3>,
) -> Tensor<5> {
    conv3d_rectified(input, weight, bias, options, Rectifier::None)
}

/// [`conv3d`] and the activation after it.
///
/// On Flex the activation is applied as the output is written.
///
/// # Panics
///
/// As [`conv3d`].
pub fn conv3d_rectified(
    input: Tensor<5>,
    weight: Tensor<5>,
    bias: Option<Tensor<1>>,
    options: ConvOptions<3>,
    rectifier: Rectifier,
) -> Tensor<5> {
    shapes::check_conv(&input, &weight, bias.as_ref(), &options);
    #[cfg(feature = "flex")]
    if kernels::fit(&input, options.groups) {
        return kernels::conv(input, weight, bias, &options, rectifier);
    }
    let output = module::conv3d(input, weight, bias, options);
    rectifier.forward(with_own_strides(output))
}

/// Transposed convolution over height and width.
///
/// # Shapes
///
/// - `input`: `[batch, channels_in, height, width]`
/// - `weight`: `[channels_in, channels_out / groups, kernel_height, kernel_width]`
/// - `bias`: `[channels_out]`
/// - output: `[batch, channels_out, height_out, width_out]` with sides of
///   `(side − 1) · stride − 2 · padding + dilation · (kernel − 1) + 1 + padding_out`
///
/// # Panics
///
/// Panics if shapes don't fit, or if the output would be empty; the message has the shapes.
pub fn conv_transpose2d(
    input: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    options: ConvTransposeOptions<2>,
) -> Tensor<4> {
    conv_transpose2d_rectified(input, weight, bias, options, Rectifier::None)
}

/// [`conv_transpose2d`] and the activation after it.
///
/// On Flex the activation is applied as the output is written.
///
/// # Panics
///
/// As [`conv_transpose2d`].
pub fn conv_transpose2d_rectified(
    input: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    options: ConvTransposeOptions<2>,
    rectifier: Rectifier,
) -> Tensor<4> {
    shapes::check_conv_transpose(&input, &weight, bias.as_ref(), &options);
    #[cfg(feature = "flex")]
    if kernels::fit(&input, options.groups) {
        return kernels::conv_transpose(input, weight, bias, &options, rectifier);
    }
    let output = module::conv_transpose2d(input, weight, bias, options);
    rectifier.forward(with_own_strides(output))
}

/// Transposed convolution over time, height and width.
///
/// # Shapes
///
/// - `input`: `[batch, channels_in, time, height, width]`
/// - `weight`: `[channels_in, channels_out / groups, kernel_time, kernel_height, kernel_width]`
/// - `bias`: `[channels_out]`
/// - output: `[batch, channels_out, time_out, height_out, width_out]`, sides as in [`conv_transpose2d`]
///
/// # Panics
///
/// Panics if shapes don't fit, or if the output would be empty; the message has the shapes.
pub fn conv_transpose3d(
    input: Tensor<5>,
    weight: Tensor<5>,
    bias: Option<Tensor<1>>,
    options: ConvTransposeOptions<3>,
) -> Tensor<5> {
    conv_transpose3d_rectified(input, weight, bias, options, Rectifier::None)
}

/// [`conv_transpose3d`] and the activation after it.
///
/// On Flex the activation is applied as the output is written.
///
/// # Panics
///
/// As [`conv_transpose3d`].
pub fn conv_transpose3d_rectified(
    input: Tensor<5>,
    weight: Tensor<5>,
    bias: Option<Tensor<1>>,
    options: ConvTransposeOptions<3>,
    rectifier: Rectifier,
) -> Tensor<5> {
    shapes::check_conv_transpose(&input, &weight, bias.as_ref(), &options);
    #[cfg(feature = "flex")]
    if kernels::fit(&input, options.groups) {
        return kernels::conv_transpose(input, weight, bias, &options, rectifier);
    }
    let output = module::conv_transpose3d(input, weight, bias, options);
    rectifier.forward(with_own_strides(output))
}

/// The same values under the strides that their shape has by itself, which moves none of them where there is one channel.
///
/// Burn's convolutions on GPUs keep channels innermost. One channel's values then lie in their usual order under unusual
/// strides, and Burn 0.22.1 with fusion misreads them in operations that it joins, where rows are a multiple of four long.
fn with_own_strides<const D: usize>(output: Tensor<D>) -> Tensor<D> {
    let dims = output.dims();
    match cfg!(feature = "fusion") && dims[1] == 1 {
        // A reshape to the shape it has would be left out.
        true => output.flatten::<1>(0, D - 1).reshape(dims),
        false => output,
    }
}

#[cfg(feature = "flex")]
mod kernels {
    use burn::backend::{Dispatch, DispatchDevice};
    use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
    use burn::tensor::{DType, Tensor};

    use super::geometry::Geometry;
    use super::ops::ConvolutionOps;
    use crate::Rectifier;

    /// Whether the kernels take this input.
    pub(super) fn fit<const D: usize>(input: &Tensor<D>, groups: usize) -> bool {
        let device = input.device().without_autodiff();
        groups == 1
            // There is nothing to compute for no samples.
            && input.dims()[0] > 0
            && matches!(device.as_dispatch(), DispatchDevice::Flex(_))
            && matches!(input.dtype(), DType::F32 | DType::F64)
    }

    pub(super) fn conv<const D: usize, const S: usize>(
        input: Tensor<D>,
        weight: Tensor<D>,
        bias: Option<Tensor<1>>,
        options: &ConvOptions<S>,
        rectifier: Rectifier,
    ) -> Tensor<D> {
        let bias = bias.unwrap_or_else(|| zeros(&input, weight.dims()[0]));
        let geometry = Geometry::of_conv(&input.dims(), &weight.dims(), options);
        Tensor::from_dispatch(<Dispatch as ConvolutionOps>::convolve(
            input.into_dispatch(),
            weight.into_dispatch(),
            bias.into_dispatch(),
            geometry,
            rectifier,
        ))
    }

    pub(super) fn conv_transpose<const D: usize, const S: usize>(
        input: Tensor<D>,
        weight: Tensor<D>,
        bias: Option<Tensor<1>>,
        options: &ConvTransposeOptions<S>,
        rectifier: Rectifier,
    ) -> Tensor<D> {
        let bias = bias.unwrap_or_else(|| zeros(&input, weight.dims()[1]));
        let geometry = Geometry::of_conv_transpose(&input.dims(), &weight.dims(), options);
        Tensor::from_dispatch(<Dispatch as ConvolutionOps>::spread(
            input.into_dispatch(),
            weight.into_dispatch(),
            bias.into_dispatch(),
            geometry,
            rectifier,
        ))
    }

    /// The bias of a convolution that has none.
    fn zeros<const D: usize>(input: &Tensor<D>, channels: usize) -> Tensor<1> {
        Tensor::zeros([channels], (&input.device(), input.dtype()))
    }
}
