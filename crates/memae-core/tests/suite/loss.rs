//! Losses against the oracle.

use burn::tensor::Tensor;
use memae_core::loss::{
    MemAeLossConfig, ReconstructionReduction, entropy, reconstruction_errors, reconstruction_loss,
};
use proptest::prelude::*;

use crate::devices::{assert_close, devices, devices_and_autodiff, matrix, values};
use crate::oracle;

/// Rows that sum to 1 with many zeros, as shrinkage leaves them.
fn sparse_rows() -> impl Strategy<Value = (usize, Vec<f64>)> {
    (1usize..20, 1usize..12).prop_flat_map(|(items, rows)| {
        let weight = prop_oneof![2 => Just(0.0f32), 1 => 0.01f32..1.0];
        proptest::collection::vec(weight, items * rows).prop_map(move |mut weights| {
            for row in weights.chunks_mut(items) {
                let sum: f32 = row.iter().sum();
                if sum > 0.0 {
                    row.iter_mut().for_each(|weight| *weight /= sum);
                }
            }
            (items, weights.into_iter().map(f64::from).collect())
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn entropy_agrees_with_the_oracle((items, weights) in sparse_rows()) {
        let expected: Vec<f64> = weights.chunks(items).map(oracle::entropy).collect();
        let most = (items as f64).ln();
        for (name, device) in devices() {
            let tensor = matrix(&weights, [weights.len() / items, items], &device);
            let found = values(entropy(tensor));
            assert_close(name, &found, &expected, 0.1, 1e-5);
            prop_assert!(found.iter().all(|e| *e >= 0.0 && *e <= most + 1e-5));
        }
    }

    #[test]
    fn reconstruction_agrees_with_the_oracle(
        values_in in proptest::collection::vec((-3.0f32..3.0, -3.0f32..3.0), 3 * 5 * 2),
    ) {
        let (a, b): (Vec<f64>, Vec<f64>) =
            values_in.iter().map(|(a, b)| (f64::from(*a), f64::from(*b))).unzip();
        let squared: Vec<f64> = a.iter().zip(&b).map(|(a, b)| (a - b) * (a - b)).collect();
        let errors: Vec<f64> = squared.chunks(10).map(|sample| sample.iter().sum()).collect();
        let total: f64 = errors.iter().sum();
        for (name, device) in devices() {
            let tensor = |values: &[f64]| -> Tensor<3> {
                matrix(values, [3, 10], &device).reshape([3, 5, 2])
            };
            let found = values(reconstruction_errors(tensor(&a), tensor(&b)));
            assert_close(name, &found, &errors, 0.1, 1e-5);
            let loss = |reduction| values(reconstruction_loss(tensor(&a), tensor(&b), reduction));
            assert_close(name, &loss(ReconstructionReduction::SumPerSample), &[total / 3.0], 0.1, 1e-5);
            assert_close(name, &loss(ReconstructionReduction::ElementMean), &[total / 30.0], 0.1, 1e-5);
        }
    }
}

#[test]
fn presets_combine_their_parts() {
    for (name, device) in devices_and_autodiff() {
        let rebuilt = matrix(&[1.0, 2.0, 3.0, 4.0], [2, 2], &device);
        let target = matrix(&[1.0, 0.0, 3.0, 3.0], [2, 2], &device);
        let weights = matrix(&[0.5, 0.5, 1.0, 0.0], [2, 2], &device);
        let mean_entropy = 0.5 * 2f64.ln();
        for (config, reconstruction) in [
            (MemAeLossConfig::paper(), 5.0 / 2.0),
            (MemAeLossConfig::reference(), 5.0 / 4.0),
        ] {
            let loss = config.with_entropy_weight(0.25).init();
            let entropy = entropy(weights.clone());
            let output = loss.forward(rebuilt.clone(), target.clone(), Some(entropy));
            let parts = [
                values(output.reconstruction)[0],
                values(output.entropy.unwrap())[0],
                values(output.total)[0],
            ];
            let expected = [
                reconstruction,
                mean_entropy,
                reconstruction + 0.25 * mean_entropy,
            ];
            assert_close(&name, &parts, &expected, 0.1, 1e-5);
        }
        let plain = MemAeLossConfig::paper()
            .init()
            .forward(rebuilt, target, None);
        assert!(plain.entropy.is_none());
        assert_close(&name, &values(plain.total), &[2.5], 0.1, 1e-5);
    }
}

#[test]
fn entropy_weights_out_of_range_are_an_error() {
    for found in [-0.1, f64::NAN, f64::INFINITY] {
        let error = MemAeLossConfig::paper()
            .with_entropy_weight(found)
            .try_init()
            .unwrap_err();
        assert!(
            error
                .to_string()
                .contains("expected a finite number, 0 or above")
        );
    }
}

#[test]
#[should_panic(expected = "differ in shape: [2, 3] and [2, 4]")]
fn shapes_that_differ_panic_with_both() {
    let device = &devices()[0].1;
    reconstruction_errors(
        Tensor::<2>::zeros([2, 3], device),
        Tensor::zeros([2, 4], device),
    );
}

#[test]
fn an_entropy_without_weight_takes_no_part() {
    let device = &devices()[0].1;
    let samples = matrix(&[1.0, 2.0], [1, 2], device);
    let entropy = matrix(&[f64::NAN], [1, 1], device).reshape([1]);
    let loss = MemAeLossConfig::paper().with_entropy_weight(0.0).init();
    let output = loss.forward(samples.clone(), samples, Some(entropy));
    assert_eq!(output.total.into_scalar::<f32>(), 0.0);
}
