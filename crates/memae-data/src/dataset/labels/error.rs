use crate::sample::MaskError;

/// Why a file gives no frame labels.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LabelError {
    /// The name says nothing of the format.
    #[error("frame labels: found an unknown ending, expected .npy, .mat, .csv or .txt")]
    Extension,
    /// There are not as many labels as frames.
    #[error("frame labels: found {labels}, expected {frames}, one for each frame of {videos} {}", plural(*videos))]
    Count {
        /// Labels found.
        labels: usize,
        /// Frames of all videos.
        frames: usize,
        /// Number of videos.
        videos: usize,
    },
    /// There are not as many lists of spans as videos.
    #[error("frame labels: found the spans of {lists} videos, expected those of {videos}")]
    VideoCount {
        /// Lists found.
        lists: usize,
        /// Number of videos.
        videos: usize,
    },
    /// A span does not lie within its video.
    #[error(
        "frame labels: video {video}: found a span from {first} to {last}, expected spans within 1 to {frames}"
    )]
    Span {
        /// Index of the video, counted from 1.
        video: usize,
        /// First frame, counted from 1.
        first: usize,
        /// Last frame, counted from 1.
        last: usize,
        /// Frames of the video.
        frames: usize,
    },
    /// A label is neither 0 nor 1.
    #[error("frame label {index}: found {found}, expected 0 (normal) or 1 (anomalous)")]
    Value {
        /// Index of the label.
        index: usize,
        /// The value.
        found: String,
    },
    /// Lines of a table are not in the order of frames.
    #[error("line {line}: found frame {found}, expected {expected}")]
    Order {
        /// The line, counted from 1.
        line: u64,
        /// What the column of frames holds.
        found: String,
        /// The frame that comes next.
        expected: u64,
    },
    /// Lines of a table are not in the order of the files that they name.
    #[error(
        "line {line}: found file `{found}` after `{before}`, expected the natural order of names"
    )]
    FileOrder {
        /// The line, counted from 1.
        line: u64,
        /// The file that it names.
        found: String,
        /// The file of the line before.
        before: String,
    },
    /// The mask of a frame does not say which pixels are anomalous.
    #[error("frame labels: frame {frame}: {error}")]
    Mask {
        /// Index of the frame.
        frame: usize,
        /// What is wrong with the mask.
        error: MaskError,
    },
    /// The file does not hold what labels are made of.
    #[error("frame labels: found {found}, expected {expected}")]
    Content {
        /// What it holds.
        found: String,
        /// What it should hold.
        expected: &'static str,
    },
    /// The text cannot be read as a table.
    #[error("{reason}")]
    Table {
        /// Where and why.
        reason: String,
    },
}

fn plural(videos: usize) -> &'static str {
    match videos {
        1 => "video",
        _ => "videos",
    }
}
