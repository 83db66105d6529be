//! Why a file could not be read or written.

use super::shown::shown;
use std::io;
use std::path::{Path, PathBuf};

use super::ffmpeg::FfmpegError;
use super::frame_files::FrameFilesError;
use super::idx::IdxError;
use super::image_file::ImageFileError;
use super::mat::MatError;
use super::npy::NpyError;
use super::y4m::Y4mError;

/// Why a file could not be read or written. Each message is one line that names the file, the place, what was found and
/// what was expected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The operating system could not read a file.
    #[error("{}: cannot be read: {error}", shown(path))]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A name is not that of a regular file, or of a link to one.
    #[error("{}: found {found}, expected a regular file", shown(path))]
    NotRegular {
        /// The name.
        path: PathBuf,
        /// What has that name.
        found: &'static str,
    },
    /// A file is larger than its content may be.
    #[error(
        "{}: found a file of {found} bytes or more, expected at most {max_bytes}",
        shown(path)
    )]
    FileSize {
        /// The file.
        path: PathBuf,
        /// Bytes found before reading stopped.
        found: u64,
        /// The limit.
        max_bytes: u64,
    },
    /// The operating system could not write a file.
    #[error("{}: cannot be written: {error}", shown(path))]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A file is not the IDX file it was expected to be.
    #[error("{}: {error}", shown(path))]
    Idx {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: IdxError,
    },
    /// A file is not the .npy file it was expected to be.
    #[error("{}: {error}", shown(path))]
    Npy {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: NpyError,
    },
    /// A file is not the .mat file it was expected to be.
    #[error("{}: {error}", shown(path))]
    Mat {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: MatError,
    },
    /// A file is not an image, or not a whole one.
    #[error("{}: {error}", shown(path))]
    Image {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: ImageFileError,
    },
    /// FFmpeg's programs cannot read a file.
    #[error("{}: {error}", shown(path))]
    Ffmpeg {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        error: FfmpegError,
    },
    /// A stream is not the YUV4MPEG2 that it began as.
    #[error("{}: {error}", shown(path))]
    Y4m {
        /// Where it comes from.
        path: PathBuf,
        /// What is wrong with it.
        error: Y4mError,
    },
    /// The images in a folder are not the frames of a video.
    #[error("{}: {error}", shown(path))]
    FrameFiles {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        error: FrameFilesError,
    },
}

impl FileError {
    /// The file or folder that it is about.
    ///
    /// ```
    /// use std::path::Path;
    ///
    /// use memae_data::format::open_file;
    ///
    /// let error = open_file("no/such.png").unwrap_err();
    /// assert_eq!(error.path(), Path::new("no/such.png"));
    /// ```
    pub fn path(&self) -> &Path {
        match self {
            Self::Read { path, .. }
            | Self::NotRegular { path, .. }
            | Self::FileSize { path, .. }
            | Self::Write { path, .. }
            | Self::Idx { path, .. }
            | Self::Npy { path, .. }
            | Self::Mat { path, .. }
            | Self::Image { path, .. }
            | Self::Ffmpeg { path, .. }
            | Self::Y4m { path, .. }
            | Self::FrameFiles { path, .. } => path,
        }
    }

    /// Names the file that the system could not read.
    pub(crate) fn reading(path: &Path) -> impl Fn(io::Error) -> Self {
        move |error| Self::Read {
            path: path.to_path_buf(),
            error,
        }
    }

    /// Names the file that the system could not write.
    pub(crate) fn writing(path: &Path) -> impl Fn(io::Error) -> Self {
        move |error| Self::Write {
            path: path.to_path_buf(),
            error,
        }
    }

    /// Names the image.
    pub(crate) fn in_image(path: &Path) -> impl Fn(ImageFileError) -> Self {
        move |error| Self::Image {
            path: path.to_path_buf(),
            error,
        }
    }

    /// Names where a stream comes from.
    pub(crate) fn in_y4m(path: &Path) -> impl Fn(Y4mError) -> Self {
        move |error| Self::Y4m {
            path: path.to_path_buf(),
            error,
        }
    }

    /// Names the file that FFmpeg's programs were given.
    pub(crate) fn in_video_file(path: &Path) -> impl Fn(FfmpegError) -> Self {
        move |error| Self::Ffmpeg {
            path: path.to_path_buf(),
            error,
        }
    }
}
