//! Why samples could not be had.

use std::path::{Path, PathBuf};

use super::table::TableError;
use super::video::{FrameSizeError, VideoError};
#[cfg(feature = "files")]
use crate::format::FileError;
use crate::format::ImageFileError;

/// Why samples could not be had. Each message is one line that names the file, the place, what was found and what was
/// expected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SampleError {
    /// A file could not be read.
    #[cfg(feature = "files")]
    #[error(transparent)]
    File(#[from] FileError),
    /// Bytes are no image, or not a whole one.
    #[error(transparent)]
    Image(#[from] ImageFileError),
    /// A video is not what it was expected to be.
    #[error("{}: {error}", path.display())]
    Video {
        /// The video or the frame.
        path: PathBuf,
        /// What is wrong with it.
        error: VideoError,
    },
    /// Frames cannot be brought to a size.
    #[error(transparent)]
    FrameSize(#[from] FrameSizeError),
    /// A file does not hold the table that it was expected to hold.
    #[error("{}: {error}", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: TableError,
    },
}

impl SampleError {
    /// Names the video or the frame.
    pub(super) fn in_video(path: &Path) -> impl Fn(VideoError) -> Self {
        move |error| Self::Video {
            path: path.to_path_buf(),
            error,
        }
    }
}
