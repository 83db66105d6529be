use memae_data::metrics::{PixelScores, VideoProtocol, VideoScores, frame_auc};
use memae_data::protocol::{Calibration, NormalParts};
use memae_models::detect::{DetectionThreshold, motion_map};
use serde::{Deserialize, Serialize};

use super::data::{MotionData, MotionVideo};
use super::place_scores::PlaceScores;
use crate::ExperimentError;

/// What a threshold flags, as shares of the test frames in [0, 1].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Flagged {
    /// The rate of false alarms that was asked for.
    pub asked: f64,
    /// Of normal frames: false alarms.
    pub normal: f64,
    /// Of anomalous frames.
    pub anomalous: f64,
}

/// How well test videos are told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MotionFigures {
    /// Frame-level AUC of the scores as they are: what a live camera gets.
    pub raw: f64,
    /// Of scores of each video normalised by its own lowest and highest.
    pub reference: f64,
    /// The mean of the AUC of each video; `None` if none has frames of both kinds.
    pub per_video_mean: Option<f64>,
    /// Raw, of every second video, from the first on, and of the others.
    pub halves: [f64; 2],
    /// Pixel-level AUC; `None` without masks.
    pub pixels: Option<f64>,
    /// What thresholds by held-out normal videos flag.
    pub flagged: Vec<Flagged>,
}

impl MotionFigures {
    pub(super) fn of(
        scores: &dyn PlaceScores,
        data: &MotionData,
        parts: &NormalParts,
        rates: &[f64],
    ) -> Result<Self, ExperimentError> {
        let mut videos = Vec::new();
        let mut pixels = PixelScores::new();
        for video in &data.test {
            let Some(anomalous) = &video.anomalous else {
                continue;
            };
            let (mut of_frames, mut labels) = (Vec::new(), Vec::new());
            for (frame, field) in video.fields.iter().enumerate() {
                let Some(field) = field else { continue };
                let places = scores.of(field)?;
                of_frames.push(highest(&places));
                labels.push(anomalous[frame]);
                if let Some(masks) = &video.masks {
                    let map = motion_map(&places, &data.layout);
                    let mask = &masks[frame];
                    pixels.push(&map, mask.anomalous(), mask.size())?;
                }
            }
            videos.push(VideoScores::new(of_frames, labels)?);
        }
        let (normal, anomalous) = pixels.counts();
        let pixels = match normal > 0 && anomalous > 0 {
            true => Some(pixels.rank()?.auc()),
            false => None,
        };
        let held_out = calibration(scores, &data.train, &parts.calibrate)?;
        Self::of_frames(&videos, pixels, &held_out, rates)
    }

    /// By the scores of the frames of test videos, and thresholds by held-out ones.
    pub(crate) fn of_frames(
        videos: &[VideoScores],
        pixels: Option<f64>,
        held_out: &Calibration,
        rates: &[f64],
    ) -> Result<Self, ExperimentError> {
        let flagged = rates.iter().map(|&asked| {
            let threshold = DetectionThreshold::held_out(held_out.clone(), asked)?;
            let share = |of: bool| {
                let frames = videos.iter().flat_map(|video| {
                    let labelled = video.scores().iter().zip(video.anomalous());
                    labelled.filter(|(_, label)| **label == of)
                });
                let (above, all) = frames.fold((0, 0), |(above, all), (score, _)| {
                    (above + usize::from(*score > threshold.value()), all + 1)
                });
                above as f64 / all.max(1) as f64
            };
            Ok(Flagged {
                asked,
                normal: share(false),
                anomalous: share(true),
            })
        });
        let flagged = flagged.collect::<Result<_, ExperimentError>>()?;
        let raw = |videos: &[VideoScores]| frame_auc(videos, VideoProtocol::Raw, None);
        let half = |first: usize| -> Vec<VideoScores> {
            videos.iter().skip(first).step_by(2).cloned().collect()
        };
        Ok(Self {
            raw: raw(videos)?.auc,
            reference: frame_auc(videos, VideoProtocol::Reference, None)?.auc,
            per_video_mean: frame_auc(videos, VideoProtocol::PerVideoMean, None)
                .ok()
                .map(|found| found.auc),
            halves: [raw(&half(0))?.auc, raw(&half(1))?.auc],
            pixels,
            flagged,
        })
    }
}

/// The score of a frame, that of its worst place.
pub(crate) fn highest(places: &[f32]) -> f64 {
    f64::from(places.iter().copied().fold(0.0, f32::max))
}

/// The scores of frames of held-out videos, each video a group.
fn calibration(
    scores: &dyn PlaceScores,
    train: &[MotionVideo],
    held_out: &[usize],
) -> Result<Calibration, ExperimentError> {
    let (mut of_frames, mut groups) = (Vec::new(), Vec::new());
    for &video in held_out {
        for field in train[video].known() {
            of_frames.push(highest(&scores.of(field)?));
            groups.push(video);
        }
    }
    Ok(Calibration::in_groups(&of_frames, &groups)?)
}
