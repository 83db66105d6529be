use memae::data::{Kddcup99, NumericScale, TableEncoderConfig};
use memae::loss::MemAeLossConfig;
use memae::network::{Variant, VectorAutoencoderConfig};
use memae::train::TrainConfig;

use super::{RECOMMENDED, Selection};
use crate::baseline::Baseline;
use crate::cell::{Cell, Work};

/// Passes of the networks in the paper's setting, which it does not give.
const PAPER_EPOCHS: usize = 8;
/// Connections a step.
const BATCH_SIZE: usize = 1024;

/// The same with the recommended encoding, which takes longer to learn.
const RECOMMENDED_EPOCHS: usize = 16;

/// A plain autoencoder with the recommended encoding, in tables.
const RECOMMENDED_AE: &str = "AE, recommended";

/// A network and how its connections are encoded.
struct Recipe {
    method: &'static str,
    variant: Variant,
    encoder: TableEncoderConfig,
    epochs: usize,
}

/// The paper's forms on numbers brought to [0, 1], as in the literature, and two of them as memae recommends:
/// the logarithm of numbers, standardised, since bytes and counts differ by powers of ten.
fn recipes() -> Vec<Recipe> {
    let literature = Kddcup99::encoder();
    let recommended = Kddcup99::encoder()
        .with_log(true)
        .with_scale(NumericScale::Standard)
        .with_clip(10.0);
    let recipe = |method, variant, encoder: &TableEncoderConfig, epochs| Recipe {
        method,
        variant,
        encoder: encoder.clone(),
        epochs,
    };
    let paper = |variant: Variant| recipe(variant.name(), variant, &literature, PAPER_EPOCHS);
    let own = |method, variant| recipe(method, variant, &recommended, RECOMMENDED_EPOCHS);
    vec![
        paper(Variant::Ae),
        paper(Variant::MemAeNonSparse),
        paper(Variant::MemAe),
        own(RECOMMENDED_AE, Variant::Ae),
        own(RECOMMENDED, Variant::MemAe),
    ]
}

/// Every method on splits of their own.
pub(super) fn cells(selection: &Selection) -> Vec<Cell> {
    let encoder = Box::new(Kddcup99::encoder());
    let recipes = recipes();
    let mut cells = Vec::new();
    for seed in 0..selection.seeds {
        let cell = |method, work| Cell {
            method,
            setting: None,
            class: None,
            seed,
            work,
        };
        for recipe in &recipes {
            let train = TrainConfig::new()
                .with_epochs(selection.epochs.unwrap_or(recipe.epochs))
                .with_batch_size(BATCH_SIZE)
                .with_loss(recipe.variant.loss(MemAeLossConfig::paper()))
                .with_seed(seed);
            let work = Work::Vectors {
                network: Box::new(VectorAutoencoderConfig::kddcup99(recipe.variant)),
                encoder: Box::new(recipe.encoder.clone()),
                train: Box::new(train),
                every_epoch: seed == 0,
            };
            cells.push(cell(recipe.method, work));
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
