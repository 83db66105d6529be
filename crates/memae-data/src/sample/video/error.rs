use std::process::ExitStatus;

/// What is wrong with a video or a frame of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VideoError {
    /// A frame has not the size of the first one.
    #[error("found a frame of {}x{}, expected {}x{} as in the first frame", found.0, found.1, expected.0, expected.1)]
    FrameSize {
        /// Height and width found.
        found: (usize, usize),
        /// Height and width of the first frame.
        expected: (usize, usize),
    },
    /// The frames of a video have not the size of those of another.
    #[error(
        "found frames of {}x{}, expected {}x{} as in {other}, or a size to bring all frames to",
        found.0, found.1, expected.0, expected.1
    )]
    OtherSize {
        /// Height and width found.
        found: (usize, usize),
        /// Height and width of the other video.
        expected: (usize, usize),
        /// The other video.
        other: String,
    },
    /// A video is shorter than a clip.
    #[error("found {frames} frames, expected at least {length}, the length of a clip")]
    TooShort {
        /// Frames of the video.
        frames: usize,
        /// Frames of a clip.
        length: usize,
    },
    /// A video has no frames.
    #[error("found no frames, expected at least one")]
    NoFrames,
    /// A folder has no videos.
    #[error("found no videos, expected folders of images or video files")]
    NoVideos,
    /// A file has no moving picture.
    #[error("found no video stream, expected one")]
    NoVideoStream,
    /// A program that reads video files cannot be started.
    #[error(
        "{program} cannot be started ({reason}), expected FFmpeg's program of this name on PATH to read video files"
    )]
    Program {
        /// Its name.
        program: String,
        /// What the system said.
        reason: String,
    },
    /// A program that reads video files failed.
    #[error("{program} failed ({status}) after {frames} frames: {reason}")]
    Failed {
        /// Its name.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// Frames that it gave before.
        frames: usize,
        /// What it said last.
        reason: String,
    },
    /// A program that reads video files ended well, but found something wrong with the file.
    #[error(
        "{program} found errors in the file, expected none; after {frames} frames it said: {reason}"
    )]
    Complained {
        /// Its name.
        program: String,
        /// Frames that it gave.
        frames: usize,
        /// What it said last.
        reason: String,
    },
    /// A program that reads video files gave something else than frames.
    #[error("{program} gave {found} after {frames} frames, expected whole frames")]
    Output {
        /// Its name.
        program: String,
        /// What it gave.
        found: String,
        /// Frames that it gave before.
        frames: usize,
    },
    /// Pixels in memory are no whole number of frames.
    #[error("found {found} pixel values, expected a whole number of frames of {shape}")]
    PixelCount {
        /// Values given.
        found: usize,
        /// Shape of a frame.
        shape: crate::ImageShape,
    },
    /// Frames in memory are neither grey nor in colour.
    #[error("found {found} channels, expected 1 (grey) or 3 (red, green, blue)")]
    Channels {
        /// Channels given.
        found: usize,
    },
    /// There is not one mask for each frame.
    #[error("found {masks} masks, expected {frames}, one for each frame of {video}")]
    MaskCount {
        /// Number of masks.
        masks: usize,
        /// Number of frames.
        frames: usize,
        /// Name of the video.
        video: String,
    },
}
