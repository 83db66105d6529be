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
mod finish;
mod joints;
mod panels;
mod scatter;
mod spread;
mod tiles;
mod weight_gradient;

use burn::backend::{Flex, TensorMetadata};
use burn::tensor::{DType, Shape, TensorData};
use rayon::prelude::*;

use crate::Rectifier;
use crate::convolution::geometry::Geometry;
use crate::convolution::ops::ConvolutionOps;
use crate::simd::FlexTensor;
use crate::simd::real::Real;
use crate::simd::samples_last::{self, as_samples_last};
use finish::Finish;

/// Channels of an image, at most, which goes on to operations of Burn's and not to another convolution.
const COLOURS: usize = 4;
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
        rectifier: Rectifier,
    ) -> FlexTensor {
        for_type!(fine, convolve(fine, weight, bias, &geometry, rectifier))
    }

    fn spread(
        coarse: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        geometry: Geometry,
        rectifier: Rectifier,
    ) -> FlexTensor {
        for_type!(coarse, spread(coarse, weight, bias, &geometry, rectifier))
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
    rectifier: Rectifier,
) -> FlexTensor {
    let [weight, bias] = [weight, bias].map(|tensor| tensor.to_contiguous());
    computed::<R>(fine, geometry, |fine, geometry| {
        let finish = Finish::new(values(&bias), rectifier);
        let output = convolve::convolve::<R>(geometry, values(fine), values(&weight), &finish);
        output.into_tensor(geometry.coarse_shape())
    })
}

fn spread<R: Real>(
    coarse: FlexTensor,
    weight: FlexTensor,
    bias: FlexTensor,
    geometry: &Geometry,
    rectifier: Rectifier,
) -> FlexTensor {
    let [weight, bias] = [weight, bias].map(|tensor| tensor.to_contiguous());
    computed::<R>(coarse, geometry, |coarse, geometry| {
        let finish = Finish::new(values(&bias), rectifier);
        let output = spread::spread::<R>(geometry, values(coarse), values(&weight), &finish);
        output.into_tensor(geometry.fine_shape())
    })
}

/// What a function makes of an input, in the form that suits the geometry.
fn computed<R: Real>(
    input: FlexTensor,
    geometry: &Geometry,
    compute: impl Fn(&FlexTensor, &Geometry) -> FlexTensor,
) -> FlexTensor {
    match geometry.with_samples_last() {
        Some(geometry) => {
            let output = compute(&samples_last::samples_last::<R>(&input), &geometry);
            // The one sample is no axis of the memory.
            let dims = output.shape()[1..].to_vec();
            let output = samples_last::of_samples_last(output.reshape(Shape::from(dims)));
            match output.shape()[1] <= COLOURS {
                true => samples_last::contiguous::<R>(&output),
                false => output,
            }
        }
        None => compute(&samples_last::contiguous::<R>(&input), geometry),
    }
}

fn weight_gradient<R: Real>(
    fine: FlexTensor,
    coarse: FlexTensor,
    geometry: &Geometry,
) -> FlexTensor {
    let shape = geometry.weight_shape();
    let (form, geometry): (fn(&FlexTensor) -> FlexTensor, Geometry) =
        match geometry.with_samples_last() {
            Some(geometry) => (samples_last::samples_last::<R>, geometry),
            None => (samples_last::contiguous::<R>, *geometry),
        };
    let [fine, coarse] = [fine, coarse].map(|tensor| form(&tensor));
    let output = weight_gradient::weight_gradient::<R>(&geometry, values(&fine), values(&coarse));
    output.into_tensor(shape)
}

fn channel_sums<R: Real>(values_of: FlexTensor) -> FlexTensor {
    let (values_of, channels, samples) = match as_samples_last(&values_of) {
        Some(memory) => (memory, values_of.shape()[1], 1),
        None => {
            let shape = values_of.shape();
            (values_of.to_contiguous(), shape[1], shape[0])
        }
    };
    let positions = values_of.shape().num_elements() / (channels * samples).max(1);
    let values = values::<R>(&values_of);
    let sums = (0..channels)
        .into_par_iter()
        .map(|channel| {
            let samples = values.chunks((channels * positions).max(1));
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
