use memae_data::metrics::MetricError;
use memae_data::metrics::{VideoMetricError, VideoProtocol, VideoScores, frame_auc};
use serde::{Deserialize, Serialize};

use super::source::VideoData;
use crate::ExperimentError;

/// Frame-level AUC by each protocol, in `[0, 1]`; 0.5 is chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FrameAucs {
    /// Scores of each video normalised by its own lowest and highest, then one ROC: the protocol of the
    /// authors. It looks at the whole video before it scores a frame.
    pub reference: f64,
    /// One ROC of the scores as they are: what a live camera gets.
    pub raw: f64,
    /// The mean over videos of the AUC of each; `None` if no video has both kinds of frames.
    pub per_video_mean: Option<f64>,
    /// As `raw`, with a score for every frame: the mean over the clips that it is in.
    pub every_frame: f64,
}

/// AUC of the test videos after an epoch, by the mean error.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EpochAuc {
    /// Epoch, from 1.
    pub epoch: usize,
    /// The AUC by each protocol.
    pub auc: FrameAucs,
}

/// AUC over the videos that have labels; `None` where these are not of both kinds.
pub(super) fn frame_aucs(
    scores: &[f64],
    data: &VideoData,
) -> Result<Option<FrameAucs>, ExperimentError> {
    let layout = data.test.layout();
    let (mut scored, mut every) = (Vec::new(), Vec::new());
    for (video, labels) in data.labels.iter().enumerate() {
        if let Some(labels) = labels {
            let indices = data.test.clips_of(video);
            let clips = &scores[indices.clone()];
            let scored_frames = indices.clone().map(|clip| data.test.scored_by(clip));
            scored.push(VideoScores::from_clips(clips, labels, scored_frames)?);
            let frames_of_clips = indices.map(|clip| {
                let first = data.test.first_frame(clip);
                first..first + layout.span()
            });
            every.push(VideoScores::from_clip_means(
                clips,
                labels,
                frames_of_clips,
            )?);
        }
    }
    let auc = |videos: &[VideoScores], protocol| match frame_auc(videos, protocol, None) {
        Ok(result) => Ok(Some(result.auc)),
        Err(
            VideoMetricError::NoVideos
            | VideoMetricError::NoMixedVideo { .. }
            | VideoMetricError::Metric(
                MetricError::NoAnomalies { .. } | MetricError::NoNormals { .. },
            ),
        ) => Ok(None),
        Err(error) => Err(error),
    };
    let reference = auc(&scored, VideoProtocol::Reference)?;
    let raw = auc(&scored, VideoProtocol::Raw)?;
    let every_frame = auc(&every, VideoProtocol::Raw)?;
    let per_video_mean = auc(&scored, VideoProtocol::PerVideoMean)?;
    Ok(match (reference, raw, every_frame) {
        (Some(reference), Some(raw), Some(every_frame)) => Some(FrameAucs {
            reference,
            raw,
            per_video_mean,
            every_frame,
        }),
        _ => None,
    })
}
