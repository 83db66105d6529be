//! What thresholds promise, measured: the share of fresh normal samples that is flagged, over many random splits.
//!
//! A network is trained once. Normal samples that it has not seen are then divided at random, again and again, into those that
//! the threshold is chosen by and fresh ones, of which the share above it is counted.

mod digits;
mod splits;
mod table;
mod walkway;

pub use digits::digits;
pub use splits::{Kept, SplitsConfig, UnseenScores};
pub use table::table;
pub use walkway::walkway;
