use burn::tensor::Device;
use memae_data::encode::ClipsConfig;
use memae_data::sample::Video;
use memae_models::network::VideoAutoencoder;
use memae_models::score::{FittedRule, score_clips};

use crate::ExperimentError;

/// Clips scored at once.
const BATCH_SIZE: usize = 8;

/// What each rule makes of the frames of a video, `None` of those that no clip scores: `[rules][frames]`.
pub(super) fn clip_scores(
    model: &VideoAutoencoder,
    rules: &[FittedRule],
    cutting: &ClipsConfig,
    video: &Video,
    device: &Device,
) -> Result<Vec<Vec<Option<f64>>>, ExperimentError> {
    let clips = cutting.open(std::slice::from_ref(video))?;
    let by_rule = score_clips(model, rules, &clips, BATCH_SIZE, device)?;
    let of_frames = |scores: Vec<f64>| {
        let mut frames = vec![None; clips.frames_in(0)];
        for (clip, score) in scores.into_iter().enumerate() {
            frames[clips.scored_by(clip)] = Some(score);
        }
        frames
    };
    Ok(by_rule.into_iter().map(of_frames).collect())
}
