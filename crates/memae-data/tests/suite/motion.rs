//! Motion: optical flow, its histograms, cuts and cameras that move, on scenes whose motion is known.

mod camera;
mod flow;
mod queries;
mod refused;
pub mod scene;
mod ways;
