//! Gradients on every backend that has the products.

use std::marker::PhantomData;

use burn::backend::autodiff::Autodiff;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::ops::ActivationOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, TensorMetadata};
use burn::tensor::Shape;

use super::geometry::Geometry;
use super::ops::ConvolutionOps;
use crate::Rectifier;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    /// From fine to coarse.
    Convolve,
    /// From coarse to fine.
    Spread,
}

impl Direction {
    fn apply<B: ConvolutionOps>(
        self,
        input: FloatTensor<B>,
        weight: FloatTensor<B>,
        bias: FloatTensor<B>,
        geometry: Geometry,
    ) -> FloatTensor<B> {
        match self {
            Direction::Convolve => B::convolve(input, weight, bias, geometry, Rectifier::None),
            Direction::Spread => B::spread(input, weight, bias, geometry, Rectifier::None),
        }
    }

    fn back(self) -> Self {
        match self {
            Direction::Convolve => Direction::Spread,
            Direction::Spread => Direction::Convolve,
        }
    }
}

/// The step of a convolution whose parents are input, weight and bias.
#[derive(Debug)]
struct Step<B>(PhantomData<B>);

#[derive(Debug, Clone)]
struct State<B: Backend> {
    input: FloatTensor<B>,
    weight: FloatTensor<B>,
    geometry: Geometry,
    direction: Direction,
}

impl<B: ConvolutionOps> Backward<B, 3> for Step<B> {
    type State = State<B>;

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let gradient = grads.consume::<B>(&ops.node);
        let State {
            input,
            weight,
            geometry,
            direction,
        } = ops.state;
        let [of_input, of_weight, of_bias] = ops.parents;
        if let Some(node) = of_input {
            let channels = input.shape()[1];
            let (device, dtype) = (input.device(), input.dtype());
            let no_bias = B::float_zeros(Shape::new([channels]), &device, dtype.into());
            let back = direction.back();
            let output = back.apply::<B>(gradient.clone(), weight, no_bias, geometry);
            grads.register::<B>(node.id, output);
        }
        if let Some(node) = of_weight {
            let [fine, coarse] = match direction {
                Direction::Convolve => [input, gradient.clone()],
                Direction::Spread => [gradient.clone(), input],
            };
            grads.register::<B>(node.id, B::weight_gradient(fine, coarse, geometry));
        }
        if let Some(node) = of_bias {
            grads.register::<B>(node.id, B::channel_sums(gradient));
        }
    }
}

fn tracked<B: ConvolutionOps, C: CheckpointStrategy>(
    inputs: [FloatTensor<Autodiff<B, C>>; 3],
    geometry: Geometry,
    direction: Direction,
) -> FloatTensor<Autodiff<B, C>> {
    let nodes = inputs.each_ref().map(|tensor| tensor.node());
    let [input, weight, bias] = inputs.map(|tensor| tensor.into_primitive());
    match Step::<B>(PhantomData)
        .prepare::<C>(nodes)
        .compute_bound()
        .stateful()
    {
        OpsKind::Tracked(prepared) => {
            let state = State {
                input: input.clone(),
                weight: weight.clone(),
                geometry,
                direction,
            };
            let output = direction.apply::<B>(input, weight, bias, geometry);
            prepared.finish(state, output)
        }
        OpsKind::UnTracked(prepared) => {
            prepared.finish(direction.apply::<B>(input, weight, bias, geometry))
        }
    }
}

/// The activation, with Burn's gradient.
fn rectified<B: ConvolutionOps, C: CheckpointStrategy>(
    output: FloatTensor<Autodiff<B, C>>,
    rectifier: Rectifier,
) -> FloatTensor<Autodiff<B, C>> {
    match rectifier {
        Rectifier::None => output,
        Rectifier::Relu => Autodiff::<B, C>::relu(output),
        Rectifier::LeakyRelu { slope } => Autodiff::<B, C>::leaky_relu(output, slope.into()),
    }
}

impl<B: ConvolutionOps, C: CheckpointStrategy> ConvolutionOps for Autodiff<B, C> {
    fn convolve(
        fine: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        geometry: Geometry,
        rectifier: Rectifier,
    ) -> FloatTensor<Self> {
        let output = tracked::<B, C>([fine, weight, bias], geometry, Direction::Convolve);
        rectified::<B, C>(output, rectifier)
    }

    fn spread(
        coarse: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        geometry: Geometry,
        rectifier: Rectifier,
    ) -> FloatTensor<Self> {
        let output = tracked::<B, C>([coarse, weight, bias], geometry, Direction::Spread);
        rectified::<B, C>(output, rectifier)
    }

    fn weight_gradient(
        fine: FloatTensor<Self>,
        coarse: FloatTensor<Self>,
        geometry: Geometry,
    ) -> FloatTensor<Self> {
        let (fine, coarse) = (fine.into_primitive(), coarse.into_primitive());
        FloatTensor::<Self>::new(B::weight_gradient(fine, coarse, geometry))
    }

    fn channel_sums(values: FloatTensor<Self>) -> FloatTensor<Self> {
        FloatTensor::<Self>::new(B::channel_sums(values.into_primitive()))
    }
}
