//! Thresholds, detectors that can be saved, and frames scored as they arrive.

mod anomaly_maps;
#[cfg(feature = "files")]
mod any;
mod batches;
mod calibrate;
mod column_errors;
mod detector;
mod error;
mod fitted;
#[cfg(feature = "files")]
mod heat_map_file;
mod held_out;
mod joint;
mod motion;
mod pixel_threshold;
mod saved_threshold;
mod scored;
mod threshold;
mod video;

#[cfg(feature = "files")]
pub use any::{AnyDetector, FileVerdictError, Place, PlacedVerdict};
pub use column_errors::ColumnErrors;
pub use detector::{Detector, DetectorConfig};
pub use error::DetectorError;
#[cfg(feature = "files")]
pub use heat_map_file::FileHeatMap;
pub use joint::{
    JointDetector, JointDetectorError, JointPartStream, JointParts, JointRule, JointScale,
    JointScore, JointStreamScorer, JointVerdict, PartFrame, PartScores, RarityScale,
};
pub use motion::{
    MotionDetector, MotionDetectorError, MotionDistances, MotionScore, MotionScorer,
    MotionStreamScorer, MotionVerdict, motion_map,
};
pub use pixel_threshold::{PixelThreshold, PixelThresholdConfig};
pub use threshold::{DetectionThreshold, ThresholdOrigin, Verdict};
pub use video::{
    FrameScore, GapPolicy, StreamError, StreamScorer, VideoDetector, VideoDetectorConfig,
    VideoDetectorError,
};
