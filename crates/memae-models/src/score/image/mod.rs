//! Error maps of images: smoothed, at the size of a picture, and what lies above a threshold.

mod anomaly_map;
mod gaussian;
mod interpolation;
mod stitching;
mod within;

pub use anomaly_map::AnomalyMap;
pub(crate) use gaussian::MAX_SIGMA;
pub use gaussian::smoothed_map;
pub use interpolation::resized_map;
pub(crate) use stitching::Stitching;
pub use stitching::stitched_map;
pub(crate) use within::smoothed_within;
