//! Scores of clips by rules that are fitted on training clips alone.

mod fit;
mod fitted;
mod map;
mod observation;
mod rule;
mod scale;
mod smoothing;

pub use fit::{RuleFit, fit_rules, score_clips};
pub use fitted::FittedRule;
pub(crate) use observation::observe;
pub use observation::{ClipObservation, observe_clips};
pub(crate) use rule::check_finite;
pub use rule::{ClipScoreRule, RuleError};
pub(crate) use smoothing::Smoother;
pub use smoothing::Smoothing;
