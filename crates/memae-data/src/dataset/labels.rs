//! Frame labels from files: .npy, .mat (version 5) and CSV.

use std::path::Path;

use crate::format::frame_files::frame_files;
use crate::source::{Numbering, SourceError, read_mask};

mod csv;
mod error;
mod mat;
mod npy;

pub use error::LabelError;
pub(crate) use npy::visit_frames as visit_npy_frames;

/// Which frames of some videos are anomalous.
///
/// ```
/// use memae_data::source::FrameLabels;
///
/// let labels = FrameLabels::Spans(vec![vec![(2, 3)], vec![]]);
/// assert_eq!(labels.of_videos(&[4, 2])?, [vec![false, true, true, false], vec![false; 2]]);
///
/// let labels = FrameLabels::Frames(vec![false, true, true, false, false, false]);
/// assert_eq!(labels.of_videos(&[4, 2])?[0], [false, true, true, false]);
/// # Ok::<(), memae_data::source::LabelError>(())
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
    pub(super) fn of_video(self) -> Result<Vec<bool>, LabelError> {
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

/// Reads frame labels from an .npy, .mat, .csv or .txt file.
///
/// | file | content |
/// |---|---|
/// | .npy | a row of labels, or masks `[frames, height, width]` |
/// | .mat | one variable: a row of labels; masks `[height, width, frames]`; cells with a mask for each frame; cells with a row of labels for each video; or cells with the spans of each video, `[2, spans]`, first and last frames counted from 1 |
/// | .csv, .txt | one label a line, below a header or not; or a column `label` or `anomalous`, of which a column `frame` must count the lines; or a single line of labels |
///
/// A label is 0 (normal) or 1 (anomalous), in text also `false` or `true`; a frame with a mask is anomalous if a value of
/// its mask is not 0. Masks are read one at a time.
///
/// # Errors
///
/// The file cannot be read or is damaged; it holds something else; a label is neither 0 nor 1.
pub fn read_frame_labels(path: impl AsRef<Path>) -> Result<FrameLabels, SourceError> {
    let path = path.as_ref();
    let extension = path
        .extension()
        .map(|extension| extension.to_ascii_lowercase());
    match extension.as_ref().and_then(|extension| extension.to_str()) {
        Some("npy") => npy::read(path),
        Some("mat") => mat::read(path),
        Some("csv" | "txt") => csv::read(path),
        _ => Err(located(path, LabelError::Extension)),
    }
}

/// Frame labels from a folder of masks, one image for each frame: a frame is anomalous if a pixel of its mask is not
/// black. The names are ordered and checked by [`Numbering::Consecutive`].
///
/// # Errors
///
/// The folder cannot be read or holds no masks; a mask is missing, or is not a whole image.
pub fn read_mask_labels(folder: impl AsRef<Path>) -> Result<Vec<bool>, SourceError> {
    frame_files(folder.as_ref(), "masks", Numbering::Consecutive)?
        .iter()
        .map(|path| Ok(read_mask(path)?.is_anomalous()))
        .collect()
}

fn located(path: &Path, error: LabelError) -> SourceError {
    SourceError::Labels {
        path: path.to_path_buf(),
        error,
    }
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
