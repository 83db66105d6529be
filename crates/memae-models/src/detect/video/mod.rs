//! Anomalies in video: scores of clips by rules that are fitted on training data alone, and of
//! frames as they arrive.

mod detector;
mod fit;
mod fitted;
mod map;
mod observation;
mod rule;
mod smoothing;
mod stream;

pub use detector::{VideoDetector, VideoDetectorConfig, VideoDetectorError};
pub use fit::{RuleFit, fit_rules, score_clips};
pub use fitted::FittedRule;
pub use observation::{ClipObservation, observe_clips};
pub use rule::{ClipScoreRule, RuleError};
pub use smoothing::Smoothing;
pub use stream::{FrameScore, GapPolicy, StreamError, StreamScorer};
