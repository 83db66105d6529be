//! Why samples could not be had.

use crate::format::shown;
use std::path::{Path, PathBuf};

use super::preprocessing::PreprocessingError;
use super::table::TableError;
use super::video::VideoError;
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
    #[error("{}: {error}", shown(path))]
    Video {
        /// The video or the frame.
        path: PathBuf,
        /// What is wrong with it.
        error: VideoError,
    },
    /// Images or frames do not become samples.
    #[error(transparent)]
    Preprocessing(#[from] PreprocessingError),
    /// An image does not become a sample.
    #[error("{}: {error}", shown(path))]
    Prepare {
        /// The image.
        path: PathBuf,
        /// What is wrong with it.
        error: PreprocessingError,
    },
    /// A file does not hold the table that it was expected to hold.
    #[error("{}: {error}", shown(path))]
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong with it; boxed, as it is much larger than the others.
        error: Box<TableError>,
    },
}

impl SampleError {
    /// Names the image.
    pub(crate) fn in_image(path: &Path) -> impl Fn(PreprocessingError) -> Self {
        move |error| Self::Prepare {
            path: path.to_path_buf(),
            error,
        }
    }

    /// Names the video or the frame.
    pub(super) fn in_video(path: &Path) -> impl Fn(VideoError) -> Self {
        move |error| Self::Video {
            path: path.to_path_buf(),
            error,
        }
    }
}
