use burn::tensor::Device;
use memae_data::encode::{ClipLayout, ClipsConfig};
use memae_data::sample::FrameColour;
use memae_models::network::{Variant, VideoAutoencoderConfig};
use memae_models::train::{ProgressDisplay, TrainConfig};

use super::found::{Figures, Found};
use crate::paper_tables::error::TableError;
use crate::video::{VideoExperiment, VideoSource};

/// Trains one form of a network on clips.
pub(super) fn network(
    network: &VideoAutoencoderConfig,
    variant: Variant,
    train: &TrainConfig,
    source: &VideoSource,
    device: &Device,
    display: ProgressDisplay,
) -> Result<Found, TableError> {
    let input = network.input;
    let clips = ClipsConfig::default()
        .with_layout(ClipLayout::new(input.frames)?)
        .with_size(input.height, input.width)
        .with_colour(FrameColour::Grey);
    let data = source.open(&clips)?;
    let outcome = VideoExperiment::new(network.clone(), train.clone(), device.clone())
        .with_variants(vec![variant])
        .with_display(display)
        .run(&data)?;
    let mut found = Found::default();
    for rule in outcome.models.iter().flat_map(|model| &model.rules) {
        let Some(auc) = rule.auc else { continue };
        let mut figures = Figures::from([
            ("reference".to_string(), auc.reference),
            ("raw".to_string(), auc.raw),
            ("every frame".to_string(), auc.every_frame),
        ]);
        if let Some(mean) = auc.per_video_mean {
            figures.insert("per-video mean".to_string(), mean);
        }
        found.figures.insert(rule.rule.name(), figures);
    }
    match found.figures.is_empty() {
        true => Err(TableError::NoFrameLabels),
        false => Ok(found),
    }
}
