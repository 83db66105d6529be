//! Adam in one pass, against Burn's.

use burn::module::{Module, Param};
use burn::optim::{
    self, AdamState, AdaptiveMomentumState, GradientsParams, ModuleOptimizer, Optimizer,
};
use burn::tensor::{DType, Device, Tensor, TensorData};
use memae_kernels::adam::AdamConfig;
use proptest::prelude::*;

use crate::convolution::numbers;
use crate::devices::{devices, double_precision_devices, values};
use crate::random::for_cases;

const CASES: u32 = 200;

#[derive(Debug, Clone)]
struct Case {
    dims: [usize; 2],
    /// Whether gradients lie in memory by columns.
    transposed: bool,
    /// Whether what a step starts from is held meanwhile.
    held: bool,
    steps: usize,
    learning_rate: f64,
    config: AdamConfig,
    seed: u64,
}

fn cases() -> impl Strategy<Value = Case> {
    let dims = prop_oneof![
        4 => (1..=7usize, 1..=131usize),
        1 => (90..=210usize, 300..=310usize),
    ];
    let betas = (0.0..0.99f32, 0.5..0.9999f32, -10..-2i32);
    let steps = (1..=6usize, -5.0..0.0f64);
    (dims, any::<[bool; 2]>(), steps, betas, 0..1_000_000u64).prop_map(
        |(dims, [transposed, held], (steps, exponent), (beta_1, beta_2, epsilon), seed)| Case {
            dims: dims.into(),
            transposed,
            held,
            steps,
            learning_rate: 10f64.powf(exponent),
            config: AdamConfig::new()
                .with_beta_1(beta_1)
                .with_beta_2(beta_2)
                .with_epsilon(10f32.powi(epsilon)),
            seed,
        },
    )
}

/// Values of a tensor, so that zeros of either sign differ.
fn bits<const D: usize>(tensor: Tensor<D>) -> Vec<u64> {
    values(tensor).into_iter().map(f64::to_bits).collect()
}

fn by_burn(config: &AdamConfig) -> optim::AdamConfig {
    optim::AdamConfig::new()
        .with_beta_1(config.beta_1)
        .with_beta_2(config.beta_2)
        .with_epsilon(config.epsilon)
}

/// Bits of parameter and both moments and the number of steps, after each step.
fn run<O>(optimizer: O, case: &Case, dtype: DType, device: &Device) -> Vec<([Vec<u64>; 3], usize)>
where
    O: Optimizer<State<2> = AdamState<2>>,
{
    let matrix = |seed: u64, dims: [usize; 2]| {
        let data = TensorData::new(numbers(case.seed * 8 + seed, dims[0] * dims[1]), dims);
        Tensor::<2>::from_data(data.try_cast(dtype).unwrap(), (device, dtype))
    };
    let [height, width] = case.dims;
    let mut tensor = matrix(0, case.dims);
    let mut state: Option<AdamState<2>> = None;
    let figures = |tensor: &Tensor<2>, state: &AdamState<2>| {
        let AdamState { momentum } = state.clone();
        let tensors = [tensor.clone(), momentum.moment_1, momentum.moment_2];
        (tensors.map(bits), momentum.time)
    };
    let mut held = Vec::new();
    let found = (0..case.steps).map(|step| {
        let gradient = match case.transposed {
            true => matrix(1 + step as u64, [width, height]).transpose(),
            false => matrix(1 + step as u64, case.dims),
        };
        if case.held {
            held.extend(state.clone().map(|state| (tensor.clone(), state)));
        }
        let parameter = std::mem::replace(&mut tensor, gradient.clone());
        let stepped = optimizer.step(case.learning_rate, parameter, gradient, state.take());
        tensor = stepped.0;
        state = stepped.1;
        figures(&tensor, state.as_ref().unwrap())
    });
    let found: Vec<_> = found.collect();
    for ((tensor, state), found) in held.iter().zip(&found) {
        assert_eq!(
            figures(tensor, state),
            *found,
            "a step changed what another holds"
        );
    }
    found
}

#[track_caller]
fn assert_equals_burn(case: &Case, dtype: DType, (name, device): &(&str, Device)) {
    let found = run(case.config.build(), case, dtype, device);
    let expected = run(by_burn(&case.config).build(), case, dtype, device);
    assert_eq!(found, expected, "{name}");
}

#[test]
fn steps_equal_burns_to_the_last_bit() {
    let of_types = [
        (DType::F32, devices()),
        (DType::F64, double_precision_devices()),
    ];
    for (dtype, devices) in of_types {
        for device in devices {
            for_cases(device.0, CASES, cases(), |case| {
                assert_equals_burn(case, dtype, &device);
            });
        }
    }
}

#[test]
#[cfg(feature = "flex")]
fn half_precision_goes_burns_way() {
    let case = Case {
        dims: [3, 50],
        transposed: false,
        held: false,
        steps: 3,
        learning_rate: 0.01,
        config: AdamConfig::new().with_epsilon(1e-3),
        seed: 3,
    };
    for dtype in [DType::F16, DType::BF16] {
        assert_equals_burn(&case, dtype, &("flex", Device::flex()));
    }
}

#[test]
fn nan_stays_where_it_is() {
    for (name, device) in devices() {
        let adam = AdamConfig::new().build();
        let mut tensor = Tensor::<1>::zeros([40_000], &device);
        let mut gradient = vec![1.0f32; 40_000];
        gradient[20_000] = f32::NAN;
        let gradient = Tensor::<1>::from_floats(gradient.as_slice(), &device);
        let mut state = None;
        for _ in 0..3 {
            (tensor, state) = adam.step(0.1, tensor, gradient.clone(), state);
        }
        for (index, value) in values(tensor).into_iter().enumerate() {
            assert_eq!(value.is_nan(), index == 20_000, "{name}: value {index}");
            assert!(
                index == 20_000 || (value + 0.3).abs() < 1e-5,
                "{name}: value {index}"
            );
        }
    }
}

#[derive(Module, Debug)]
struct Line {
    weight: Param<Tensor<2>>,
}

impl Line {
    fn step(self, optimizer: &mut ModuleOptimizer) -> Self {
        let loss = self.weight.val().powi_scalar(3).sum();
        let gradients = GradientsParams::from_grads(loss.backward(), &self);
        optimizer.step(0.05, self, gradients)
    }
}

#[test]
fn records_go_on_in_burns_and_back() {
    let config = AdamConfig::new();
    for (name, device) in devices() {
        let weight = Tensor::from_floats([[0.3, -2.0, 0.7]], &device.clone().autodiff());
        let line = Line {
            weight: Param::from_tensor(weight),
        };
        let runs = [
            [true; 3],
            [false; 3],
            [true, false, true],
            [false, true, false],
        ];
        let found = runs.map(|by_burn_next| {
            let mut line = line.clone();
            let mut record = None;
            for by_burn_now in by_burn_next {
                let mut optimizer = match by_burn_now {
                    true => by_burn(&config).init(),
                    false => config.init(),
                };
                if let Some(record) = record.take() {
                    optimizer = optimizer.from_bytes(record).unwrap();
                }
                line = line.step(&mut optimizer).step(&mut optimizer);
                record = Some(optimizer.into_bytes().unwrap());
            }
            bits(line.weight.val())
        });
        for other in &found[1..] {
            assert_eq!(*other, found[0], "{name}");
        }
    }
}

#[test]
fn the_largest_moments_of_a_record_are_kept() {
    for (name, device) in devices() {
        let ones = || Tensor::<1>::ones([3], &device);
        let mut momentum = AdaptiveMomentumState::new(1, ones(), ones());
        momentum.max_moment_2 = Some(ones() * 7.0);
        let adam = AdamConfig::new().build();
        let (_, state) = adam.step(0.1, ones(), ones(), Some(AdamState::new(momentum)));
        let kept = state.unwrap().momentum.max_moment_2.unwrap();
        assert_eq!(values(kept), [7.0; 3], "{name}");
    }
}

#[test]
#[should_panic(expected = "beta_2 of Adam is 1, expected 0 to below 1")]
fn an_average_that_keeps_everything_is_refused() {
    AdamConfig::new().with_beta_2(1.0).init();
}

#[test]
#[should_panic(expected = "epsilon of Adam is 0, expected a finite number above 0")]
fn a_division_by_zero_is_refused() {
    AdamConfig::new().with_epsilon(0.0).init();
}
