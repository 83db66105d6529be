//! Thresholds, detectors that can be saved, and frames scored as they arrive.

#[cfg(feature = "files")]
mod any;
mod detector;
mod error;
mod fitted;
mod saved_threshold;
mod threshold;
mod video;

#[cfg(feature = "files")]
pub use any::{AnyDetector, FileVerdictError, Place, PlacedVerdict};
pub use detector::{Detector, DetectorConfig};
pub use error::DetectorError;
pub use threshold::{DetectionThreshold, ThresholdOrigin, Verdict};
pub use video::{
    FrameScore, GapPolicy, StreamError, StreamScorer, VideoDetector, VideoDetectorConfig,
    VideoDetectorError,
};
