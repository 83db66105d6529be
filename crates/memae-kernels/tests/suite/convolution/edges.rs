use std::panic::{AssertUnwindSafe, catch_unwind};

use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use burn::tensor::{DType, Device, Tensor};
use memae_kernels::Rectifier;
use memae_kernels::convolution::{
    conv_transpose2d, conv_transpose2d_rectified, conv_transpose3d, conv2d, conv2d_rectified,
    conv3d,
};

use super::oracle::{Case, Values};
use super::{burns_2d, check, numbers, ours_2d, ours_3d, run, values_of};
use crate::devices::{assert_close, devices, magnitude, values};

/// A layer of a network, larger than one piece of the kernels in every direction.
fn layer(transposed: bool) -> Case<2> {
    Case {
        transposed,
        batch: 5,
        channels: [67, 71],
        groups: 1,
        size: match transposed {
            false => [37, 41],
            true => [19, 21],
        },
        kernel: [3, 3],
        stride: [2, 2],
        padding: [(1, 1); 2],
        padding_out: [0, 0],
        dilation: [1, 1],
        bias: true,
        seed: 7,
    }
}

#[test]
fn large_layers_agree_with_burn() {
    let device = Device::flex();
    for transposed in [false, true] {
        let case = layer(transposed);
        let inputs = values_of(&case, DType::F64);
        let [found, expected] = [ours_2d, burns_2d]
            .map(|convolution| run::<4, 2>(convolution, &case, &inputs, DType::F64, &device));
        for (what, found, expected) in [
            ("output", found.output, expected.output),
            ("input", found.input_gradient, expected.input_gradient),
            ("weight", found.weight_gradient, expected.weight_gradient),
            ("bias", found.bias_gradient, expected.bias_gradient),
        ] {
            assert_close(what, &found, &expected, magnitude(&expected), 1e-12);
        }
    }
}

#[test]
fn a_long_line_of_positions_is_divided() {
    let device = Device::flex();
    for transposed in [false, true] {
        let case = Case::<3> {
            transposed,
            batch: 1,
            channels: [2, 3],
            groups: 1,
            size: [2, 3, 701],
            kernel: [3, 3, 3],
            stride: [1, 1, 1],
            padding: [(1, 1); 3],
            padding_out: [0; 3],
            dilation: [1; 3],
            bias: false,
            seed: 3,
        };
        check::<5, 3>(ours_3d, &case, DType::F32, &device, 1e-5);
    }
}

#[test]
fn results_do_not_depend_on_the_number_of_threads() {
    let one_channel = Case {
        batch: 1,
        channels: [23, 1],
        size: [37, 41],
        ..layer(true)
    };
    let small = [small_layer(false), small_layer(true)];
    for case in [layer(false), layer(true), one_channel]
        .into_iter()
        .chain(small)
    {
        let inputs = values_of(&case, DType::F32);
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| run::<4, 2>(ours_2d, &case, &inputs, DType::F32, &Device::flex()))
        };
        assert_eq!(run(1), run(3), "{case:?}");
    }
}

#[test]
fn a_sample_with_nan_touches_no_other() {
    let device = Device::flex();
    for case in [
        layer(false),
        layer(true),
        small_layer(false),
        small_layer(true),
    ] {
        let mut inputs = values_of(&case, DType::F32);
        let clean = run::<4, 2>(ours_2d, &case, &inputs, DType::F32, &device);
        let sample = inputs.input.len() / case.batch;
        inputs.input[sample + sample / 2] = f64::NAN;
        let found = run::<4, 2>(ours_2d, &case, &inputs, DType::F32, &device);
        let outputs = found.output.len() / case.batch;
        assert!(
            found.output[outputs..2 * outputs]
                .iter()
                .any(|value| value.is_nan())
        );
        assert_eq!(found.output[..outputs], clean.output[..outputs]);
        assert_eq!(found.output[2 * outputs..], clean.output[2 * outputs..]);
        assert_eq!(found.input_gradient, clean.input_gradient);
    }
}

/// A layer over small images of a large batch, to or from few channels.
fn small_layer(transposed: bool) -> Case<2> {
    Case {
        transposed,
        batch: 67,
        channels: match transposed {
            false => [3, 71],
            true => [71, 3],
        },
        size: match transposed {
            false => [13, 11],
            true => [7, 6],
        },
        ..layer(transposed)
    }
}

#[test]
fn a_sample_is_the_same_in_every_batch() {
    let device = Device::flex();
    let many = Case {
        channels: [23, 29],
        ..small_layer(true)
    };
    for case in [small_layer(false), small_layer(true), many] {
        let inputs = values_of(&case, DType::F32);
        let together = run::<4, 2>(ours_2d, &case, &inputs, DType::F32, &device);
        let first = Case { batch: 1, ..case };
        let sizes = [&inputs.input, &inputs.probe].map(|values| values.len() / case.batch);
        let of_first = Values {
            input: inputs.input[..sizes[0]].to_vec(),
            probe: inputs.probe[..sizes[1]].to_vec(),
            ..inputs
        };
        let alone = run::<4, 2>(ours_2d, &first, &of_first, DType::F32, &device);
        assert_eq!(alone.output, together.output[..sizes[1]], "{case:?}");
        assert_eq!(
            alone.input_gradient,
            together.input_gradient[..sizes[0]],
            "{case:?}"
        );
    }
}

#[test]
fn an_activation_is_that_of_the_output() {
    for (name, device) in devices() {
        let tensor = |seed: u64, dims: [usize; 4]| {
            let values = numbers(seed, dims.iter().product());
            let values: Vec<f32> = values.iter().map(|value| *value as f32).collect();
            Tensor::<1>::from_floats(values.as_slice(), &device).reshape(dims)
        };
        for rectifier in [Rectifier::Relu, Rectifier::LeakyRelu { slope: 0.2 }] {
            for (batch, channels) in [(1, 1), (3, 37), (19, 1), (17, 37)] {
                let input = tensor(1, [batch, 5, 7, 9]);
                let close = |found: Tensor<4>, expected: Tensor<4>| {
                    let expected = rectifier.forward(expected);
                    assert_close(name, &values(found), &values(expected), 1.0, 1e-6);
                };
                let weight = tensor(2, [channels, 5, 3, 3]);
                let options = || ConvOptions::new([2, 1], [1, 1], [1, 1], 1);
                close(
                    conv2d_rectified(input.clone(), weight.clone(), None, options(), rectifier),
                    conv2d(input.clone(), weight, None, options()),
                );
                let weight = tensor(3, [5, channels, 3, 3]);
                let options = || ConvTransposeOptions::new([2, 2], [1, 1], [1, 0], [1, 1], 1);
                let (plain, rectified) = (conv_transpose2d, conv_transpose2d_rectified);
                close(
                    rectified(input.clone(), weight.clone(), None, options(), rectifier),
                    plain(input, weight, None, options()),
                );
            }
        }
    }
}

#[test]
fn outputs_of_one_channel_are_read_right_by_joined_operations() {
    let floats = |seed: u64, length: usize| -> Vec<f32> {
        let values = numbers(seed, length);
        values.into_iter().map(|value| value as f32).collect()
    };
    for (name, device) in devices() {
        // Rows of a multiple of four values, which GPUs read several at a time.
        let tensor = |seed: u64, dims: [usize; 4]| {
            let values = floats(seed, dims.iter().product());
            Tensor::<1>::from_floats(values.as_slice(), &device).reshape(dims)
        };
        let (input, target) = (tensor(1, [2, 3, 4, 8]), tensor(2, [2, 1, 4, 8]));
        let convolutions: [&dyn Fn() -> Tensor<4>; 4] = [
            &|| {
                let options = ConvOptions::new([1, 1], [1, 1], [1, 1], 1);
                conv2d(input.clone(), tensor(3, [1, 3, 3, 3]), None, options)
            },
            &|| {
                let options = ConvTransposeOptions::new([1, 1], [1, 1], [0, 0], [1, 1], 1);
                conv_transpose2d(input.clone(), tensor(4, [3, 1, 3, 3]), None, options)
            },
            &|| {
                let options = ConvOptions::new([1; 3], [0, 1, 1], [1; 3], 1);
                let weight = tensor(5, [1, 3, 3, 3]).unsqueeze_dim(2);
                conv3d(input.clone().unsqueeze_dim(2), weight, None, options).squeeze_dim(2)
            },
            &|| {
                let options = ConvTransposeOptions::new([1; 3], [0, 1, 1], [0; 3], [1; 3], 1);
                let weight = tensor(6, [3, 1, 3, 3]).unsqueeze_dim(2);
                let input = input.clone().unsqueeze_dim(2);
                conv_transpose3d(input, weight, None, options).squeeze_dim(2)
            },
        ];
        for (index, convolution) in convolutions.into_iter().enumerate() {
            let found = values((convolution() - target.clone()).square());
            let (alone, target) = (values(convolution()), values(target.clone()));
            let expected = alone.iter().zip(target);
            let expected: Vec<f64> = expected
                .map(|(output, target)| (output - target).powi(2))
                .collect();
            let what = format!("{name}, convolution {index}");
            assert_close(&what, &found, &expected, 1.0, 1e-5);
        }
    }
}

#[test]
fn inputs_need_not_be_contiguous() {
    for (name, device) in devices() {
        let options = || ConvOptions::new([2, 1], [1, 0], [1, 1], 1);
        let input: Vec<f32> = numbers(1, 2 * 3 * 7 * 5)
            .iter()
            .map(|value| *value as f32)
            .collect();
        let input = Tensor::<1>::from_floats(input.as_slice(), &device).reshape([2, 7, 5, 3]);
        let weight: Vec<f32> = numbers(2, 4 * 3 * 3 * 2)
            .iter()
            .map(|value| *value as f32)
            .collect();
        let weight = Tensor::<1>::from_floats(weight.as_slice(), &device).reshape([3, 4, 3, 2]);
        let (input, weight) = (input.permute([0, 3, 1, 2]), weight.swap_dims(0, 1));
        let copied = |tensor: &Tensor<4>| Tensor::<4>::from_data(tensor.to_data(), &device);
        let found = conv2d(input.clone(), weight.clone(), None, options());
        let expected = conv2d(copied(&input), copied(&weight), None, options());
        assert_close(name, &values(found), &values(expected), 1.0, 1e-6);
    }
}

#[test]
fn without_channels_there_is_the_bias_alone() {
    memae_kernels::poison_memory();
    let device = Device::flex();
    let bias = || Some(Tensor::<1>::from_floats([0.5, -2.0], &device));
    let input = || Tensor::<4>::zeros([1, 0, 99, 101], &device);
    let expected = [[0.5; 99 * 101], [-2.0; 99 * 101]].concat();
    let options = ConvOptions::new([1, 1], [1, 1], [1, 1], 1);
    let weight = Tensor::<4>::zeros([2, 0, 3, 3], &device);
    assert_eq!(values(conv2d(input(), weight, bias(), options)), expected);
    let options = ConvTransposeOptions::new([1, 1], [1, 1], [0, 0], [1, 1], 1);
    let weight = Tensor::<4>::zeros([0, 2, 3, 3], &device);
    assert_eq!(
        values(conv_transpose2d(input(), weight, bias(), options)),
        expected
    );
}

#[test]
fn without_samples_there_is_an_empty_output() {
    for (name, device) in devices() {
        // GPUs have no buffers of size zero.
        if !["flex", "ndarray"].contains(&name) {
            continue;
        }
        let device = device.autodiff();
        let input = || Tensor::<4>::zeros([0, 3, 9, 7], &device).require_grad();
        let options = || ConvOptions::new([2, 1], [1, 1], [1, 1], 1);
        let weight = Tensor::<4>::ones([5, 3, 3, 3], &device);
        let found = conv2d_rectified(input(), weight, None, options(), Rectifier::Relu);
        assert_eq!(found.dims(), [0, 5, 5, 7], "{name}");
        let options = || ConvTransposeOptions::new([2, 2], [1, 1], [1, 1], [1, 1], 1);
        let weight = Tensor::<4>::ones([3, 5, 3, 3], &device);
        let found = conv_transpose2d_rectified(input(), weight, None, options(), Rectifier::None);
        assert_eq!(found.dims(), [0, 5, 18, 14], "{name}");
    }
}

#[track_caller]
fn message_of(run: impl FnOnce() -> Tensor<4>) -> String {
    let panic = catch_unwind(AssertUnwindSafe(run)).expect_err("a panic");
    panic.downcast_ref::<String>().expect("a message").clone()
}

#[test]
fn shapes_that_do_not_fit_are_named() {
    let device = Device::flex();
    let zeros = |dims: [usize; 4]| Tensor::<4>::zeros(dims, &device);
    let conv = |input, weight, bias: Option<usize>, padding| {
        let bias = bias.map(|channels| Tensor::<1>::zeros([channels], &device));
        message_of(|| {
            let options = ConvOptions::new([2, 2], [padding; 2], [1, 1], 1);
            conv2d(zeros(input), zeros(weight), bias, options)
        })
    };
    let message = conv([1, 2, 2, 5], [3, 2, 5, 5], None, 1);
    assert!(
        message.contains("larger than its padded input"),
        "{message}"
    );
    assert!(
        message.contains("[1, 2, 2, 5]") && message.contains("[3, 2, 5, 5]"),
        "{message}"
    );
    let message = conv([1, 2, 9, 9], [3, 4, 3, 3], None, 1);
    assert!(message.contains("differ in channels"), "{message}");
    let message = conv([1, 2, 9, 9], [3, 2, 3, 3], Some(2), 1);
    assert!(message.contains("[2] for 3 channels"), "{message}");

    let message = message_of(|| {
        let options = ConvTransposeOptions::new([1, 1], [1, 1], [0, 0], [1, 1], 1);
        conv_transpose2d(zeros([1, 2, 1, 1]), zeros([2, 3, 2, 2]), None, options)
    });
    assert!(
        message.contains("output of a transposed convolution is empty"),
        "{message}"
    );
    assert!(
        message.contains("[1, 2, 1, 1]") && message.contains("[2, 3, 2, 2]"),
        "{message}"
    );
}
