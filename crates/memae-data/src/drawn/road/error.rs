use super::kind::RoadKind;
use super::limits::{FRAMES_PER_ANOMALY, LARGEST, MOST_BYTES, SMALLEST, STRONGEST_NOISE, widths};

/// Why no road can be drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RoadError {
    /// A frame is too low for people to be seen, or very large.
    #[error("frames of {height}x{width}: expected a height from {} to {}", SMALLEST, LARGEST * 4 / 5)]
    Height {
        /// Rows asked for.
        height: usize,
        /// Pixels in a row asked for.
        width: usize,
    },
    /// A frame is too narrow or too wide for its height.
    #[error(
        "frames of {height}x{width}: expected a width from {} to {} for this height",
        widths(*height).start(),
        widths(*height).end()
    )]
    Width {
        /// Rows asked for.
        height: usize,
        /// Pixels in a row asked for.
        width: usize,
    },
    /// There are to be anomalies, but of no kind.
    #[error("{anomalies} anomalies in a test video of no kind: expected one kind or more")]
    NoKind {
        /// Anomalies asked for.
        anomalies: usize,
    },
    /// A kind of anomaly is given more than once.
    #[error("the kind {kind} is given twice: expected each kind at most once")]
    KindTwice {
        /// The first kind that comes again.
        kind: RoadKind,
    },
    /// A test video is too short for its anomalies.
    #[error(
        "{anomalies} anomalies in a test video of {frames} frames: expected at most {}, one for every {} frames",
        frames / FRAMES_PER_ANOMALY,
        FRAMES_PER_ANOMALY
    )]
    Anomalies {
        /// Anomalies asked for.
        anomalies: usize,
        /// Frames of a test video.
        frames: usize,
    },
    /// The noise is negative, very strong, or not a number.
    #[error("noise of {noise} grey levels: expected 0 to {}", STRONGEST_NOISE)]
    Noise {
        /// Standard deviation asked for.
        noise: f64,
    },
    /// The videos would take too much memory.
    #[error(
        "{frames} frames of {height}x{width} with their masks: expected at most {} frames of this size, which take {} MiB",
        MOST_BYTES / (2 * height * width),
        MOST_BYTES >> 20
    )]
    Memory {
        /// Frames of all videos together; `usize::MAX` where there are more.
        frames: usize,
        /// Rows of a frame.
        height: usize,
        /// Pixels in a row.
        width: usize,
    },
}
