//! Scores of frames, from the scores of the clips that hold them.

use std::ops::Range;

use super::VideoMetricError;

/// Anomaly scores of the frames of one video, each with its label. At least one frame, and finite scores.
///
/// ```
/// use memae_data::metrics::VideoScores;
///
/// let anomalous = [false, false, true, true, false];
/// let video = VideoScores::from_clips(&[0.1, 0.9, 0.5], &anomalous, [1, 2, 3])?;
/// assert_eq!(video.scores(), [0.1, 0.9, 0.5]);
/// assert_eq!(video.anomalous(), [false, true, true]); // of frames 1, 2, 3
///
/// let video = VideoScores::from_clip_means(&[0.1, 0.9, 0.5], &anomalous, [0..3, 1..4, 2..5])?;
/// assert_eq!(video.scores(), [0.1, 0.5, 0.5, 0.7, 0.5]);
/// # Ok::<(), memae_data::metrics::VideoMetricError>(())
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

    /// The frames that the scores of clips belong to; the others have no score and are left out.
    ///
    /// `anomalous` has one label for each frame of the video, `clip_scores` one score for each clip and `scored_frames` the
    /// frame that this score belongs to, as `ClipLayout::scored_frames` gives them.
    ///
    /// # Errors
    ///
    /// No scores, another number of scores than of clips, a score that is NaN or infinite, or a frame that the video does
    /// not have.
    pub fn from_clips(
        clip_scores: &[f64],
        anomalous: &[bool],
        scored_frames: impl IntoIterator<Item = usize>,
    ) -> Result<Self, VideoMetricError> {
        let scored_frames: Vec<usize> = scored_frames.into_iter().collect();
        check_clips(clip_scores, scored_frames.len(), anomalous.len())?;
        let labels = scored_frames.iter().enumerate().map(|(clip, &frame)| {
            let label = anomalous.get(frame).copied();
            label.ok_or(VideoMetricError::ClipFrames {
                clip,
                first: frame,
                end: frame.saturating_add(1),
                frames: anomalous.len(),
            })
        });
        Self::new(clip_scores.to_vec(), labels.collect::<Result<_, _>>()?)
    }

    /// Every frame of a video, scored by the mean over the clips that contain it.
    ///
    /// A frame that no clip contains takes the score of the last clip before it, one before all clips that of the first.
    /// `anomalous` has one label for each frame of the video, `clip_scores` one score for each clip and `clips` its frames,
    /// as `ClipLayout::clips` gives them.
    ///
    /// # Errors
    ///
    /// No scores, another number of scores than of clips, a score that is NaN or infinite, or a clip that lies not within
    /// the video, or begins or ends before the one before it.
    pub fn from_clip_means(
        clip_scores: &[f64],
        anomalous: &[bool],
        clips: impl IntoIterator<Item = Range<usize>>,
    ) -> Result<Self, VideoMetricError> {
        let frames = anomalous.len();
        let clips: Vec<Range<usize>> = clips.into_iter().collect();
        check_clips(clip_scores, clips.len(), frames)?;
        check_order(&clips, frames)?;
        let (mut first, mut last) = (0, 0);
        let scores = (0..frames).map(|frame| {
            while clips.get(last + 1).is_some_and(|clip| clip.start <= frame) {
                last += 1;
            }
            // The first clip that has not ended when the frame comes.
            while first < last && clips[first].end <= frame {
                first += 1;
            }
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

fn check_clips(clip_scores: &[f64], clips: usize, frames: usize) -> Result<(), VideoMetricError> {
    if clip_scores.len() != clips {
        return Err(VideoMetricError::ClipCount {
            scores: clip_scores.len(),
            clips,
            frames,
        });
    }
    check_finite(clip_scores)
}

/// Clips must lie within the video, each at the place of the one before it or later.
fn check_order(clips: &[Range<usize>], frames: usize) -> Result<(), VideoMetricError> {
    let mut before = 0..0;
    for (index, clip) in clips.iter().enumerate() {
        let in_order = clip.start >= before.start && clip.end >= before.end;
        if !in_order || clip.is_empty() || clip.end > frames {
            return Err(VideoMetricError::ClipFrames {
                clip: index,
                first: clip.start,
                end: clip.end,
                frames,
            });
        }
        before = clip.clone();
    }
    Ok(())
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
