//! Batch norm and activation on the CPU: a channel is a task, and each pass over it does all there is to do.

use burn::backend::{Flex, TensorMetadata};
use burn::tensor::{DType, Shape, TensorData};
use pulp::{Arch, NullaryFnOnce};
use rayon::prelude::*;

use super::ops::{NormGradients, NormPrimitives, NormSettings, NormalizationOps};
use crate::Rectifier;
use crate::simd::FlexTensor;
use crate::simd::pool::Numbers;
use crate::simd::real::Real;
use crate::simd::samples_last::{self, as_samples_last};

/// Sums kept apart, so that one addition need not wait for the one before and rounding errors stay small.
const LANES: usize = 32;
/// Values of a row from which on it is not joined with others.
const LONG_ROW: usize = 512;

impl NormalizationOps for Flex {
    fn batch_norm_rectified(
        input: FlexTensor,
        gamma: FlexTensor,
        beta: FlexTensor,
        settings: NormSettings,
    ) -> NormPrimitives<Self> {
        match input.dtype() {
            DType::F32 => forward::<f32>([input, gamma, beta], settings),
            DType::F64 => forward::<f64>([input, gamma, beta], settings),
            dtype => panic!("batch norm kernels are for f32 and f64, not {dtype:?}"),
        }
    }

    fn batch_norm_rectified_backward(
        gradient: FlexTensor,
        input: FlexTensor,
        gamma: FlexTensor,
        beta: FlexTensor,
        mean: FlexTensor,
        variance: FlexTensor,
        settings: NormSettings,
    ) -> NormGradients<Self> {
        let inputs = [gradient, input, gamma, beta, mean, variance];
        match inputs[1].dtype() {
            DType::F32 => backward::<f32>(inputs, settings),
            DType::F64 => backward::<f64>(inputs, settings),
            dtype => panic!("batch norm kernels are for f32 and f64, not {dtype:?}"),
        }
    }
}

/// Tensors `[batch, channels, …]` in the form of the first of them, and of its values in memory.
fn in_one_form<R: Real, const N: usize>(tensors: [FlexTensor; N]) -> ([FlexTensor; N], Form) {
    let shape = tensors[0].shape();
    let side_by_side = as_samples_last(&tensors[0]).is_some();
    let form = if side_by_side {
        samples_last::samples_last::<R>
    } else {
        samples_last::contiguous::<R>
    };
    let form_of = Form {
        channels: Channels {
            count: shape[1],
            positions: match side_by_side {
                true => shape.num_elements() / shape[1],
                false => shape[2..].iter().product(),
            },
        },
        side_by_side,
    };
    (tensors.map(|tensor| form(&tensor)), form_of)
}

/// How the values of a tensor are in memory.
#[derive(Clone, Copy)]
struct Form {
    channels: Channels,
    /// Whether samples are side by side, so that a channel is one row.
    side_by_side: bool,
}

impl Form {
    fn tensor<R: Real>(self, values: Numbers<R>, memory: &FlexTensor) -> FlexTensor {
        let tensor = values.into_tensor(memory.shape());
        match self.side_by_side {
            true => samples_last::of_samples_last(tensor),
            false => tensor,
        }
    }
}

fn forward<R: Real>(inputs: [FlexTensor; 3], settings: NormSettings) -> NormPrimitives<Flex> {
    let [input, gamma, beta] = inputs;
    let ([input], form) = in_one_form::<R, 1>([input]);
    let [gamma, beta] = [gamma, beta].map(|tensor| tensor.to_contiguous());
    let channels = form.channels;
    let (values, gamma, beta) = (values::<R>(&input), values::<R>(&gamma), values::<R>(&beta));
    let mut output = Numbers::<R>::new(values.len());
    let rows = channels.rows_mut(&mut output);
    let statistics: Vec<[R; 2]> = (0..channels.count)
        .into_par_iter()
        .zip(rows)
        .map(|(channel, output)| {
            let input = channels.rows(values, channel);
            in_long_rows([input], output, |[input], output| {
                Arch::new().dispatch(Forward {
                    input,
                    output,
                    gamma: gamma[channel],
                    beta: beta[channel],
                    settings,
                })
            })
        })
        .collect();
    let statistic = |index: usize| statistics.iter().map(|pair| pair[index]).collect();
    NormPrimitives {
        output: form.tensor(output, &input),
        mean: tensor::<R>(statistic(0), Shape::new([channels.count])),
        variance: tensor::<R>(statistic(1), Shape::new([channels.count])),
    }
}

fn backward<R: Real>(inputs: [FlexTensor; 6], settings: NormSettings) -> NormGradients<Flex> {
    let [gradient, input, rest @ ..] = inputs;
    let ([input, gradient], form) = in_one_form::<R, 2>([input, gradient]);
    let rest = rest.map(|tensor| tensor.to_contiguous());
    let [gamma, beta, mean, variance] = rest.each_ref().map(values::<R>);
    let (gradient, values) = (values::<R>(&gradient), values::<R>(&input));
    let channels = form.channels;
    let mut output = Numbers::<R>::new(values.len());
    let rows = channels.rows_mut(&mut output);
    let sums: Vec<[R; 2]> = (0..channels.count)
        .into_par_iter()
        .zip(rows)
        .map(|(channel, output)| {
            let spread = spread(variance[channel], settings.epsilon);
            let inputs = [gradient, values].map(|values| channels.rows(values, channel));
            in_long_rows(inputs, output, |[gradient, input], output| {
                Arch::new().dispatch(Backward {
                    gradient,
                    input,
                    output,
                    line: Line {
                        slope: gamma[channel] / spread,
                        mean: mean[channel],
                        shift: beta[channel],
                    },
                    spread,
                    rectifier: settings.rectifier,
                })
            })
        })
        .collect();
    let sum = |index: usize| sums.iter().map(|pair| pair[index]).collect();
    NormGradients {
        input: form.tensor(output, &input),
        beta: tensor::<R>(sum(0), Shape::new([channels.count])),
        gamma: tensor::<R>(sum(1), Shape::new([channels.count])),
    }
}

/// The channels of a tensor `[batch, channels, …]`.
#[derive(Clone, Copy)]
struct Channels {
    count: usize,
    positions: usize,
}

impl Channels {
    /// The values of a channel, sample by sample.
    fn rows<R>(self, values: &[R], channel: usize) -> Vec<&[R]> {
        let rows = values.chunks_exact(self.positions.max(1));
        rows.skip(channel).step_by(self.count).collect()
    }

    /// The values of every channel, sample by sample.
    fn rows_mut<R>(self, values: &mut [R]) -> Vec<Vec<&mut [R]>> {
        let mut channels: Vec<Vec<&mut [R]>> = (0..self.count).map(|_| Vec::new()).collect();
        for (row, values) in values.chunks_exact_mut(self.positions.max(1)).enumerate() {
            channels[row % self.count].push(values);
        }
        channels
    }
}

/// Calls a function with the rows of a channel, or with one long row in their place where they are too short for vectors.
fn in_long_rows<R: Real, T, const N: usize>(
    inputs: [Vec<&[R]>; N],
    output: Vec<&mut [R]>,
    run: impl FnOnce([Vec<&[R]>; N], Vec<&mut [R]>) -> T,
) -> T {
    let length = output.first().map_or(0, |row| row.len());
    if length >= LONG_ROW {
        return run(inputs, output);
    }
    let joined = inputs.map(|rows| {
        let mut joined = Numbers::new(length * rows.len());
        for (place, row) in joined.chunks_exact_mut(length.max(1)).zip(rows) {
            place.copy_from_slice(row);
        }
        joined
    });
    let mut long = Numbers::new(length * output.len());
    let found = run(joined.each_ref().map(|row| vec![&**row]), vec![&mut long]);
    for (row, values) in output.into_iter().zip(long.chunks_exact(length.max(1))) {
        row.copy_from_slice(values);
    }
    found
}

/// Standard deviation of a channel.
fn spread<R: Real>(variance: R, epsilon: f64) -> R {
    (variance + R::of(epsilon)).sqrt()
}

/// A channel's way from input to normalized value, `slope · (x − mean) + shift`: where the mean is far larger than the
/// deviations from it, no other order of these operations keeps their digits.
#[derive(Clone, Copy)]
struct Line<R> {
    slope: R,
    mean: R,
    shift: R,
}

impl<R: Real> Line<R> {
    #[inline(always)]
    fn at(self, x: R) -> R {
        self.slope * (x - self.mean) + self.shift
    }
}

struct Forward<'a, R> {
    input: Vec<&'a [R]>,
    output: Vec<&'a mut [R]>,
    gamma: R,
    beta: R,
    settings: NormSettings,
}

impl<R: Real> NullaryFnOnce for Forward<'_, R> {
    type Output = [R; 2];

    #[inline(always)]
    fn call(self) -> [R; 2] {
        match self.settings.rectifier {
            Rectifier::None => self.run(|value| value),
            Rectifier::Relu => self.run(|value| at_most_zero(value, R::ZERO, value)),
            Rectifier::LeakyRelu { slope } => {
                let slope = R::of(slope);
                self.run(move |value| at_most_zero(value, value * slope, value))
            }
        }
    }
}

impl<R: Real> Forward<'_, R> {
    /// Mean and variance.
    #[inline(always)]
    fn run(self, rectified: impl Fn(R) -> R) -> [R; 2] {
        let Self {
            input,
            output,
            gamma,
            beta,
            settings,
        } = self;
        let count: usize = input.iter().map(|row| row.len()).sum();
        let count = R::of(count as f64);
        let [sum] = sums(input.iter().copied(), |x| [x]);
        let about = sum / count;
        // What rounding has left of the deviations tells by how much the mean is off.
        let moments = sums(input.iter().copied(), |x| {
            [x - about, (x - about) * (x - about)]
        });
        let [off, squares] = moments.map(|moment| moment / count);
        let (mean, difference) = (about + off, squares - off * off);
        // Rounding alone makes it negative.
        let variance = if difference < R::ZERO {
            R::ZERO
        } else {
            difference
        };
        let line = Line {
            slope: gamma / spread(variance, settings.epsilon),
            mean,
            shift: beta,
        };
        for (output, input) in output.into_iter().zip(&input) {
            for (output, input) in output.iter_mut().zip(*input) {
                *output = rectified(line.at(*input));
            }
        }
        [mean, variance]
    }
}

struct Backward<'a, R> {
    gradient: Vec<&'a [R]>,
    input: Vec<&'a [R]>,
    output: Vec<&'a mut [R]>,
    line: Line<R>,
    spread: R,
    rectifier: Rectifier,
}

impl<R: Real> NullaryFnOnce for Backward<'_, R> {
    type Output = [R; 2];

    #[inline(always)]
    fn call(self) -> [R; 2] {
        match self.rectifier {
            Rectifier::None => self.run(|gradient, _| gradient),
            Rectifier::Relu => self.run(|gradient, value| at_most_zero(value, R::ZERO, gradient)),
            Rectifier::LeakyRelu { slope } => {
                let slope = R::of(slope);
                self.run(move |gradient, value| at_most_zero(value, gradient * slope, gradient))
            }
        }
    }
}

impl<R: Real> Backward<'_, R> {
    /// `[Σ g, Σ g · (x − mean) / spread]`, where `g` is the gradient before the activation, which a function finds from
    /// the one after it and the normalized value.
    #[inline(always)]
    fn run(self, through: impl Fn(R, R) -> R) -> [R; 2] {
        let Self {
            gradient,
            input,
            output,
            line,
            spread,
            ..
        } = self;
        let count: usize = input.iter().map(|row| row.len()).sum();
        let count = R::of(count as f64);
        let mut lanes = [[R::ZERO; LANES]; 2];
        let mut add = |lane: usize, gradient: R, input: R| {
            let g = through(gradient, line.at(input));
            lanes[0][lane] += g;
            lanes[1][lane] += g * (input - line.mean);
        };
        for (gradient, input) in gradient.iter().zip(&input) {
            let (gradients, gradient_rest) = gradient.as_chunks::<LANES>();
            let (inputs, input_rest) = input.as_chunks::<LANES>();
            for (gradient, input) in gradients.iter().zip(inputs) {
                for lane in 0..LANES {
                    add(lane, gradient[lane], input[lane]);
                }
            }
            for (lane, (gradient, input)) in gradient_rest.iter().zip(input_rest).enumerate() {
                add(lane, *gradient, *input);
            }
        }
        let [sum, scaled] = lanes.map(|lanes| total(&lanes));
        let of_gamma = scaled / spread;
        let (shift, tilt) = (sum / count, of_gamma / (count * spread));
        for ((output, gradient), input) in output.into_iter().zip(gradient).zip(input) {
            for ((output, gradient), input) in output.iter_mut().zip(gradient).zip(input) {
                let g = through(*gradient, line.at(*input));
                *output = line.slope * (g - shift - (*input - line.mean) * tilt);
            }
        }
        [sum, of_gamma]
    }
}

/// One of two values, the first where `value` is at most zero; NaN is not.
#[inline(always)]
fn at_most_zero<R: Real>(value: R, then: R, otherwise: R) -> R {
    if value <= R::ZERO { then } else { otherwise }
}

/// Sums of what a function makes of each value.
#[inline(always)]
fn sums<'a, R: Real, const N: usize>(
    rows: impl Iterator<Item = &'a [R]>,
    of: impl Fn(R) -> [R; N],
) -> [R; N] {
    let mut lanes = [[R::ZERO; LANES]; N];
    for row in rows {
        let (chunks, rest) = row.as_chunks::<LANES>();
        for chunk in chunks {
            for lane in 0..LANES {
                let values = of(chunk[lane]);
                for index in 0..N {
                    lanes[index][lane] += values[index];
                }
            }
        }
        for (lane, value) in rest.iter().enumerate() {
            let values = of(*value);
            for index in 0..N {
                lanes[index][lane] += values[index];
            }
        }
    }
    lanes.map(|lanes| total(&lanes))
}

#[inline(always)]
fn total<R: Real>(lanes: &[R; LANES]) -> R {
    lanes.iter().fold(R::ZERO, |total, lane| total + *lane)
}

fn values<R: Real>(contiguous: &FlexTensor) -> &[R] {
    R::values(contiguous).expect("the tensor is contiguous and of this type")
}

fn tensor<R: Real>(values: Vec<R>, shape: Shape) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}
