//! A step of Adam on the CPU, in place and in Burn's order of operations.

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use burn::tensor::DType;
use pulp::{Arch, NullaryFnOnce};
use rayon::prelude::*;

use super::ops::{AdamFactors, AdamOps, AdamPrimitives};
use crate::backends::flex::real::Real;

type FlexTensor = FloatTensor<Flex>;

/// Numbers that a task takes.
const PIECE: usize = 1 << 14;

impl AdamOps for Flex {
    fn adam_step(
        tensor: FlexTensor,
        gradient: FlexTensor,
        moment_1: FlexTensor,
        moment_2: FlexTensor,
        factors: AdamFactors,
    ) -> AdamPrimitives<Self> {
        let inputs = [tensor, gradient, moment_1, moment_2];
        match inputs[0].dtype() {
            DType::F32 => step::<f32>(inputs, factors),
            DType::F64 => step::<f64>(inputs, factors),
            dtype => panic!("the kernel of Adam is for f32 and f64, not {dtype:?}"),
        }
    }
}

fn step<R: Real>(inputs: [FlexTensor; 4], factors: AdamFactors) -> AdamPrimitives<Flex> {
    let [mut tensor, gradient, mut moment_1, mut moment_2] =
        inputs.map(|tensor| tensor.to_contiguous());
    {
        let gradient = R::values(&gradient).expect("the gradient is contiguous and of this type");
        let changed = [&mut tensor, &mut moment_1, &mut moment_2];
        // In place where nobody else has the tensor, else in a copy.
        let [tensor, moment_1, moment_2] = changed.map(|tensor| tensor.storage_mut::<R>());
        let step = |(tensor, gradient, moment_1, moment_2)| {
            Arch::new().dispatch(Piece {
                tensor,
                gradient,
                moment_1,
                moment_2,
                factors,
            });
        };
        // Waking other threads takes longer than a piece.
        match gradient.len() > PIECE {
            true => {
                let pieces = (
                    tensor.par_chunks_mut(PIECE),
                    gradient.par_chunks(PIECE),
                    moment_1.par_chunks_mut(PIECE),
                    moment_2.par_chunks_mut(PIECE),
                );
                pieces.into_par_iter().for_each(step);
            }
            false => step((tensor, gradient, moment_1, moment_2)),
        }
    }
    AdamPrimitives {
        tensor,
        moment_1,
        moment_2,
    }
}

/// Some numbers of a parameter, its gradient and its moments.
struct Piece<'a, R> {
    tensor: &'a mut [R],
    gradient: &'a [R],
    moment_1: &'a mut [R],
    moment_2: &'a mut [R],
    factors: AdamFactors,
}

impl<R: Real> NullaryFnOnce for Piece<'_, R> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let AdamFactors {
            keep,
            take,
            correction,
            epsilon,
            learning_rate,
        } = self.factors;
        let [keep_1, keep_2] = keep.map(|factor| R::of(factor.into()));
        let [take_1, take_2] = take.map(|factor| R::of(factor.into()));
        let [correction, epsilon] = [correction, epsilon].map(|factor| R::of(factor.into()));
        let learning_rate = R::of(learning_rate);
        let values = self.tensor.iter_mut().zip(self.gradient);
        let moments = self.moment_1.iter_mut().zip(self.moment_2);
        for ((x, &gradient), (m, v)) in values.zip(moments) {
            *m = *m * keep_1 + gradient * take_1;
            *v = *v * keep_2 + gradient * gradient * take_2;
            let direction = *m * correction / (v.sqrt() + epsilon);
            *x = *x - direction * learning_rate;
        }
    }
}
