//! A step of Adam on the CPU, in place and in Burn's order of operations.

use burn::backend::Flex;
use burn::tensor::DType;
use pulp::{Arch, NullaryFnOnce};
use rayon::prelude::*;

use super::ops::{AdamFactors, AdamOps, AdamPrimitives};
use crate::simd::FlexTensor;
use crate::simd::real::Real;

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

#[cfg(test)]
mod tests {
    use burn::tensor::TensorData;

    use super::*;

    const FACTORS: AdamFactors = AdamFactors {
        keep: [0.5, 0.75],
        take: [0.5, 0.25],
        correction: 1.0,
        epsilon: 0.5,
        learning_rate: 0.125,
    };

    fn tensor(values: [f32; 2]) -> FlexTensor {
        FlexTensor::from_data(TensorData::new(values.to_vec(), [2]))
    }

    fn place(tensor: &FlexTensor) -> *const f32 {
        tensor.as_slice().unwrap().as_ptr()
    }

    #[test]
    fn a_step_is_in_place() {
        let inputs = [[1.0, -2.0], [4.0, 0.0], [2.0, 1.0], [16.0, 0.0]].map(tensor);
        let places = [&inputs[0], &inputs[2], &inputs[3]].map(place);
        let [parameter, gradient, moment_1, moment_2] = inputs;
        let found = Flex::adam_step(parameter, gradient, moment_1, moment_2, FACTORS);
        let found = [found.tensor, found.moment_1, found.moment_2];
        assert_eq!(found.each_ref().map(place), places);
        // 1 − 3 / (√16 + 0.5) · 0.125 and −2 − 0.5 / 0.5 · 0.125.
        let expected = [[1.0 - 3.0 / 4.5 * 0.125, -2.125], [3.0, 0.5], [16.0, 0.0]];
        assert_eq!(
            found
                .each_ref()
                .map(|tensor| tensor.as_slice::<f32>().unwrap()),
            expected
        );
    }

    #[test]
    fn what_another_holds_stays() {
        let inputs = [[1.0, -2.0], [4.0, 0.0], [2.0, 1.0], [16.0, 0.0]].map(tensor);
        let [parameter, gradient, moment_1, moment_2] = inputs.clone();
        let found = Flex::adam_step(parameter, gradient, moment_1, moment_2, FACTORS);
        assert_eq!(found.moment_1.as_slice::<f32>().unwrap(), [3.0, 0.5]);
        let held = inputs
            .each_ref()
            .map(|tensor| tensor.as_slice::<f32>().unwrap());
        assert_eq!(held, [[1.0, -2.0], [4.0, 0.0], [2.0, 1.0], [16.0, 0.0]]);
        // The gradient as parameter too.
        let [parameter, _, moment_1, moment_2] = inputs;
        let gradient = parameter.clone();
        let found = Flex::adam_step(parameter, gradient.clone(), moment_1, moment_2, FACTORS);
        assert_eq!(found.moment_1.as_slice::<f32>().unwrap(), [1.5, -0.5]);
        assert_eq!(gradient.as_slice::<f32>().unwrap(), [1.0, -2.0]);
    }

    #[test]
    fn nothing_is_stepped_to_nothing() {
        let [parameter, gradient, moment_1, moment_2] =
            [(); 4].map(|()| FlexTensor::from_data(TensorData::new(Vec::<f32>::new(), [0, 3])));
        let found = Flex::adam_step(parameter, gradient, moment_1, moment_2, FACTORS);
        assert!(found.tensor.as_slice::<f32>().unwrap().is_empty());
    }
}
