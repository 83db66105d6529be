use memae::data::Kddcup99;
use memae::loss::MemAeLossConfig;
use memae::network::{Variant, VectorAutoencoderConfig};
use memae::train::TrainConfig;

use super::Selection;
use crate::baseline::Baseline;
use crate::cell::{Cell, Work};

/// Passes of the networks in the paper's setting, which it does not give.
const PAPER_EPOCHS: usize = 8;
/// Connections a step.
const BATCH_SIZE: usize = 1024;

/// Every method on splits of their own.
pub(super) fn cells(selection: &Selection) -> Vec<Cell> {
    let encoder = Box::new(Kddcup99::encoder());
    let mut cells = Vec::new();
    for seed in 0..selection.seeds {
        let cell = |method, work| Cell {
            method,
            setting: None,
            class: None,
            seed,
            work,
        };
        for variant in [Variant::Ae, Variant::MemAeNonSparse, Variant::MemAe] {
            let train = TrainConfig::new()
                .with_epochs(selection.epochs.unwrap_or(PAPER_EPOCHS))
                .with_batch_size(BATCH_SIZE)
                .with_loss(variant.loss(MemAeLossConfig::paper()))
                .with_seed(seed);
            let work = Work::Vectors {
                network: Box::new(VectorAutoencoderConfig::kddcup99(variant)),
                encoder: encoder.clone(),
                train: Box::new(train),
                every_epoch: true,
            };
            cells.push(cell(variant.name(), work));
        }
        for baseline in Baseline::ALL {
            let work = Work::VectorBaseline {
                encoder: encoder.clone(),
                baseline,
                seed,
            };
            cells.push(cell(baseline.name(), work));
        }
    }
    cells
}
