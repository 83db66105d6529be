//! The memory alone: the authors' `MemoryUnit`.

use burn::tensor::Tensor;
use memae_core::MemoryModuleConfig;
use memae_core::addressing::{EmptyRow, Shrinkage, Similarity};

use crate::fixture::{Fixture, assert_relative, devices, path, values};

/// f32 reaches 1e-6.
const TOLERANCE: f64 = 1e-5;

#[test]
fn the_memory_agrees_with_pytorch() {
    for (name, device) in devices() {
        for threshold in ["0.0", "0.08", "0.2"] {
            let fixture = Fixture::new(&path("video.safetensors"), &format!("unit.{threshold}."));
            let device = device.clone().autodiff();
            let shrinkage = match threshold.parse::<f64>().unwrap() {
                0.0 => Shrinkage::Off,
                threshold => Shrinkage::absolute(threshold),
            };
            let memory = MemoryModuleConfig::new(13, 5)
                .with_similarity(Similarity::Dot)
                .with_shrinkage(shrinkage)
                .with_empty_row(EmptyRow::Zeros)
                .init_with_items(fixture.tensor("items", &device))
                .unwrap();
            let queries: Tensor<2> = fixture.tensor("queries", &device).require_grad();
            let pull: Tensor<2> = fixture.tensor("pull", &device);

            let weights = memory.address(queries.clone()).shrunk;
            let output = memory.forward(queries.clone());
            let entropy = output.entropy.mean();
            let loss = (output.read.clone() * pull).sum() + entropy.clone();
            let gradients = loss.backward();
            let empty_rows: Vec<f64> = values(output.statistics.empty_rows.float());
            assert_eq!(
                empty_rows.contains(&1.0),
                threshold == "0.2",
                "{name}, threshold {threshold}: empty rows"
            );
            for (part, found) in [
                ("weights", values(weights)),
                ("read", values(output.read)),
                ("entropy", values(entropy)),
                ("grad.queries", values(queries.grad(&gradients).unwrap())),
                (
                    "grad.items",
                    values(memory.items.val().grad(&gradients).unwrap()),
                ),
            ] {
                let what = format!("{name}, threshold {threshold}, {part}");
                assert_relative(&what, &found, &fixture.values(part), TOLERANCE);
            }
        }
    }
}
