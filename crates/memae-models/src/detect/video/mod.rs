//! Anomalies in video: in clips, and in frames as they arrive.

mod calibrate;
mod detector;
mod error;
mod fitted;
mod stream;

pub use detector::{VideoDetector, VideoDetectorConfig};
pub use error::VideoDetectorError;
pub(super) use fitted::FittedDetector;
pub use stream::{FrameScore, GapPolicy, StreamError, StreamScorer};
