//! Anomaly scores, error maps, thresholds, and detectors that can be saved.

mod detector;
mod evaluate;
mod scores;
pub mod video;

pub(crate) use detector::Fitted;
pub use detector::{Detector, DetectorConfig, DetectorError, Verdict};
pub use evaluate::{
    Evaluation, error_maps, error_maps_of_samples, evaluate, evaluate_samples, reconstruct,
    reconstruct_samples,
};
pub(crate) use scores::no_spread;
pub use scores::{ScoreRule, ScoreScale, Scores};
