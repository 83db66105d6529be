//! Scores of frames, from the scores of the clips that hold them.

use super::VideoMetricError;
use crate::ClipLayout;

/// Anomaly scores of the frames of one video, each with its label. At least one frame, and finite scores.
///
/// ```
/// use memae_data::ClipLayout;
/// use memae_data::metrics::VideoScores;
///
/// let layout = ClipLayout::new(3)?; // scores the frame in the middle
/// let anomalous = [false, false, true, true, false];
/// let video = VideoScores::from_clips(&[0.1, 0.9, 0.5], &anomalous, layout)?;
/// assert_eq!(video.scores(), [0.1, 0.9, 0.5]);
/// assert_eq!(video.anomalous(), [false, true, true]); // of frames 1, 2, 3
///
/// let video = VideoScores::from_clip_means(&[0.1, 0.9, 0.5], &anomalous, layout)?;
/// assert_eq!(video.scores(), [0.1, 0.5, 0.5, 0.7, 0.5]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct VideoScores {
    scores: Vec<f64>,
    anomalous: Vec<bool>,
}

impl VideoScores {
    /// Scores and labels of frames, one of each per frame.
    ///
    /// # Errors
    ///
    /// No scores, unequal lengths, or a score that is NaN or infinite.
    pub fn new(scores: Vec<f64>, anomalous: Vec<bool>) -> Result<Self, VideoMetricError> {
        check_finite(&scores)?;
        if scores.len() != anomalous.len() {
            return Err(VideoMetricError::LabelCount {
                labels: anomalous.len(),
                frames: scores.len(),
            });
        }
        Ok(Self { scores, anomalous })
    }

    /// The frames that a clip's score belongs to, as the layout says; the others have no score and are left out.
    ///
    /// `anomalous` has one label for each frame of the video, `clip_scores` one score for each whole clip. By
    /// [`ClipLayout::reference`] the first 8 and the last 7 frames are left out.
    ///
    /// # Errors
    ///
    /// No scores, another number of scores than the video has clips, or a score that is NaN or infinite.
    pub fn from_clips(
        clip_scores: &[f64],
        anomalous: &[bool],
        layout: ClipLayout,
    ) -> Result<Self, VideoMetricError> {
        check_clips(clip_scores, anomalous.len(), layout)?;
        let labels = (0..clip_scores.len()).map(|clip| anomalous[layout.scored_by(clip)]);
        Self::new(clip_scores.to_vec(), labels.collect())
    }

    /// Every frame of a video, scored by the mean over the clips that contain it.
    ///
    /// Where the stride leaves frames that no clip contains, they take the score of the last clip before them.
    /// `anomalous` has one label for each frame of the video, `clip_scores` one score for each whole clip.
    ///
    /// # Errors
    ///
    /// As [`from_clips`](Self::from_clips).
    pub fn from_clip_means(
        clip_scores: &[f64],
        anomalous: &[bool],
        layout: ClipLayout,
    ) -> Result<Self, VideoMetricError> {
        let frames = anomalous.len();
        check_clips(clip_scores, frames, layout)?;
        let scores = (0..frames).map(|frame| {
            let last = (frame / layout.stride()).min(clip_scores.len() - 1);
            // The first clip that has not ended when the frame comes.
            let first = (frame + 1)
                .saturating_sub(layout.length())
                .div_ceil(layout.stride())
                .min(last);
            let clips = &clip_scores[first..=last];
            let count = clips.len() as f64;
            // Each score is divided on its own: a sum of large scores could become infinite.
            clips.iter().map(|score| score / count).sum()
        });
        Self::new(scores.collect(), anomalous.to_vec())
    }

    /// One score per frame.
    pub fn scores(&self) -> &[f64] {
        &self.scores
    }

    /// Whether each frame is anomalous.
    pub fn anomalous(&self) -> &[bool] {
        &self.anomalous
    }

    /// Whether the frames are of both kinds, without which the video has no AUC of its own.
    pub fn is_mixed(&self) -> bool {
        self.anomalous.contains(&true) && self.anomalous.contains(&false)
    }
}

fn check_clips(
    clip_scores: &[f64],
    frames: usize,
    layout: ClipLayout,
) -> Result<(), VideoMetricError> {
    let clips = layout.clips_in(frames);
    if clip_scores.len() != clips {
        return Err(VideoMetricError::ClipCount {
            scores: clip_scores.len(),
            clips,
            frames,
        });
    }
    check_finite(clip_scores)
}

pub(super) fn check_finite(scores: &[f64]) -> Result<(), VideoMetricError> {
    if scores.is_empty() {
        return Err(VideoMetricError::NoScores);
    }
    match scores.iter().position(|score| !score.is_finite()) {
        Some(index) => Err(VideoMetricError::NotFinite {
            index,
            found: scores[index],
        }),
        None => Ok(()),
    }
}

/// Divides the labels of all videos, one after the other, into those of each.
///
/// `frames` has the number of frames of each video.
///
/// # Errors
///
/// There are not as many labels as frames.
///
/// ```
/// use memae_data::metrics::split_labels;
///
/// let videos = split_labels(&[false, true, true, false, false], &[2, 3])?;
/// assert_eq!(videos, [&[false, true][..], &[true, false, false]]);
/// # Ok::<(), memae_data::metrics::VideoMetricError>(())
/// ```
pub fn split_labels<'a>(
    anomalous: &'a [bool],
    frames: &[usize],
) -> Result<Vec<&'a [bool]>, VideoMetricError> {
    let total = frames.iter().fold(0usize, |sum, &n| sum.saturating_add(n));
    if total != anomalous.len() {
        return Err(VideoMetricError::TotalLabelCount {
            labels: anomalous.len(),
            frames: total,
            videos: frames.len(),
        });
    }
    let mut rest = anomalous;
    Ok(frames
        .iter()
        .map(|&count| {
            let (video, later) = rest.split_at(count);
            rest = later;
            video
        })
        .collect())
}
