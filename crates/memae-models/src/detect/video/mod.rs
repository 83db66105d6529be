//! Anomalies in video: in clips, and in frames as they arrive.

mod detector;
mod stream;

pub use detector::{VideoDetector, VideoDetectorConfig, VideoDetectorError};
pub use stream::{FrameScore, GapPolicy, StreamError, StreamScorer};
