//! A NaN stays with the query that it came with.

use burn::tensor::{DType, Device, Tensor};
use memae_core::MemoryOutput;
use memae_core::addressing::{Addressing, Shrinkage, Similarity, read};

use super::{Results, Run, results};
use crate::devices::{assert_close, devices, magnitude, matrix, values};
use crate::oracle::Case;

type Loss = fn(&MemoryOutput<2>, Tensor<2>) -> Tensor<1>;

/// A loss whose gradient with respect to the read is finite even where the read is not.
fn linear(output: &MemoryOutput<2>, probe: Tensor<2>) -> Tensor<1> {
    (output.read.clone() * probe).sum() + output.entropy.clone().sum() * 0.37
}

/// A loss that brings NaN back where the read is NaN, as a decoder does.
fn squared(output: &MemoryOutput<2>, probe: Tensor<2>) -> Tensor<1> {
    (output.read.clone() - probe).square().sum() + output.entropy.clone().square().sum()
}

/// Cases that are read densely and survivor by survivor, by one thread and by several, with gradients
/// from what the forward pass kept and without.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for similarity in [Similarity::Cosine, Similarity::Dot, Similarity::Euclidean] {
        for shrinkage in [
            Shrinkage::Off,
            Shrinkage::relative(1.1),
            Shrinkage::absolute(0.2),
            Shrinkage::TopK(2),
        ] {
            for dims in [[5, 7, 3], [11, 2, 5], [67, 41, 64], [701, 211, 37]] {
                let addressing = Addressing::default()
                    .with_similarity(similarity)
                    .with_temperature(0.3)
                    .with_shrinkage(shrinkage);
                let case = (0..)
                    .map(|seed| {
                        let case = Case::random(seed, dims, addressing);
                        case.with_queries(|case, q| case.distance_to_jump_of(q) > 1e-4)
                    })
                    .find(|case| case.num_queries > 2)
                    .unwrap();
                cases.push(case);
            }
        }
    }
    cases
}

fn run(device: &Device, case: &Case, loss: Loss) -> Results {
    let device = device.clone().autodiff();
    let run = Run {
        name: "",
        reader: read,
        device: &device,
        dtype: DType::F32,
    };
    let [queries, items, probe] = run.tensors(case);
    results(read, [queries, items], &case.addressing, |output| {
        loss(output, probe)
    })
}

/// Whether a device reads in one operation; on others, 0 · NaN reaches the gradients of all items.
fn is_fused(name: &str) -> bool {
    name != "ndarray"
}

/// `rows` without one of them.
fn without<T: Clone>(rows: &[T], row: usize, width: usize) -> Vec<T> {
    [&rows[..row * width], &rows[(row + 1) * width..]].concat()
}

/// Asserts that both are the same but for the one row, which the second doesn't have.
fn assert_same_but(what: &str, row: usize, width: usize, found: &Results, expected: &Results) {
    let close = |part: &str, found: &[f64], expected: &[f64]| {
        assert_close(
            &format!("{what}, {part}"),
            found,
            expected,
            magnitude(expected),
            1e-5,
        );
    };
    close("read", &without(&found.read, row, width), &expected.read);
    close(
        "entropy",
        &without(&found.entropy, row, 1),
        &expected.entropy,
    );
    let gradients = without(&found.query_gradients, row, width);
    close("gradient of queries", &gradients, &expected.query_gradients);
    close("read sums", &found.read_sums, &expected.read_sums);
    assert_eq!(found.read_counts, expected.read_counts, "{what}");
    for (found, expected) in [
        (&found.active_items, &expected.active_items),
        (&found.most_read, &expected.most_read),
        (&found.empty_rows, &expected.empty_rows),
    ] {
        assert_eq!(without(found, row, 1), *expected, "{what}");
    }
}

#[test]
fn a_query_that_is_no_number_touches_no_other() {
    let cases = cases();
    for (name, device) in devices() {
        for case in &cases {
            let (row, width) = (case.num_queries / 2, case.width);
            for (loss_name, loss) in [("linear", linear as Loss), ("squared", squared)] {
                let others = case.clone().with_queries(|_, q| q != row);
                let expected = run(&device, &others, loss);
                for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                    let mut case = case.clone();
                    case.queries[row * width + width / 2] = number;
                    let found = run(&device, &case, loss);

                    let what = format!(
                        "{name}, {number} in query {row} of {}, {} items of width {width}, {:?}, \
                         {loss_name} loss",
                        case.num_queries, case.num_items, case.addressing
                    );
                    let span = row * width..(row + 1) * width;
                    let is_nan = |values: &[f64]| values.iter().all(|value| value.is_nan());
                    assert!(is_nan(&found.read[span.clone()]), "{what}: read");
                    assert!(found.entropy[row].is_nan(), "{what}: entropy");
                    assert!(is_nan(&found.query_gradients[span]), "{what}: gradient");
                    assert_eq!(found.active_items[row], 0, "{what}");
                    assert_same_but(&what, row, width, &found, &expected);
                    if is_fused(name) {
                        let expected = &expected.item_gradients;
                        let what = format!("{what}, gradient of items");
                        let scale = magnitude(expected);
                        assert_close(&what, &found.item_gradients, expected, scale, 1e-5);
                    }
                }
            }
        }
    }
}

#[test]
fn a_gradient_that_is_no_number_touches_no_other_query() {
    let cases = cases();
    for (name, device) in devices() {
        for case in &cases {
            let (row, width) = (case.num_queries / 2, case.width);
            let run = |of_entropy: f64, of_read: f64| {
                let mut probe = case.probe.clone();
                probe[row * width + width / 2] *= of_read;
                let mut entropy_probe = vec![0.37; case.num_queries];
                entropy_probe[row] *= of_entropy;
                let autodiff = device.clone().autodiff();
                let run = Run {
                    name,
                    reader: read,
                    device: &autodiff,
                    dtype: DType::F32,
                };
                let [queries, items, _] = run.tensors(case);
                let probe = matrix(&probe, [case.num_queries, width], &autodiff);
                let entropy_probe = matrix(&entropy_probe, [1, case.num_queries], &autodiff);
                results(read, [queries, items], &case.addressing, |output| {
                    let of_entropy = output.entropy.clone().unsqueeze::<2>() * entropy_probe;
                    (output.read.clone() * probe).sum() + of_entropy.sum()
                })
            };
            let expected = run(1.0, 1.0);
            for (of_entropy, of_read) in [
                (1.0, f64::NAN),
                (1.0, f64::INFINITY),
                (f64::NAN, 1.0),
                (f64::NEG_INFINITY, 1.0),
            ] {
                let found = run(of_entropy, of_read);
                let what = format!(
                    "{name}, {} queries, {} items of width {width}, {:?}, entropy times \
                     {of_entropy}, read times {of_read}",
                    case.num_queries, case.num_items, case.addressing
                );
                if is_fused(name) {
                    let (found, expected) = (&found.item_gradients, &expected.item_gradients);
                    let gradients = found.chunks(width).zip(expected.chunks(width));
                    let scale = magnitude(expected);
                    let weights = case.forward().shrunk;
                    let weights = &weights[row * case.num_items..][..case.num_items];
                    for (item, ((found, expected), &weight)) in gradients.zip(weights).enumerate() {
                        let what = format!("{what}, gradient of item {item} of weight {weight}");
                        match weight > 0.0 {
                            true => assert!(!found.iter().any(|v| v.is_finite()), "{what}"),
                            false => {
                                assert_close(&what, found, expected, scale, 1e-5);
                            }
                        }
                    }
                }
                let expected = without(&expected.query_gradients, row, width);
                let found = without(&found.query_gradients, row, width);
                assert_close(&what, &found, &expected, magnitude(&expected), 1e-5);
            }
        }
    }
}

/// Not dropped as one of the items that are not read.
#[cfg(feature = "flex")]
#[test]
fn an_item_that_is_no_number_is_seen_whatever_is_kept() {
    let device = Device::flex();
    for shrinkage in [Shrinkage::Off, Shrinkage::TopK(1), Shrinkage::TopK(2)] {
        for bad in [f64::NAN, f64::INFINITY] {
            let addressing = Addressing::default()
                .with_similarity(Similarity::Dot)
                .with_shrinkage(shrinkage);
            let queries = matrix(&[1.0, 0.0], [1, 2], &device);
            let items = matrix(&[3.0, 1.0, 2.0, 1.0, -bad, 0.0, 1.0, 0.5], [4, 2], &device);
            let read = values(read(queries, items, &addressing).read);
            assert!(
                read.iter().all(|value| value.is_nan()),
                "{addressing:?}: {read:?}"
            );
        }
    }
}
