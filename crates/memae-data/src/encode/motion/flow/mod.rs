//! Dense optical flow.

mod config;
mod estimator;
mod field;
mod gain;
mod plane;
mod refine;
mod rows;
mod scale;
mod smooth;
mod warp;

pub use config::{Brightness, FlowConfig};
pub use estimator::FlowEstimator;
pub(super) use estimator::Pair;
pub use field::Flow;
pub(super) use plane::Plane;
pub(super) use scale::half;
pub(super) use warp::Places;
