use std::io;
use std::path::PathBuf;

use crate::sample::SampleError;

/// Why videos give no clips. Each message is one line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClipsError {
    /// There are no videos to take clips from.
    #[error("videos: found none, expected at least one")]
    NoVideos,
    /// A video is shorter than a clip.
    #[error(
        "{}: found {frames} frames, expected at least {length}, the length of a clip",
        path.display()
    )]
    TooShort {
        /// The video.
        path: PathBuf,
        /// Frames of the video.
        frames: usize,
        /// Frames of a clip.
        length: usize,
    },
    /// The frames of a video have not the size of those of another.
    #[error(
        "{}: found frames of {}x{}, expected {}x{} as in {other}, or a size to bring all frames to",
        path.display(), found.0, found.1, expected.0, expected.1
    )]
    OtherSize {
        /// The video.
        path: PathBuf,
        /// Height and width found.
        found: (usize, usize),
        /// Height and width of the other video.
        expected: (usize, usize),
        /// The other video.
        other: String,
    },
    /// Decoded frames could not be written to disk.
    #[error("{}: cannot be written: {error}", path.display())]
    Write {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Decoded frames could not be read from disk.
    #[error("{}: cannot be read: {error}", path.display())]
    Read {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Frames could not be had.
    #[error(transparent)]
    Sample(#[from] SampleError),
}
