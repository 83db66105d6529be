//! Frame-level AUC, by the protocol of the published figures and by those that a live camera can use.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{ScoreRange, VideoMetricError, VideoScores};
use crate::metrics::roc_auc;

/// How the scores of several videos make one frame-level AUC.
///
/// The names in [`Display`](fmt::Display), [`FromStr`] and serialised text are `reference`, `raw`, `train` and
/// `per-video-mean`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum VideoProtocol {
    /// Min-max normalisation of each video by its own scores, then one ROC over all frames.
    ///
    /// The protocol of the authors and of most published figures. It looks at the whole video before it scores a
    /// frame, and it takes for granted that each video has something anomalous in it.
    #[default]
    Reference,
    /// The scores as they are, one ROC over all frames: what a live camera gets.
    Raw,
    /// Min-max normalisation by training scores only, then one ROC over all frames.
    ///
    /// With one range for all videos this ranks the frames as [`Raw`](Self::Raw) does; it differs where the videos
    /// are of several scenes and each scene has its own range.
    Train,
    /// The mean of the AUC of each video. Videos that are all normal or all anomalous have none and are left out.
    PerVideoMean,
}

impl VideoProtocol {
    /// All protocols.
    pub const ALL: [Self; 4] = [Self::Reference, Self::Raw, Self::Train, Self::PerVideoMean];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Raw => "raw",
            Self::Train => "train",
            Self::PerVideoMean => "per-video-mean",
        }
    }
}

impl fmt::Display for VideoProtocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for VideoProtocol {
    type Err = VideoMetricError;

    fn from_str(name: &str) -> Result<Self, VideoMetricError> {
        Self::ALL
            .into_iter()
            .find(|protocol| protocol.name() == name)
            .ok_or_else(|| VideoMetricError::UnknownProtocol {
                found: name.to_string(),
            })
    }
}

/// A frame-level AUC and what it was taken over.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FrameAuc {
    /// The area, in [0, 1].
    pub auc: f64,
    /// Videos that count.
    pub videos: usize,
    /// Frames that count, those of the videos that count.
    pub frames: usize,
    /// Videos left out because their frames are all normal or all anomalous; always 0 where one ROC is made of all.
    pub left_out: usize,
}

/// Frame-level AUC of several videos.
///
/// `training` is needed by [`VideoProtocol::Train`] alone, and not looked at by the others: the range of the training
/// scores of each video's scene, one for each video.
///
/// Source of [`VideoProtocol::Reference`]: section 4.2 of Gong et al., ICCV 2019, where the normality score is one
/// minus the normalised score. A video whose scores are all equal is normalised to zeros.
///
/// # Errors
///
/// No videos; no training ranges where they are needed, or not one for each video; frames of one kind only.
///
/// ```
/// use memae_data::metrics::{VideoProtocol, VideoScores, frame_auc};
///
/// // The second video has larger errors throughout, anomalous or not.
/// let videos = [
///     VideoScores::new(vec![0.1, 0.2, 0.4], vec![false, false, true])?,
///     VideoScores::new(vec![5.0, 6.0, 9.0], vec![false, false, true])?,
/// ];
/// let auc = |protocol| frame_auc(&videos, protocol, None).map(|result| result.auc);
/// assert_eq!(auc(VideoProtocol::Reference)?, 1.0);
/// assert_eq!(auc(VideoProtocol::PerVideoMean)?, 1.0);
/// assert_eq!(auc(VideoProtocol::Raw)?, 0.75);
/// # Ok::<(), memae_data::metrics::VideoMetricError>(())
/// ```
pub fn frame_auc(
    videos: &[VideoScores],
    protocol: VideoProtocol,
    training: Option<&[ScoreRange]>,
) -> Result<FrameAuc, VideoMetricError> {
    if videos.is_empty() {
        return Err(VideoMetricError::NoVideos);
    }
    match protocol {
        VideoProtocol::Raw => pooled_auc(videos, |_, score| score),
        VideoProtocol::Reference => {
            let ranges: Vec<ScoreRange> = videos
                .iter()
                .map(|video| ScoreRange::of(video.scores()))
                .collect::<Result<_, _>>()?;
            pooled_auc(videos, |video, score| ranges[video].normalise(score))
        }
        VideoProtocol::Train => {
            let ranges = training.ok_or(VideoMetricError::NoTrainingScores)?;
            if ranges.len() != videos.len() {
                return Err(VideoMetricError::RangeCount {
                    ranges: ranges.len(),
                    videos: videos.len(),
                });
            }
            pooled_auc(videos, |video, score| ranges[video].normalise(score))
        }
        VideoProtocol::PerVideoMean => mean_auc(videos),
    }
}

/// The AUC of one ROC over all frames, each scored by `score` of its video's index and its own score.
fn pooled_auc(
    videos: &[VideoScores],
    score: impl Fn(usize, f64) -> f64,
) -> Result<FrameAuc, VideoMetricError> {
    let mut scores = Vec::new();
    let mut anomalous = Vec::new();
    for (index, video) in videos.iter().enumerate() {
        scores.extend(video.scores().iter().map(|&value| score(index, value)));
        anomalous.extend_from_slice(video.anomalous());
    }
    Ok(FrameAuc {
        auc: roc_auc(&scores, &anomalous)?,
        videos: videos.len(),
        frames: scores.len(),
        left_out: 0,
    })
}

fn mean_auc(videos: &[VideoScores]) -> Result<FrameAuc, VideoMetricError> {
    let mixed: Vec<&VideoScores> = videos.iter().filter(|video| video.is_mixed()).collect();
    if mixed.is_empty() {
        return Err(VideoMetricError::NoMixedVideo {
            videos: videos.len(),
        });
    }
    let mut sum = 0.0;
    for video in &mixed {
        sum += roc_auc(video.scores(), video.anomalous())?;
    }
    Ok(FrameAuc {
        auc: sum / mixed.len() as f64,
        videos: mixed.len(),
        frames: mixed.iter().map(|video| video.scores().len()).sum(),
        left_out: videos.len() - mixed.len(),
    })
}
