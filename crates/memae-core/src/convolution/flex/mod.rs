//! Strided convolutions on the CPU, as matrix products of small pieces.
//!
//! Columns (fine values in the order of a matrix product) are made for a few channels and a few hundred positions at a
//! time, so that they stay in the cache of the core that needs them:
//!
//! ```text
//! convolve:         fine -> columns;   weights · columns          -> coarse
//! spread:           coarse -> columns; weightsᵀ · columns         -> fine
//! weight gradient:  fine -> columns;   columns · coarseᵀ          -> weights
//! ```
//!
//! Pieces depend on shapes alone and are summed in order, so that results don't depend on the number of threads.

mod coarse;
mod columns;
mod convolve;
mod joints;
mod panels;
mod scatter;
mod spread;
mod tiles;
mod weight_gradient;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::{DType, Shape, TensorData};
use rayon::prelude::*;

use crate::backends::flex::real::Real;
use crate::convolution::geometry::Geometry;
use crate::convolution::ops::ConvolutionOps;

type FlexTensor = FloatTensor<Flex>;

/// Rows of columns at a time, about.
const ROWS: usize = 256;
/// Fine channels whose columns are made at a time.
fn channels_at_a_time(channels: usize, taps: usize) -> usize {
    (ROWS / taps).clamp(1, channels.max(1))
}

/// Calls a function for the element type of a tensor.
macro_rules! for_type {
    ($tensor:expr, $function:ident($($argument:expr),*)) => {
        match $tensor.dtype() {
            DType::F32 => $function::<f32>($($argument),*),
            DType::F64 => $function::<f64>($($argument),*),
            dtype => panic!("convolution kernels are for f32 and f64, not {dtype:?}"),
        }
    };
}

impl ConvolutionOps for Flex {
    fn convolve(
        fine: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        geometry: Geometry,
    ) -> FlexTensor {
        for_type!(fine, convolve(fine, weight, bias, &geometry))
    }

    fn spread(
        coarse: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        geometry: Geometry,
    ) -> FlexTensor {
        for_type!(coarse, spread(coarse, weight, bias, &geometry))
    }

    fn weight_gradient(fine: FlexTensor, coarse: FlexTensor, geometry: Geometry) -> FlexTensor {
        for_type!(fine, weight_gradient(fine, coarse, &geometry))
    }

    fn channel_sums(values: FlexTensor) -> FlexTensor {
        for_type!(values, channel_sums(values))
    }
}

fn convolve<R: Real>(
    fine: FlexTensor,
    weight: FlexTensor,
    bias: FlexTensor,
    geometry: &Geometry,
) -> FlexTensor {
    let [fine, weight, bias] = [fine, weight, bias].map(|tensor| tensor.to_contiguous());
    let output = convolve::convolve::<R>(geometry, values(&fine), values(&weight), values(&bias));
    output.into_tensor(geometry.coarse_shape())
}

fn spread<R: Real>(
    coarse: FlexTensor,
    weight: FlexTensor,
    bias: FlexTensor,
    geometry: &Geometry,
) -> FlexTensor {
    let [coarse, weight, bias] = [coarse, weight, bias].map(|tensor| tensor.to_contiguous());
    let output = spread::spread::<R>(geometry, values(&coarse), values(&weight), values(&bias));
    output.into_tensor(geometry.fine_shape())
}

fn weight_gradient<R: Real>(
    fine: FlexTensor,
    coarse: FlexTensor,
    geometry: &Geometry,
) -> FlexTensor {
    let [fine, coarse] = [fine, coarse].map(|tensor| tensor.to_contiguous());
    let output = weight_gradient::weight_gradient::<R>(geometry, values(&fine), values(&coarse));
    output.into_tensor(geometry.weight_shape())
}

fn channel_sums<R: Real>(values_of: FlexTensor) -> FlexTensor {
    let values_of = values_of.to_contiguous();
    let shape = values_of.shape();
    let (channels, positions) = (shape[1], shape[2..].iter().product::<usize>());
    let values = values::<R>(&values_of);
    let sums = (0..channels)
        .into_par_iter()
        .map(|channel| {
            let samples = values.chunks(channels * positions);
            let own = |sample: &'_ [R]| sum(&sample[channel * positions..][..positions]);
            samples.map(own).fold(R::ZERO, |total, sum| total + sum)
        })
        .collect();
    tensor(sums, Shape::new([channels]))
}

/// Sums kept apart, so that one addition need not wait for the one before and rounding errors stay small.
fn sum<R: Real>(values: &[R]) -> R {
    let (chunks, rest) = values.as_chunks::<32>();
    let mut sums = [R::ZERO; 32];
    for chunk in chunks {
        for (sum, value) in sums.iter_mut().zip(chunk) {
            *sum += *value;
        }
    }
    sums.iter()
        .chain(rest)
        .fold(R::ZERO, |total, value| total + *value)
}

fn values<R: Real>(contiguous: &FlexTensor) -> &[R] {
    R::values(contiguous).expect("the tensor is contiguous and of this type")
}

fn tensor<R: Real>(values: Vec<R>, shape: Shape) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}
