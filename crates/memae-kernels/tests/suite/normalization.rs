//! Batch norm and activation in one operation, against Burn's two.

use burn::tensor::{DType, Device, Tensor, TensorData, module};
use memae_kernels::Rectifier;
use memae_kernels::normalization::batch_norm_rectified;
use proptest::prelude::*;

use crate::convolution::numbers;
use crate::devices::{assert_close, devices, double_precision_devices, magnitude, values};
use crate::random::for_cases;

const CASES: u32 = 300;
const EPSILON: f64 = 1e-5;

#[derive(Debug, Clone)]
struct Case {
    dims: [usize; 4],
    /// Whether the samples of a batch are side by side in memory.
    side_by_side: bool,
    rectifier: Rectifier,
    seed: u64,
}

fn cases() -> impl Strategy<Value = Case> {
    let rectifier = prop_oneof![
        Just(Rectifier::None),
        Just(Rectifier::Relu),
        (-0.5..0.9f64).prop_map(|slope| Rectifier::LeakyRelu { slope }),
    ];
    let dims = (1..=5usize, 1..=5usize, 2..=9usize, 1..=37usize);
    (dims, any::<bool>(), rectifier, 0..1_000_000u64).prop_map(
        |(dims, side_by_side, rectifier, seed)| Case {
            dims: dims.into(),
            side_by_side,
            rectifier,
            seed,
        },
    )
}

/// Output, mean, variance, and gradients of input, scale and shift of `Σ output · probe`.
fn run(case: &Case, dtype: DType, device: &Device, fused: bool) -> [Vec<f64>; 6] {
    let device = device.clone().autodiff();
    let [batch, channels, height, width] = case.dims;
    let count = batch * channels * height * width;
    let tensor = |seed: u64, count: usize| {
        let values = numbers(case.seed * 4 + seed, count);
        let data = TensorData::new(values, [count]).try_cast(dtype).unwrap();
        Tensor::<1>::from_data(data, (&device, dtype))
    };
    let input = tensor(0, count) + 0.3;
    let input = match case.side_by_side {
        true => {
            let memory = input.reshape([channels, height, width, batch]);
            memory.permute([3, 0, 1, 2])
        }
        false => input.reshape(case.dims),
    };
    let input = input.require_grad();
    let gamma = tensor(1, channels).require_grad();
    let beta = tensor(2, channels).require_grad();
    let probe = tensor(3, count).reshape(case.dims);
    let inputs = (input.clone(), gamma.clone(), beta.clone());
    let (output, mean, variance) = match fused {
        true => {
            let found = batch_norm_rectified(inputs.0, inputs.1, inputs.2, EPSILON, case.rectifier);
            (found.output, found.mean, found.variance)
        }
        false => {
            let found = module::batch_norm_train(inputs.0, inputs.1, inputs.2, EPSILON);
            let output = case.rectifier.forward(found.output);
            (output, found.mean, found.variance)
        }
    };
    let gradients = (output.clone() * probe).sum().backward();
    [
        values(output),
        values(mean),
        values(variance),
        values(input.grad(&gradients).unwrap()),
        values(gamma.grad(&gradients).unwrap()),
        values(beta.grad(&gradients).unwrap()),
    ]
}

fn check(case: &Case, dtype: DType, device: &Device, tolerance: f64) {
    // The composed operations in f64 are exact enough to hold f32 to.
    let expected = run(case, DType::F64, &Device::flex(), false);
    let found = run(case, dtype, device, true);
    let names = ["output", "mean", "variance", "input", "gamma", "beta"];
    for ((name, found), expected) in names.iter().zip(found).zip(expected) {
        let what = format!("{name} of {case:?}");
        assert_close(
            &what,
            &found,
            &expected,
            magnitude(&expected).max(1.0),
            tolerance,
        );
    }
}

#[test]
fn floats_agree_with_the_two_operations() {
    for (name, device) in devices() {
        for_cases(name, CASES, cases(), |case| {
            check(case, DType::F32, &device, 1e-4)
        });
    }
}

#[test]
fn doubles_agree_with_the_two_operations() {
    for (name, device) in double_precision_devices() {
        for_cases(name, CASES, cases(), |case| {
            check(case, DType::F64, &device, 1e-10)
        });
    }
}

#[test]
fn a_constant_channel_is_no_division_by_zero() {
    for (name, device) in devices() {
        let device = device.autodiff();
        let input = Tensor::<3>::full([2, 1, 3], 0.25, &device).require_grad();
        let (gamma, beta) = (Tensor::ones([1], &device), Tensor::full([1], 0.5, &device));
        let found = batch_norm_rectified(input.clone(), gamma, beta, EPSILON, Rectifier::Relu);
        let gradients = found.output.clone().sum().backward();
        assert_close(name, &values(found.output), &[0.5; 6], 1.0, 1e-6);
        assert_close(
            name,
            &values(input.grad(&gradients).unwrap()),
            &[0.0; 6],
            1.0,
            1e-6,
        );
    }
}

#[test]
fn nan_is_kept() {
    let device = Device::flex();
    let input = Tensor::<3>::from_floats([[[1.0, f32::NAN], [1.0, 2.0]]], &device);
    let (gamma, beta) = (Tensor::ones([2], &device), Tensor::zeros([2], &device));
    let found = batch_norm_rectified(input, gamma, beta, EPSILON, Rectifier::Relu);
    let output = values(found.output);
    assert!(output[0].is_nan() && output[1].is_nan(), "{output:?}");
    assert!(output[2] == 0.0 && output[3] > 0.9, "{output:?}");
}

#[test]
#[should_panic(expected = "differ in channels: [2, 3, 4], [2], [2]")]
fn channels_that_differ_are_named() {
    let device = Device::flex();
    let (gamma, beta) = (Tensor::ones([2], &device), Tensor::zeros([2], &device));
    batch_norm_rectified(
        Tensor::<3>::zeros([2, 3, 4], &device),
        gamma,
        beta,
        EPSILON,
        Rectifier::None,
    );
}
