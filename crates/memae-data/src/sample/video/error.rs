use crate::sample::mask::MaskError;
use crate::sample::shape::ImageShape;

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
    /// A video has no frames.
    #[error("found no frames, expected at least one")]
    NoFrames,
    /// A video has no frames where its settings look for them.
    #[error("found no frames {wanted}, expected at least one")]
    NoFramesThere {
        /// Where they were looked for.
        wanted: String,
    },
    /// A setting is out of its range.
    #[error("{setting}: found {found}, expected {expected}")]
    Setting {
        /// The setting.
        setting: &'static str,
        /// Its value.
        found: String,
        /// What it may be.
        expected: &'static str,
    },
    /// Pixels in memory are no whole number of frames.
    #[error("found {found} pixel values, expected a whole number of frames of {shape}")]
    PixelCount {
        /// Values given.
        found: usize,
        /// Shape of a frame.
        shape: ImageShape,
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
    /// A mask has not the size of the frames.
    #[error("found a mask of {}x{}, expected {}x{}, the size of the frames", found.0, found.1, expected.0, expected.1)]
    MaskSize {
        /// Height and width found.
        found: (usize, usize),
        /// Height and width of the frames as they are stored.
        expected: (usize, usize),
    },
    /// The label of a frame and its mask contradict each other.
    #[error(
        "frame {frame} of {video}, counted from 0: found a mask {}, expected {}, since the frame is labelled {}",
        has_pixels(!*anomalous),
        if *anomalous { "one with" } else { "one without" },
        if *anomalous { "anomalous" } else { "normal" }
    )]
    LabelAndMask {
        /// The frame, counted from 0.
        frame: usize,
        /// Name of the video.
        video: String,
        /// Whether the label says that the frame is anomalous.
        anomalous: bool,
    },
    /// Masks do not fit the memory that they may take.
    #[error("found {masks} masks to be brought to {}x{}, expected at most {max_pixels} pixels of masks", size.0, size.1)]
    MaskPixels {
        /// Number of masks, as far as they were counted.
        masks: u64,
        /// Height and width asked for.
        size: (usize, usize),
        /// The limit.
        max_pixels: u64,
    },
    /// There is not one label for each frame.
    #[error("frame labels: found {labels}, expected {frames}, one for each frame of 1 video")]
    LabelCount {
        /// Labels given.
        labels: usize,
        /// Frames of the video.
        frames: usize,
    },
    /// Labels of several videos don't go with their frames.
    #[error("{reason}")]
    Labels {
        /// What was found and expected.
        reason: String,
    },
    /// Values make no mask, or a mask cannot be brought to a size.
    #[error(transparent)]
    Mask(#[from] MaskError),
    /// A file of masks holds something else.
    #[error("frame labels: found {found}, expected {expected}")]
    MaskContent {
        /// What it holds.
        found: String,
        /// What it should hold.
        expected: &'static str,
    },
}

fn has_pixels(anomalous: bool) -> &'static str {
    match anomalous {
        true => "with anomalous pixels",
        false => "without anomalous pixels",
    }
}
