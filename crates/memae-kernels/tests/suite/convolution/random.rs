//! On Flex. Elsewhere the operations are Burn's own, not all of which agree: on wgpu the gradient of the input of a 3D
//! convolution is zero where a stride is larger than its kernel, for one.

use std::array::from_fn;

use burn::tensor::{DType, Device};
use proptest::prelude::*;

use super::oracle::Case;
use super::{check, ours_2d, ours_3d};
use crate::random::for_cases;

const CASES: u32 = 400;

/// Random convolutions that have an output, with kernels up to `kernel` and sizes up to `size`.
fn cases<const S: usize>(kernel: usize, size: usize) -> impl Strategy<Value = Case<S>> {
    let axis = (
        1..=size,
        1..=kernel,
        1..=3usize,
        (0..=2usize, 0..=2usize),
        0..=2usize,
        1..=2usize,
    );
    (
        any::<bool>(),
        // Larger batches have their samples side by side in memory.
        prop_oneof![3 => 1..=4usize, 1 => 16..=23usize],
        (1..=5usize, 1..=5usize),
        1..=2usize,
        proptest::collection::vec(axis, S),
        any::<bool>(),
        0..1_000_000u64,
    )
        .prop_map(
            |(transposed, batch, channels, groups, axes, bias, seed)| Case {
                transposed,
                batch,
                channels: channels.into(),
                groups,
                size: from_fn(|axis| axes[axis].0),
                kernel: from_fn(|axis| axes[axis].1),
                stride: from_fn(|axis| axes[axis].2),
                padding: from_fn(|axis| match transposed || S == 3 {
                    true => (axes[axis].3.0, axes[axis].3.0),
                    false => axes[axis].3,
                }),
                // Less than the stride, as everywhere in use.
                padding_out: from_fn(|axis| axes[axis].4.min(axes[axis].2 - 1)),
                dilation: from_fn(|axis| axes[axis].5),
                bias,
                seed,
            },
        )
        .prop_filter("an output", |case| case.output_size().is_some())
}

#[test]
fn two_axes_agree_with_the_definition() {
    let device = Device::flex();
    for_cases("flex", CASES, cases::<2>(5, 13), |case| {
        check::<4, 2>(ours_2d, case, DType::F32, &device, 1e-5);
    });
}

#[test]
fn three_axes_agree_with_the_definition() {
    let device = Device::flex();
    for_cases("flex", CASES, cases::<3>(3, 7), |case| {
        check::<5, 3>(ours_3d, case, DType::F32, &device, 1e-5);
    });
}

#[test]
fn doubles_agree_with_the_definition() {
    let device = Device::flex();
    for_cases("flex", CASES, cases::<2>(5, 13), |case| {
        check::<4, 2>(ours_2d, case, DType::F64, &device, 1e-12);
    });
}
