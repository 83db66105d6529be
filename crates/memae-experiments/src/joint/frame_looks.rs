use burn::tensor::Device;
use memae_data::encode::ClipsConfig;
use memae_data::sample::Video;
use memae_models::network::VideoAutoencoder;
use memae_models::score::{FittedRule, RuleError, observe_clips};

use crate::ExperimentError;

/// Clips scored at once.
const BATCH_SIZE: usize = 8;

/// How a frame looks to a network.
#[derive(Clone)]
pub(super) struct FrameLooks {
    /// By rule.
    pub(super) scores: Vec<f64>,
    /// The error of each of its pixels, as large as clips are.
    pub(super) errors: Vec<f32>,
}

/// How the frames of a video look, `None` for those that no clip scores.
pub(super) fn frame_looks(
    model: &VideoAutoencoder,
    rules: &[FittedRule],
    cutting: &ClipsConfig,
    video: &Video,
    device: &Device,
) -> Result<Vec<Option<FrameLooks>>, ExperimentError> {
    let clips = cutting.open(std::slice::from_ref(video))?;
    let shape = clips.frame_shape();
    let start = clips.layout().scored_frame() * shape.height * shape.width;
    let end = start + shape.height * shape.width;
    let mut frames = vec![None; clips.frames_in(0)];
    let mut clip = 0;
    observe_clips(model, &clips, BATCH_SIZE, device, |found| {
        frames[clips.scored_by(clip)] = Some(FrameLooks {
            scores: rules
                .iter()
                .map(|rule| rule.normalized_score(&found))
                .collect(),
            errors: found.errors[start..end].to_vec(),
        });
        clip += 1;
    })
    .map_err(RuleError::from)?;
    Ok(frames)
}
