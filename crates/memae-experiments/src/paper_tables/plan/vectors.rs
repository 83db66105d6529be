use memae_core::loss::MemAeLossConfig;
use memae_data::dataset::Kddcup99;
use memae_data::encode::{Logarithm, NumericScale, TableEncoderConfig};
use memae_models::network::{Variant, VectorAutoencoderConfig};
use memae_models::train::{SampleMemoryConfig, TrainConfig};

use super::cell::{Cell, Work};
use super::selection::Selection;
use crate::baselines::Baseline;

/// Passes of all networks; the paper does not give its own.
const EPOCHS: usize = 16;
/// Connections a step.
const BATCH_SIZE: usize = 1024;

/// Passes where columns are hidden, of which each is several over the same connections.
const MASKED_EPOCHS: usize = 3;
/// Connections a step then.
const MASKED_BATCH_SIZE: usize = 128;

/// How connections are encoded, and what is added to the name of a method.
fn encodings() -> [(&'static str, TableEncoderConfig); 2] {
    let encoder = || TableEncoderConfig::default().with_vocabularies(Kddcup99::VOCABULARIES);
    [
        // Numbers brought to [0, 1], as in the literature.
        ("", encoder()),
        // Bytes and counts differ by powers of ten.
        (
            ", log",
            encoder()
                .with_log(Logarithm::Always)
                .with_scale(NumericScale::Standard)
                .with_clip(10.0),
        ),
    ]
}

/// Every method with both encodings, on splits of their own.
pub(super) fn cells(selection: &Selection) -> Vec<Cell> {
    let mut cells = Vec::new();
    for seed in 0..selection.seeds {
        for (suffix, encoder) in encodings() {
            let cell = |method: &str, work| Cell {
                method: format!("{method}{suffix}"),
                setting: None,
                class: None,
                seed,
                work,
            };
            for variant in [Variant::Ae, Variant::MemAeNonSparse, Variant::MemAe] {
                let train = TrainConfig::new()
                    .with_epochs(selection.epochs.unwrap_or(EPOCHS))
                    .with_batch_size(BATCH_SIZE)
                    .with_loss(variant.loss(MemAeLossConfig::paper()))
                    .with_seed(seed);
                let work = Work::Vectors {
                    network: Box::new(VectorAutoencoderConfig::kddcup99(variant)),
                    encoder: Box::new(encoder.clone()),
                    train: Box::new(train),
                    every_epoch: seed == 0,
                };
                cells.push(cell(variant.name(), work));
            }
            for variant in [Variant::Ae, Variant::MemAeNonSparse, Variant::MemAe] {
                let train = TrainConfig::new()
                    .with_epochs(selection.epochs.unwrap_or(MASKED_EPOCHS))
                    .with_batch_size(MASKED_BATCH_SIZE)
                    .with_loss(variant.loss(MemAeLossConfig::paper()))
                    .with_seed(seed);
                let work = Work::MaskedVectors {
                    variant,
                    num_items: 100,
                    masks: 8,
                    encoder: Box::new(encoder.clone()),
                    train: Box::new(train),
                };
                cells.push(cell(&format!("{}, masked columns", variant.name()), work));
            }
            for (name, neighbors) in [("memory alone", 1), ("memory alone, 5 items", 5)] {
                let memory = SampleMemoryConfig::default()
                    .with_neighbors(neighbors)
                    .with_seed(seed);
                let work = Work::VectorMemory {
                    encoder: Box::new(encoder.clone()),
                    memory,
                };
                cells.push(cell(name, work));
            }
            for baseline in Baseline::ALL {
                let work = Work::vector_baseline(&encoder, baseline, seed);
                cells.push(cell(baseline.name(), work));
            }
        }
    }
    cells
}
