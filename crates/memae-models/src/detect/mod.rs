//! Thresholds, detectors that can be saved, and frames scored as they arrive.

mod detector;
mod video;

pub(crate) use detector::Fitted;
pub use detector::{Detector, DetectorConfig, DetectorError, Verdict};
pub use video::{
    FrameScore, GapPolicy, StreamError, StreamScorer, VideoDetector, VideoDetectorConfig,
    VideoDetectorError,
};
