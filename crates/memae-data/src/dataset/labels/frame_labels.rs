use super::error::LabelError;
use crate::sample::Mask;

/// Which frames of some videos are anomalous.
///
/// ```
/// use memae_data::dataset::FrameLabels;
///
/// let labels = FrameLabels::Spans(vec![vec![(2, 3)], vec![]]);
/// assert_eq!(labels.of_videos(&[4, 2])?, [vec![false, true, true, false], vec![false; 2]]);
///
/// let labels = FrameLabels::Frames(vec![false, true, true, false, false, false]);
/// assert_eq!(labels.of_videos(&[4, 2])?[0], [false, true, true, false]);
/// # Ok::<(), memae_data::dataset::LabelError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FrameLabels {
    /// One label for each frame, one video after the other.
    Frames(Vec<bool>),
    /// For each video the first and the last frame of each anomalous span, counted from 1.
    Spans(Vec<Vec<(usize, usize)>>),
}

impl FrameLabels {
    /// The labels of each video, given how many frames it has.
    ///
    /// # Errors
    ///
    /// There are not as many labels as frames, or not as many lists of spans as videos; a span does not lie within its
    /// video.
    pub fn of_videos(&self, frames: &[usize]) -> Result<Vec<Vec<bool>>, LabelError> {
        match self {
            Self::Frames(labels) => {
                let total = frames
                    .iter()
                    .fold(0, |sum: usize, &n| sum.saturating_add(n));
                if labels.len() != total {
                    return Err(LabelError::Count {
                        labels: labels.len(),
                        frames: total,
                        videos: frames.len(),
                    });
                }
                let mut labels = labels.iter().copied();
                let of_video = |&count: &usize| labels.by_ref().take(count).collect();
                Ok(frames.iter().map(of_video).collect())
            }
            Self::Spans(videos) => {
                if videos.len() != frames.len() {
                    return Err(LabelError::VideoCount {
                        lists: videos.len(),
                        videos: frames.len(),
                    });
                }
                let videos = videos.iter().zip(frames).enumerate();
                videos
                    .map(|(index, (spans, &frames))| of_spans(index, spans, frames))
                    .collect()
            }
        }
    }

    /// The labels of a single video, whose frames are not counted.
    pub(in crate::dataset) fn of_video(self) -> Result<Vec<bool>, LabelError> {
        match self {
            Self::Frames(labels) => Ok(labels),
            Self::Spans(_) => Err(LabelError::Content {
                found: "spans".to_string(),
                expected: "a label or a mask for each frame",
            }),
        }
    }
}

fn of_spans(
    video: usize,
    spans: &[(usize, usize)],
    frames: usize,
) -> Result<Vec<bool>, LabelError> {
    let mut labels = vec![false; frames];
    for &(first, last) in spans {
        if first == 0 || first > last || last > frames {
            return Err(LabelError::Span {
                video: video + 1,
                first,
                last,
                frames,
            });
        }
        labels[first - 1..last].fill(true);
    }
    Ok(labels)
}

/// Labels from numbers, each 0 or 1.
pub(super) fn from_numbers(values: &[f64]) -> Result<Vec<bool>, LabelError> {
    let label = |(index, &value): (usize, &f64)| match value {
        0.0 => Ok(false),
        1.0 => Ok(true),
        found => Err(LabelError::Value {
            index,
            found: found.to_string(),
        }),
    };
    values.iter().enumerate().map(label).collect()
}

/// The label of a frame from the values of its mask: whether one is anomalous.
pub(super) fn of_mask(frame: usize, values: &[f64]) -> Result<bool, LabelError> {
    Mask::any_of_numbers(values.iter().copied()).map_err(|error| LabelError::Mask { frame, error })
}
