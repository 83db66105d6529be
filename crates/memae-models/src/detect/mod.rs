//! Anomaly scores, error maps, thresholds, and detectors that can be saved.

mod detector;
mod evaluate;
mod scores;

pub(crate) use detector::Fitted;
pub use detector::{Detector, DetectorConfig, DetectorError, Verdict};
pub(crate) use evaluate::for_each_batch;
pub use evaluate::{Evaluation, error_maps, evaluate, reconstruct};
pub use scores::{ScoreRule, ScoreScale, Scores};
