//! A training run takes the same way through both readers.

use burn::tensor::{DType, Device};
use memae_core::addressing::{Addressing, Shrinkage, Similarity, read, read_composed};

use super::{Reader, Run};
use crate::devices::{devices, values};
use crate::oracle::Case;

const STEPS: usize = 30;
const RATE: f64 = 0.3;

/// Losses of training queries and items by gradient descent to read the probe, and how near a query
/// came to a jump on the way.
fn train(device: &Device, reader: Reader, start: &Case) -> (Vec<f64>, f64) {
    let device = device.clone().autodiff();
    let run = Run {
        name: "",
        reader,
        device: &device,
        dtype: DType::F32,
    };
    let [mut queries, mut items, target] = run.tensors(start);
    let mut losses = Vec::new();
    let mut nearest = f64::INFINITY;
    for _ in 0..STEPS {
        let case = Case {
            queries: values(queries.clone()),
            items: values(items.clone()),
            ..start.clone()
        };
        nearest = nearest.min(case.distance_to_jump());

        let (z, m) = (queries.require_grad(), items.require_grad());
        let output = reader(z.clone(), m.clone(), &start.addressing);
        let error = (output.read - target.clone()).square().sum_dim(1).mean();
        let loss = error + output.entropy.mean() * start.entropy_weight;
        let gradients = loss.backward();
        losses.push(values(loss)[0]);
        [queries, items] = [z, m].map(|tensor| {
            let gradient = tensor.grad(&gradients).unwrap();
            (tensor.without_autodiff() - gradient * RATE).autodiff()
        });
    }
    (losses, nearest)
}

#[test]
fn training_takes_the_same_way_through_both_readers() {
    for (name, device) in devices() {
        for similarity in [Similarity::Cosine, Similarity::Dot, Similarity::Euclidean] {
            for shrinkage in [
                Shrinkage::Off,
                Shrinkage::relative(1.0),
                Shrinkage::absolute(0.2),
                Shrinkage::TopK(2),
            ] {
                let addressing = Addressing::default()
                    .with_similarity(similarity)
                    .with_temperature(0.5)
                    .with_shrinkage(shrinkage);
                // Rounding must not take the two to different sides of a jump.
                let (case, expected) = (0..100)
                    .find_map(|seed| {
                        let case = Case::random(seed, [11, 7, 5], addressing);
                        let (losses, nearest) = train(&device, read_composed, &case);
                        (nearest > 1e-4).then_some((case, losses))
                    })
                    .expect("a start from which no query comes near a jump");
                let (found, _) = train(&device, read, &case);
                assert!(
                    expected[STEPS - 1] < 0.9 * expected[0],
                    "{name}, {addressing:?}: the loss goes from {} to {}",
                    expected[0],
                    expected[STEPS - 1]
                );
                for (step, (found, expected)) in found.iter().zip(&expected).enumerate() {
                    let error = (found - expected).abs() / expected;
                    assert!(
                        error <= 1e-4,
                        "{name}, {addressing:?}, step {step}: loss {found}, expected {expected}"
                    );
                }
            }
        }
    }
}
