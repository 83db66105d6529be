use crate::format::shown;
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
        "{}: found {frames} frames{}, expected at least {length}, the length of a clip",
        shown(path), if *gaps > 0 { " in a row" } else { "" }
    )]
    TooShort {
        /// The video.
        path: PathBuf,
        /// Frames of the video; the most without a gap between them, where it has gaps.
        frames: usize,
        /// Gaps of the video.
        gaps: usize,
        /// Frames from the first one of a clip to its last one.
        length: usize,
    },
    /// The frames of a video have not the size of those of another.
    #[error(
        "{}: found frames of {}x{}, expected {}x{} as in {other}, or a size to bring all frames to",
        shown(path), found.0, found.1, expected.0, expected.1
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
    #[error("{}: decoded frames cannot be written here: {error}", shown(path))]
    Write {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Decoded frames would take more space on disk than they may.
    #[error(
        "{}: {frames} frames of {frame_bytes} bytes{} are more than the {most} bytes that spool_bytes allows in {}, expected \
         a higher limit, smaller frames, or fewer",
        shown(path), after(*others), shown(folder)
    )]
    SpoolFull {
        /// The video.
        path: PathBuf,
        /// Frames of it that were to be written; it may have more.
        frames: usize,
        /// Bytes of a frame.
        frame_bytes: usize,
        /// Bytes of other videos that were written before.
        others: u64,
        /// The most bytes: [`ClipsConfig::spool_bytes`](super::ClipsConfig::spool_bytes).
        most: u64,
        /// Where they were to be written.
        folder: PathBuf,
    },
    /// Decoded frames could not be read from disk.
    #[error("{}: cannot be read: {error}", shown(path))]
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

fn after(others: u64) -> String {
    match others {
        0 => String::new(),
        bytes => format!(", after {bytes} bytes of other videos,"),
    }
}
