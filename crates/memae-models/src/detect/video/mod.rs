//! Anomalies in video: scores of clips by rules that are fitted on training data alone, and of
//! frames as they arrive.

mod detector;
mod map;
mod observation;
mod rule;
mod smoothing;
mod stream;

pub use detector::{VideoDetector, VideoDetectorConfig, VideoDetectorError};
pub use observation::{ClipObservation, observe_clips};
pub use rule::{ClipScoreRule, FittedRule, RuleError, RuleFit, fit_rules, score_clips};
pub use smoothing::Smoothing;
pub use stream::{FrameScore, GapPolicy, StreamError, StreamScorer};
