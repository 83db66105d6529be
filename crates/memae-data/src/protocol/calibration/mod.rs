//! Thresholds that keep a promise on normal samples.
//!
//! What comes in is the scores of normal samples that nothing else has looked at, and the share of normal samples that may be
//! flagged. What goes out is a threshold, the share that it promises, and what a score is worth beside it.

mod condensed;
mod conformal;
mod error;
mod groups;
mod held_out;
mod pooled;
mod rank;
mod saved;

pub use conformal::{CalibratedThreshold, Calibration, Promise};
pub use error::CalibrationError;
pub use rank::quantile;
