//! Batch norm and activation on the CPU: a channel is a task, and each pass over it does all there is to do.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::{DType, Shape, TensorData};
use pulp::{Arch, NullaryFnOnce};
use rayon::prelude::*;

use super::Rectifier;
use super::ops::{NormGradients, NormPrimitives, NormSettings, NormalizationOps};
use crate::backends::flex::real::Real;

type FlexTensor = FloatTensor<Flex>;

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

fn forward<R: Real>(inputs: [FlexTensor; 3], settings: NormSettings) -> NormPrimitives<Flex> {
    let [input, gamma, beta] = inputs.map(|tensor| tensor.to_contiguous());
    let channels = Channels::of(&input);
    let (values, gamma, beta) = (values::<R>(&input), values::<R>(&gamma), values::<R>(&beta));
    let mut output = vec![R::ZERO; values.len()];
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
        output: tensor(output, input.shape()),
        mean: tensor::<R>(statistic(0), Shape::new([channels.count])),
        variance: tensor::<R>(statistic(1), Shape::new([channels.count])),
    }
}

fn backward<R: Real>(inputs: [FlexTensor; 6], settings: NormSettings) -> NormGradients<Flex> {
    let inputs = inputs.map(|tensor| tensor.to_contiguous());
    let [gradient, values, gamma, beta, mean, variance] = inputs.each_ref().map(values::<R>);
    let channels = Channels::of(&inputs[1]);
    let mut output = vec![R::ZERO; values.len()];
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
                    line: Line::new(mean[channel], spread, gamma[channel], beta[channel]),
                    mean: mean[channel],
                    spread,
                    settings,
                })
            })
        })
        .collect();
    let sum = |index: usize| sums.iter().map(|pair| pair[index]).collect();
    NormGradients {
        input: tensor(output, inputs[1].shape()),
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
    fn of(tensor: &FlexTensor) -> Self {
        let shape = tensor.shape();
        Self {
            count: shape[1],
            positions: shape[2..].iter().product(),
        }
    }

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
    let inputs = inputs.map(|rows| rows.concat());
    let mut long = vec![R::ZERO; length * output.len()];
    let found = run(
        inputs.each_ref().map(|row| vec![row.as_slice()]),
        vec![&mut long],
    );
    for (row, values) in output.into_iter().zip(long.chunks_exact(length.max(1))) {
        row.copy_from_slice(values);
    }
    found
}

/// Standard deviation of a channel.
fn spread<R: Real>(variance: R, epsilon: f64) -> R {
    (variance + R::of(epsilon)).sqrt()
}

/// A channel's way from input to normalized value, `slope · x + offset`.
#[derive(Clone, Copy)]
struct Line<R> {
    slope: R,
    offset: R,
}

impl<R: Real> Line<R> {
    #[inline(always)]
    fn new(mean: R, spread: R, gamma: R, beta: R) -> Self {
        let slope = gamma / spread;
        Self {
            slope,
            offset: beta - mean * slope,
        }
    }

    #[inline(always)]
    fn at(self, x: R) -> R {
        self.slope * x + self.offset
    }
}

/// Below this or at it a value is scaled by the factor; NaN is not.
#[inline(always)]
fn rectified<R: Real>(rectifier: Rectifier, value: R) -> R {
    match rectifier {
        Rectifier::None => value,
        Rectifier::Relu => {
            if value <= R::ZERO {
                R::ZERO
            } else {
                value
            }
        }
        Rectifier::LeakyRelu { slope } => {
            if value <= R::ZERO {
                value * R::of(slope)
            } else {
                value
            }
        }
    }
}

/// The gradient on its way back through the activation.
#[inline(always)]
fn through<R: Real>(rectifier: Rectifier, gradient: R, value: R) -> R {
    match rectifier {
        Rectifier::None => gradient,
        Rectifier::Relu => {
            if value <= R::ZERO {
                R::ZERO
            } else {
                gradient
            }
        }
        Rectifier::LeakyRelu { slope } => {
            if value <= R::ZERO {
                gradient * R::of(slope)
            } else {
                gradient
            }
        }
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
        let mean = sum / count;
        let [squares] = sums(input.iter().copied(), |x| [(x - mean) * (x - mean)]);
        let variance = squares / count;
        let line = Line::new(mean, spread(variance, settings.epsilon), gamma, beta);
        for (output, input) in output.into_iter().zip(&input) {
            for (output, input) in output.iter_mut().zip(*input) {
                *output = rectified(settings.rectifier, line.at(*input));
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
    mean: R,
    spread: R,
    settings: NormSettings,
}

impl<R: Real> NullaryFnOnce for Backward<'_, R> {
    type Output = [R; 2];

    /// `[Σ g, Σ g · (x − mean) / spread]`, where `g` is the gradient before the activation.
    #[inline(always)]
    fn call(self) -> [R; 2] {
        let Self {
            gradient,
            input,
            output,
            line,
            mean,
            spread,
            settings,
        } = self;
        let rectifier = settings.rectifier;
        let count: usize = input.iter().map(|row| row.len()).sum();
        let count = R::of(count as f64);
        let mut lanes = [[R::ZERO; LANES]; 2];
        for (gradient, input) in gradient.iter().zip(&input) {
            let (gradients, gradient_rest) = gradient.as_chunks::<LANES>();
            let (inputs, input_rest) = input.as_chunks::<LANES>();
            for (gradient, input) in gradients.iter().zip(inputs) {
                for lane in 0..LANES {
                    let g = through(rectifier, gradient[lane], line.at(input[lane]));
                    lanes[0][lane] += g;
                    lanes[1][lane] += g * (input[lane] - mean);
                }
            }
            for (lane, (gradient, input)) in gradient_rest.iter().zip(input_rest).enumerate() {
                let g = through(rectifier, *gradient, line.at(*input));
                lanes[0][lane] += g;
                lanes[1][lane] += g * (*input - mean);
            }
        }
        let [sum, scaled] = lanes.map(|lanes| total(&lanes));
        let of_gamma = scaled / spread;
        let (shift, tilt) = (sum / count, of_gamma / (count * spread));
        for ((output, gradient), input) in output.into_iter().zip(gradient).zip(input) {
            for ((output, gradient), input) in output.iter_mut().zip(gradient).zip(input) {
                let g = through(rectifier, *gradient, line.at(*input));
                *output = line.slope * (g - shift - (*input - mean) * tilt);
            }
        }
        [sum, of_gamma]
    }
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
