//! Addressing against the oracle.

use burn::tensor::{DType, Device, Tensor};
use memae_core::MemoryModuleConfig;
use memae_core::addressing::{
    Addressing, EmptyRow, Shrinkage, Similarity, address, cosine_distance, read, read_composed,
    shrink, similarity,
};
use memae_core::loss::entropy;

use crate::cases::{cases, for_cases};
use crate::devices::{
    assert_close, devices, devices_and_autodiff, double_precision_devices, in_half_precision,
    magnitude, matrix, matrix_of, values, whole_numbers,
};
use crate::oracle::Case;
use crate::read::Reader;

#[test]
fn forward_agrees_with_the_oracle() {
    for (name, device) in devices_and_autodiff() {
        for_cases(&name, 250, cases(), |case| {
            check_forward(&name, &device, case)
        });
    }
}

fn check_forward(name: &str, device: &Device, case: &Case) {
    let expected = case.forward();
    let queries = matrix(&case.queries, [case.num_queries, case.width], device);
    let items = matrix(&case.items, [case.num_items, case.width], device);
    let weights = address(queries, items.clone(), &case.addressing);
    let empty: Vec<f64> = expected.empty.iter().map(|&e| f64::from(e)).collect();

    assert_close(name, &values(weights.raw), &expected.raw, 1e-3, 1e-4);
    assert_close(
        name,
        &values(weights.shrunk.clone()),
        &expected.shrunk,
        1e-3,
        1e-4,
    );
    assert_close(name, &values(weights.empty_rows.float()), &empty, 1.0, 0.0);
    assert_close(
        name,
        &values(entropy(weights.shrunk.clone())),
        &expected.entropy,
        0.1,
        1e-4,
    );
    let read = values(weights.shrunk.matmul(items));
    assert_close(name, &read, &expected.read, magnitude(&case.items), 1e-4);
}

#[test]
fn gradients_agree_with_the_oracle() {
    for (name, device) in devices() {
        let device = device.autodiff();
        for_cases(name, 250, cases(), |case| {
            check_gradients(name, &device, case)
        });
    }
}

fn check_gradients(name: &str, device: &Device, case: &Case) {
    let queries = matrix(&case.queries, [case.num_queries, case.width], device).require_grad();
    let items = matrix(&case.items, [case.num_items, case.width], device).require_grad();
    let probe = matrix(&case.probe, [case.num_queries, case.width], device);

    let weights = address(queries.clone(), items.clone(), &case.addressing);
    let read = weights.shrunk.clone().matmul(items.clone());
    let loss = (read * probe).sum() + entropy(weights.shrunk).mean() * case.entropy_weight;
    let gradients = loss.backward();

    let expected = case.gradients();
    let scale = magnitude(&expected.queries).max(magnitude(&expected.items));
    let found = values(queries.grad(&gradients).unwrap());
    assert_close(name, &found, &expected.queries, scale, 2e-4);
    let found = values(items.grad(&gradients).unwrap());
    assert_close(name, &found, &expected.items, scale, 2e-4);
}

#[test]
fn zero_vectors_give_finite_values_and_gradients() {
    for (name, device) in devices() {
        let device = device.autodiff();
        for similarity in [Similarity::Cosine, Similarity::Dot, Similarity::Euclidean] {
            for empty_row in [EmptyRow::BestItem, EmptyRow::Zeros] {
                for shrinkage in [
                    Shrinkage::Off,
                    Shrinkage::relative(1.0),
                    Shrinkage::relative(2.9),
                    Shrinkage::TopK(2),
                ] {
                    let addressing = Addressing::default()
                        .with_similarity(similarity)
                        .with_shrinkage(shrinkage)
                        .with_empty_row(empty_row);
                    let queries = Tensor::<2>::zeros([2, 5], &device).require_grad();
                    let items = matrix(&[0.0; 15], [3, 5], &device).require_grad();
                    let weights = address(queries.clone(), items.clone(), &addressing);
                    let read = weights.shrunk.clone().matmul(items.clone());
                    let loss = read.sum() + entropy(weights.shrunk.clone()).mean();
                    let gradients = loss.backward();
                    for tensor in [
                        weights.raw,
                        weights.shrunk,
                        queries.grad(&gradients).unwrap(),
                        items.grad(&gradients).unwrap(),
                    ] {
                        let values = values(tensor);
                        assert!(
                            values
                                .iter()
                                .all(|value| value.is_finite() && value.abs() < 1e3),
                            "{name} {addressing:?}: {values:?}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn extreme_scales_stay_finite() {
    for (name, device) in devices() {
        for scale in [1e-18, 1e-6, 1e6, 1e18] {
            let queries = matrix(&[scale, -scale, 0.5 * scale, scale], [2, 2], &device);
            let items = matrix(&[1.0, 2.0, -1.0, 1.0, 0.0, 3.0], [3, 2], &device);
            let weights = address(queries, items, &Addressing::default());
            let sums = values(weights.shrunk.sum_dim(1));
            assert_close(name, &sums, &[1.0, 1.0], 1.0, 1e-5);
        }
    }
}

#[test]
fn rows_too_long_for_their_type_are_no_numbers() {
    for (name, device) in devices_and_autodiff() {
        let queries = matrix(&[1e20, 1.0, 1.0, 2.0], [2, 2], &device);
        let items = matrix(&[1.0, 2.0, -1.0, 1.0, 0.0, 3.0], [3, 2], &device);
        for read in [read, read_composed] {
            let output = read(queries.clone(), items.clone(), &Addressing::default());
            let (read, entropy) = (values(output.read), values(output.entropy));
            assert!(
                read[..2].iter().all(|value| value.is_nan()),
                "{name}: {read:?}"
            );
            assert!(
                read[2..].iter().all(|value| value.is_finite()),
                "{name}: {read:?}"
            );
            assert!(entropy[0].is_nan() && entropy[1].is_finite(), "{name}");
        }
        let items = matrix(&[1.0, 2.0, -1e20, 1.0, 0.0, 3.0], [3, 2], &device);
        let queries = matrix(&[1.0, 2.0], [1, 2], &device);
        for read in [read, read_composed] {
            let output = read(queries.clone(), items.clone(), &Addressing::default());
            assert!(values(output.entropy)[0].is_nan(), "{name}");
        }
    }
}

#[test]
fn half_precision_follows_single_precision() {
    in_half_precision(|name, device, dtype| {
        // Exact in both half types. A sum of squares of 300 · 300 · 64 would overflow f16.
        let queries: Vec<f64> = (0..2 * 64)
            .map(|i| f64::from(i % 7) * 100.0 - 300.0)
            .collect();
        let items: Vec<f64> = (0..5 * 64).map(|i| f64::from(i % 11) - 5.0).collect();
        let run = |dtype| {
            let queries = matrix_of(&queries, [2, 64], dtype, device);
            let items = matrix_of(&items, [5, 64], dtype, device);
            let weights = address(queries, items, &Addressing::default());
            assert_eq!(weights.shrunk.dtype(), dtype);
            (
                values(weights.shrunk.clone()),
                values(entropy(weights.shrunk)),
            )
        };
        let (expected, expected_entropy) = run(DType::F32);
        let (found, found_entropy) = run(dtype);
        assert_close(name, &found, &expected, 0.1, 2e-2);
        assert_close(name, &found_entropy, &expected_entropy, 0.1, 2e-2);
    });
}

#[test]
fn rows_of_half_precision_are_normalized_in_single() {
    in_half_precision(|name, device, dtype| {
        // The square of 300 is infinite in f16, and the smallest norm that counts is zero there.
        let rows = [300.0, 400.0, 0.0, 0.0, 2e-4, 0.0];
        let matrix = |values: &[f64]| matrix_of(values, [3, 2], dtype, device);
        let distance = cosine_distance(matrix(&rows), matrix(&[0.6, 0.8, 1.0, 1.0, 0.0, 1.0]));
        assert_eq!(distance.dtype(), dtype);
        assert_close(name, &values(distance), &[0.0, 1.0, 1.0], 1.0, 1e-2);
        let item = matrix_of(&[3.0, 4.0], [1, 2], dtype, device);
        let found = similarity(matrix(&rows), item, Similarity::Cosine);
        assert_close(name, &values(found), &[1.0, 0.0, 0.6], 1.0, 1e-2);
    });
}

#[test]
fn rows_of_half_precision_that_are_empty_read_zeros() {
    in_half_precision(|name, device, dtype| {
        let weights = matrix_of(&[0.25, 0.75, 0.5, 0.5], [2, 2], dtype, device);
        let found = shrink(weights, Some(0.6), EmptyRow::Zeros);
        assert_eq!(found.shrunk.dtype(), dtype);
        assert_close(name, &values(found.shrunk), &[0.0, 1.0, 0.0, 0.0], 1.0, 0.0);
    });
}

#[test]
fn many_reads_have_an_exact_sum() {
    // More than the largest f16; Mesa's driver on the CPU ends loops after 65,535 rounds.
    const QUERIES: usize = 65_530;
    let check = |name: &str, device: &Device, dtype| {
        let queries = matrix_of(&[1.0, 0.0].repeat(QUERIES), [QUERIES, 2], dtype, device);
        let items = matrix_of(&[1.0, 0.0, -1.0, 0.0], [2, 2], dtype, device);
        let addressing = Addressing::default().with_shrinkage(Shrinkage::absolute(0.8));
        for (reader, read) in [("read", read as Reader), ("read_composed", read_composed)] {
            let statistics = read(queries.clone(), items.clone(), &addressing).statistics;
            let name = format!("{name}, {reader}");
            let counts = whole_numbers(statistics.read_counts);
            assert_eq!(counts, [QUERIES as i64, 0], "{name}");
            let sums = values(statistics.read_sums);
            assert_close(&name, &sums, &[QUERIES as f64, 0.0], 1.0, 1e-6);
        }
    };
    for (name, device) in devices() {
        check(name, &device, DType::F32);
    }
    in_half_precision(check);
}

#[test]
fn double_precision_is_double_precision() {
    for (name, device) in double_precision_devices() {
        let case = Case::random(3, [7, 13, 5], Addressing::default());
        let queries = matrix_of(&case.queries, [7, 5], DType::F64, &device);
        let items = matrix_of(&case.items, [13, 5], DType::F64, &device);
        let weights = address(queries, items, &case.addressing);
        let expected = case.forward();
        assert_close(name, &values(weights.shrunk), &expected.shrunk, 1e-3, 1e-12);
    }
}

#[test]
fn empty_batches_and_single_items_work() {
    for (name, device) in devices_and_autodiff() {
        let memory = MemoryModuleConfig::new(1, 3).init(&device);
        let one = memory.forward(Tensor::ones([2, 3], &device));
        assert_close(&name, &values(one.statistics.read_sums), &[2.0], 1.0, 0.0);
        let weights = memory.address(Tensor::ones([2, 3], &device)).shrunk;
        assert_close(&name, &values(weights), &[1.0, 1.0], 1.0, 0.0);
    }
    // Not on wgpu, which has no buffers of size zero.
    #[cfg(feature = "flex")]
    {
        let device = Device::flex();
        let memory = MemoryModuleConfig::new(4, 3).init(&device);
        let none = memory.forward(Tensor::zeros([0, 3], &device));
        assert_eq!(none.read.dims(), [0, 3]);
        let weights = memory.address(Tensor::zeros([0, 3], &device)).shrunk;
        assert_eq!(weights.dims(), [0, 4]);
    }
}

#[test]
fn cosine_ignores_scale_and_dot_does_not() {
    for (name, device) in devices() {
        let a = matrix(&[1.0, 2.0, -3.0, 0.5], [2, 2], &device);
        let b = matrix(&[0.3, -1.0], [1, 2], &device);
        let cosine = values(similarity(a.clone(), b.clone(), Similarity::Cosine));
        let scaled = values(similarity(
            a.clone() * 1000.0,
            b.clone(),
            Similarity::Cosine,
        ));
        assert_close(name, &scaled, &cosine, 0.1, 1e-5);
        let dot = values(similarity(a, b, Similarity::Dot));
        assert_close(name, &dot, &[-1.7, -1.4], 0.1, 1e-5);
    }
}

#[test]
fn euclidean_similarity_is_the_squared_distance_below_zero() {
    for (name, device) in devices() {
        let queries = matrix(&[3.0, 4.0, 0.0, 1.0], [2, 2], &device);
        let items = matrix(&[0.0, 2.0, 1.0, 0.0, 3.0, 4.0], [3, 2], &device);
        let found = values(similarity(queries, items, Similarity::Euclidean));
        let expected = [-13.0, -20.0, 0.0, -1.0, -2.0, -18.0];
        assert_close(name, &found, &expected, 1.0, 1e-5);
    }
}

#[test]
fn cosine_distance_of_opposites_is_two() {
    for (name, device) in devices() {
        let a = matrix(&[1.0, 2.0, 0.0, 0.0], [2, 2], &device);
        let b = matrix(&[-3.0, -6.0, 1.0, 1.0], [2, 2], &device);
        assert_close(name, &values(cosine_distance(a, b)), &[2.0, 1.0], 1.0, 1e-6);
    }
}

#[test]
#[should_panic(expected = "queries [2, 3], items [4, 5]")]
fn widths_that_differ_panic_with_both_shapes() {
    let device = &devices()[0].1;
    let queries = Tensor::<2>::zeros([2, 3], device);
    let items = Tensor::<2>::zeros([4, 5], device);
    address(queries, items, &Addressing::default());
}
