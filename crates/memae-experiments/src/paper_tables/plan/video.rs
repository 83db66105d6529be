use memae_core::addressing::{Shrinkage, Similarity};
use memae_models::network::{Variant, VideoAutoencoderConfig};
use memae_models::train::TrainConfig;

use super::cell::{Cell, Work};
use super::selection::Selection;

/// Passes over the training clips.
const EPOCHS: usize = 2;
/// Clips a pass, drawn anew for each.
const CLIPS_PER_EPOCH: usize = 1155;

/// The three forms of a network small enough for two CPU cores.
pub(super) fn cells(selection: &Selection) -> Vec<Cell> {
    // A scale above 0 is no error.
    let Ok(mut network) = VideoAutoencoderConfig::video(Variant::MemAe)
        .with_frame_size(64, 64)
        .with_channels_scale(0.25)
    else {
        return Vec::new();
    };
    if let Some(memory) = &mut network.memory {
        memory.num_items = 500;
        memory.similarity = Similarity::Dot;
        memory.shrinkage = Shrinkage::relative(1.0);
    }
    let train = TrainConfig::video()
        .with_epochs(selection.epochs.unwrap_or(EPOCHS))
        .with_samples_per_epoch(Some(CLIPS_PER_EPOCH))
        .with_batch_size(4)
        .with_learning_rate(1e-3);
    let variants = [Variant::Ae, Variant::MemAeNonSparse, Variant::MemAe];
    (0..selection.seeds)
        .flat_map(|seed| variants.map(|variant| (seed, variant)))
        .map(|(seed, variant)| Cell {
            method: variant.name().to_string(),
            setting: None,
            class: None,
            seed,
            work: Work::Video {
                network: Box::new(network.clone()),
                variant,
                train: Box::new(train.clone().with_seed(seed)),
            },
        })
        .collect()
}
