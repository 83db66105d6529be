//! Anomaly scores and error maps, and the rules that make scores of errors: what training and detection both use.

mod error_map;
mod evaluate;
mod host;
mod image;
mod rule;
mod scores;
mod video;

pub use evaluate::{
    Evaluation, error_maps, error_maps_of_samples, evaluate, evaluate_samples, reconstruct,
    reconstruct_samples,
};
pub(crate) use evaluate::{evaluate_with, visit_error_maps};
pub(crate) use host::to_host;
pub use image::{AnomalyMap, resized_map, smoothed_map, stitched_map};
pub(crate) use image::{MAX_SIGMA, Stitching, smoothed_within};
pub use rule::ScoreRule;
pub(crate) use scores::no_spread;
pub use scores::{ScoreScale, Scores};
pub use video::{
    ClipObservation, ClipScoreRule, FittedRule, RuleError, RuleFit, Smoothing, fit_rules,
    observe_clips, score_clips,
};
pub(crate) use video::{Smoother, check_finite, observe};
