//! Gradients against central differences, in f64, away from the kink at λ.

use burn::tensor::{DType, Device, Tensor};
use memae_core::addressing::{Addressing, EmptyRow, Shrinkage, Similarity, read, read_composed};

use crate::devices::{double_precision_devices, magnitude, matrix_of, values};
use crate::oracle::Case;
use crate::read::Reader;

const STEP: f64 = 1e-5;
const CASES: u64 = 200;
const WORST_ALLOWED: f64 = 1e-6;

fn loss(reader: Reader, case: &Case, inputs: [Tensor<2>; 2], probe: Tensor<2>) -> Tensor<1> {
    let [queries, items] = inputs;
    let output = reader(queries, items, &case.addressing);
    (output.read * probe).sum() + output.entropy.mean() * case.entropy_weight
}

/// Loss with the values of `case`, on a device that records nothing.
fn loss_value(reader: Reader, case: &Case, device: &Device) -> f64 {
    let query_dims = [case.num_queries, case.width];
    let tensor = |values: &[f64], dims| matrix_of(values, dims, DType::F64, device);
    let inputs = [
        tensor(&case.queries, query_dims),
        tensor(&case.items, [case.num_items, case.width]),
    ];
    values(loss(reader, case, inputs, tensor(&case.probe, query_dims)))[0]
}

/// Worst error of the gradients of one case, relative to its largest gradient.
fn worst_error(reader: Reader, case: &Case, device: &Device) -> f64 {
    let autodiff = device.clone().autodiff();
    let query_dims = [case.num_queries, case.width];
    let item_dims = [case.num_items, case.width];
    let queries = matrix_of(&case.queries, query_dims, DType::F64, &autodiff).require_grad();
    let items = matrix_of(&case.items, item_dims, DType::F64, &autodiff).require_grad();
    let probe = matrix_of(&case.probe, query_dims, DType::F64, &autodiff);
    let gradients = loss(reader, case, [queries.clone(), items.clone()], probe).backward();
    let query_gradients = values(queries.grad(&gradients).unwrap());
    let item_gradients = values(items.grad(&gradients).unwrap());
    let scale = magnitude(&query_gradients).max(magnitude(&item_gradients));

    let difference = |change: &dyn Fn(&mut Case, f64)| {
        let (mut above, mut below) = (case.clone(), case.clone());
        change(&mut above, STEP);
        change(&mut below, -STEP);
        (loss_value(reader, &above, device) - loss_value(reader, &below, device)) / (2.0 * STEP)
    };
    let mut worst: f64 = 0.0;
    for (index, gradient) in query_gradients.iter().enumerate() {
        let expected = difference(&|case, step| case.queries[index] += step);
        worst = worst.max((gradient - expected).abs() / scale);
    }
    for (index, gradient) in item_gradients.iter().enumerate() {
        let expected = difference(&|case, step| case.items[index] += step);
        worst = worst.max((gradient - expected).abs() / scale);
    }
    worst
}

#[test]
fn gradients_of_the_read_agree_with_central_differences() {
    check_all("read", read);
}

#[test]
fn gradients_of_the_composed_read_agree_with_central_differences() {
    check_all("read_composed", read_composed);
}

fn check_all(reader_name: &str, reader: Reader) {
    let shrinkages = [
        ("off", Shrinkage::Off),
        ("λ = 0.5/N", Shrinkage::relative(0.5)),
        ("λ = 1/N", Shrinkage::relative(1.0)),
        ("λ = 2/N", Shrinkage::relative(2.0)),
        ("λ = 0.15", Shrinkage::absolute(0.15)),
        ("k = 1", Shrinkage::TopK(1)),
        ("k = 3", Shrinkage::TopK(3)),
    ];
    for (name, device) in double_precision_devices() {
        for similarity in [Similarity::Cosine, Similarity::Dot, Similarity::Euclidean] {
            for (shown, shrinkage) in shrinkages {
                let mut worst: f64 = 0.0;
                let mut checked = 0;
                for seed in 0.. {
                    if checked == CASES {
                        break;
                    }
                    let addressing = Addressing::default()
                        .with_similarity(similarity)
                        .with_temperature([1.0, 0.4, 0.15][seed as usize % 3])
                        .with_shrinkage(shrinkage)
                        .with_empty_row([EmptyRow::BestItem, EmptyRow::Zeros][seed as usize % 2]);
                    let dims = [[2, 7, 3], [3, 5, 2], [1, 11, 5]][seed as usize % 3];
                    let case = Case::random(seed, dims, addressing);
                    // A step must not carry a weight across λ.
                    if case.distance_to_jump() > 1e-3 {
                        worst = worst.max(worst_error(reader, &case, &device));
                        checked += 1;
                    }
                }
                println!(
                    "{reader_name} on {name}, {similarity:?}, {shown}: worst error of {checked} \
                     cases {worst:.1e}"
                );
                assert!(
                    worst < WORST_ALLOWED,
                    "{reader_name} on {name}, {similarity:?}, {shown}: worst error {worst:.1e}"
                );
            }
        }
    }
}
