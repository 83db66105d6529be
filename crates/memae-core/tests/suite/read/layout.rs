//! Where the numbers lie in memory, and when they are computed, changes nothing.

use burn::tensor::{DType, Tensor};
use memae_core::MemoryOutput;
use memae_core::addressing::{Addressing, Shrinkage, Similarity, read};

use super::{Results, Run, results};
use crate::devices::{assert_close, devices, magnitude, matrix};
use crate::oracle::Case;

/// Settings under which most weights survive, and few.
fn settings() -> Vec<Addressing> {
    let mut settings = Vec::new();
    for similarity in [Similarity::Cosine, Similarity::Dot, Similarity::Euclidean] {
        for shrinkage in [Shrinkage::Off, Shrinkage::absolute(0.1), Shrinkage::TopK(3)] {
            settings.push(
                Addressing::default()
                    .with_similarity(similarity)
                    .with_temperature(0.2)
                    .with_shrinkage(shrinkage),
            );
        }
    }
    settings
}

fn transposed(values: &[f64], [rows, columns]: [usize; 2]) -> Vec<f64> {
    (0..rows * columns)
        .map(|i| values[i % rows * columns + i / rows])
        .collect()
}

/// `values` with two rows and three columns of other numbers before them, and one of each behind.
fn framed(values: &[f64], [rows, columns]: [usize; 2]) -> Vec<f64> {
    let frame = |count: usize| vec![7.0; count];
    let lines = columns + 4;
    let mut framed = frame(2 * lines);
    for row in values.chunks(columns).take(rows) {
        framed.extend(frame(3));
        framed.extend_from_slice(row);
        framed.extend(frame(1));
    }
    framed.extend(frame(lines));
    framed
}

#[track_caller]
fn assert_same(what: &str, found: &Results, expected: &Results) {
    for (part, found, expected) in [
        ("read", &found.read, &expected.read),
        ("entropy", &found.entropy, &expected.entropy),
        ("read sums", &found.read_sums, &expected.read_sums),
        (
            "gradient of queries",
            &found.query_gradients,
            &expected.query_gradients,
        ),
        (
            "gradient of items",
            &found.item_gradients,
            &expected.item_gradients,
        ),
    ] {
        let what = format!("{what}, {part}");
        assert_close(&what, found, expected, magnitude(expected), 1e-6);
    }
    assert_eq!(found.active_items, expected.active_items, "{what}");
    assert_eq!(found.most_read, expected.most_read, "{what}");
    assert_eq!(found.empty_rows, expected.empty_rows, "{what}");
    assert_eq!(found.read_counts, expected.read_counts, "{what}");
}

#[test]
fn views_read_as_their_copies_do() {
    for (name, device) in devices() {
        let device = device.autodiff();
        for addressing in settings() {
            let case = Case::random(6, [17, 13, 5], addressing);
            let (query_dims, item_dims) = ([17, 5], [13, 5]);
            let run = Run {
                name,
                reader: read,
                device: &device,
                dtype: DType::F32,
            };
            let [queries, items, probe] = run.tensors(&case);
            let weighted = |output: &MemoryOutput<2>| {
                (output.read.clone() * probe.clone()).sum() + output.entropy.clone().sum()
            };
            let expected = results(
                read,
                [queries.clone(), items.clone()],
                &addressing,
                weighted,
            );

            let transpose = |values: &[f64], dims: [usize; 2]| {
                let values = transposed(values, dims);
                matrix(&values, [dims[1], dims[0]], &device).transpose()
            };
            let slice = |values: &[f64], dims: [usize; 2]| {
                let values = framed(values, dims);
                let whole = matrix(&values, [dims[0] + 3, dims[1] + 4], &device);
                whole.slice([2..dims[0] + 2, 3..dims[1] + 3])
            };
            let query_views = [
                ("transposed queries", transpose(&case.queries, query_dims)),
                ("a slice of queries", slice(&case.queries, query_dims)),
            ];
            let item_views = [
                ("transposed items", transpose(&case.items, item_dims)),
                ("a slice of items", slice(&case.items, item_dims)),
            ];
            for (of_queries, queries) in &query_views {
                for (of_items, items) in &item_views {
                    let what = format!("{name}, {addressing:?}, {of_queries}, {of_items}");
                    let inputs = [queries.clone(), items.clone()];
                    let found = results(read, inputs, &addressing, weighted);
                    assert_same(&what, &found, &expected);
                }
            }
        }
    }
}

#[test]
fn gradients_that_are_views_go_back_as_their_copies_do() {
    for (name, device) in devices() {
        let device = device.autodiff();
        for addressing in settings() {
            let case = Case::random(7, [17, 13, 5], addressing);
            let run = Run {
                name,
                reader: read,
                device: &device,
                dtype: DType::F32,
            };
            let [queries, items, probe] = run.tensors(&case);
            let run = |loss: &dyn Fn(&MemoryOutput<2>) -> Tensor<1>| {
                results(read, [queries.clone(), items.clone()], &addressing, loss)
            };
            let transposed = run(&|output| {
                let probe = probe.clone().transpose();
                (output.read.clone().transpose() * probe).sum() + output.entropy.clone().sum()
            });
            let straight = run(&|output| {
                (output.read.clone() * probe.clone()).sum() + output.entropy.clone().sum()
            });
            assert_same(
                &format!("{name}, {addressing:?}, transposed"),
                &transposed,
                &straight,
            );

            // The gradient of a sum is one number seen many times.
            let expanded = run(&|output| output.read.clone().sum() + output.entropy.clone().sum());
            let ones = run(&|output| {
                let read = output.read.clone();
                let (of_read, of_entropy) = (read.ones_like(), output.entropy.ones_like());
                (read * of_read).sum() + (output.entropy.clone() * of_entropy).sum()
            });
            assert_same(
                &format!("{name}, {addressing:?}, expanded"),
                &expanded,
                &ones,
            );
        }
    }
}

#[cfg(feature = "flex")]
#[test]
fn the_same_inputs_give_the_same_bits() {
    let device = burn::tensor::Device::flex().autodiff();
    for addressing in settings() {
        for dims in [[1201, 397, 67], [31, 1499, 67], [701, 11, 5]] {
            let case = Case::random(8, dims, addressing);
            let run = Run {
                name: "flex",
                reader: read,
                device: &device,
                dtype: DType::F32,
            };
            let run = || {
                let [queries, items, probe] = run.tensors(&case);
                results(read, [queries, items], &addressing, |output| {
                    (output.read.clone() * probe).sum() + output.entropy.clone().sum()
                })
            };
            let first = run();
            for _ in 0..3 {
                // No NaN, which is not equal to itself, and no zero of two signs, which matters not.
                assert!(run() == first, "{dims:?}, {addressing:?}");
            }
        }
    }
}
