//! People on a walkway: frames of one video are alike.

use burn::tensor::Device;
use memae_data::drawn::WalkwayConfig;
use memae_data::encode::ClipsConfig;
use memae_data::sample::Video;
use memae_models::network::{Variant, VideoAutoencoderConfig};
use memae_models::samples::Samples;
use memae_models::score::{ScoreRule, Scores};
use memae_models::train::{Interrupter, TrainConfig};

use super::splits::UnseenScores;
use crate::{ExperimentError, Trial};

/// Frames of each video: the shortest that still has many clips.
const FRAMES: usize = 60;
/// Height and width that frames are brought to.
const SIZE: usize = 32;

/// Trains a small network on some normal videos of the walkway, and scores the clips of others, by the reconstruction error.
///
/// # Errors
///
/// Numbers of videos out of range; a stop through the interrupter.
pub fn walkway(
    train_videos: usize,
    unseen_videos: usize,
    train: TrainConfig,
    device: &Device,
    interrupter: &Interrupter,
) -> Result<UnseenScores, ExperimentError> {
    let walkway = WalkwayConfig::default()
        .with_train(train_videos.saturating_add(unseen_videos), FRAMES)
        .with_test(0, 0)
        .with_anomalies_per_video(0)
        .with_seed(train.seed)
        .generate()?;
    let videos = walkway.train.iter().zip(1..);
    let videos: Vec<Video> = videos
        .map(|(video, number): (_, usize)| video.to_video(format!("{number:03}")))
        .collect::<Result<_, _>>()?;
    let (seen, unseen) = videos.split_at(train_videos);
    let config = ClipsConfig::default().with_size(SIZE, SIZE);
    let (seen, unseen) = (config.open(seen)?, config.open(unseen)?);
    let network = VideoAutoencoderConfig::video(Variant::MemAe)
        .with_frame_size(SIZE, SIZE)
        .with_channels_scale(0.125)?;
    let groups = unseen.groups().unwrap_or_default();
    let outcome = Trial::new(network, train, device.clone())
        .with_interrupter(interrupter.clone())
        .run(&seen, &unseen)?;
    let of = |scores: &Scores| {
        let scores = scores.by_rule(ScoreRule::Reconstruction, &outcome.detector.scale());
        scores.unwrap_or_default()
    };
    Ok(UnseenScores {
        name: "walkway".to_string(),
        scores: of(&outcome.test.scores),
        groups,
        training: of(&outcome.training.scores),
    })
}
