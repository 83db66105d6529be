//! Gradients on every backend that has the operation.

use std::marker::PhantomData;

use burn::backend::Backend;
use burn::backend::autodiff::Autodiff;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;

use super::ops::{NormGradients, NormPrimitives, NormSettings, NormalizationOps};

#[derive(Debug)]
struct Step<B>(PhantomData<B>);

#[derive(Debug, Clone)]
struct State<B: Backend> {
    input: FloatTensor<B>,
    gamma: FloatTensor<B>,
    beta: FloatTensor<B>,
    mean: FloatTensor<B>,
    variance: FloatTensor<B>,
    settings: NormSettings,
}

impl<B: NormalizationOps> Backward<B, 3> for Step<B> {
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
            gamma,
            beta,
            mean,
            variance,
            settings,
        } = ops.state;
        let gradients = B::batch_norm_rectified_backward(
            gradient, input, gamma, beta, mean, variance, settings,
        );
        let NormGradients { input, gamma, beta } = gradients;
        for (parent, gradient) in ops.parents.into_iter().zip([input, gamma, beta]) {
            if let Some(parent) = parent {
                grads.register::<B>(parent.id, gradient);
            }
        }
    }
}

impl<B: NormalizationOps, C: CheckpointStrategy> NormalizationOps for Autodiff<B, C> {
    fn batch_norm_rectified(
        input: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        settings: NormSettings,
    ) -> NormPrimitives<Self> {
        let nodes = [input.node(), gamma.node(), beta.node()];
        let [input, gamma, beta] = [input, gamma, beta].map(|tensor| tensor.into_primitive());
        let run = |[input, gamma, beta]: [FloatTensor<B>; 3]| {
            B::batch_norm_rectified(input, gamma, beta, settings)
        };
        let step = Step::<B>(PhantomData).prepare::<C>(nodes);
        let (output, mean, variance) = match step.compute_bound().stateful() {
            OpsKind::Tracked(prepared) => {
                let found = run([input.clone(), gamma.clone(), beta.clone()]);
                let state = State {
                    input,
                    gamma,
                    beta,
                    mean: found.mean.clone(),
                    variance: found.variance.clone(),
                    settings,
                };
                let output = prepared.finish(state, found.output);
                (output, found.mean, found.variance)
            }
            OpsKind::UnTracked(prepared) => {
                let found = run([input, gamma, beta]);
                (prepared.finish(found.output), found.mean, found.variance)
            }
        };
        NormPrimitives {
            output,
            mean: FloatTensor::<Self>::new(mean),
            variance: FloatTensor::<Self>::new(variance),
        }
    }

    fn batch_norm_rectified_backward(
        gradient: FloatTensor<Self>,
        input: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        settings: NormSettings,
    ) -> NormGradients<Self> {
        let found = B::batch_norm_rectified_backward(
            gradient.into_primitive(),
            input.into_primitive(),
            gamma.into_primitive(),
            beta.into_primitive(),
            mean.into_primitive(),
            variance.into_primitive(),
            settings,
        );
        NormGradients {
            input: FloatTensor::<Self>::new(found.input),
            gamma: FloatTensor::<Self>::new(found.gamma),
            beta: FloatTensor::<Self>::new(found.beta),
        }
    }
}
