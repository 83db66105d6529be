//! Anomaly scores, error maps, thresholds, and detectors that can be saved.

mod detector;
mod evaluate;
mod scores;

pub(crate) use detector::Fitted;
pub use detector::{Detector, DetectorConfig, DetectorError, Verdict};
pub(crate) use evaluate::for_each_batch;
pub use evaluate::{Evaluation, evaluate, error_maps, reconstruct};
pub use scores::{ScoreRule, ScoreScale, Scores};
