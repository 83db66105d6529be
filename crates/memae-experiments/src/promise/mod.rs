//! What thresholds promise, measured: the share of fresh normal samples that is flagged, over many random splits.
//!
//! A network is trained once. Normal samples that it has not seen are then divided at random, again and again, into those that
//! the threshold is chosen by and fresh ones, of which the share above it is counted. Of small sets, a network is trained on each of
//! many that are drawn at random.

mod digits;
mod small_set;
mod small_sets;
mod splits;
mod table;
mod walkway;

pub use digits::digits;
pub use small_set::{SmallSet, SmallSetRate, Way, small_sets_table};
pub use small_sets::SmallSetsConfig;
pub use splits::{Kept, SplitsConfig, UnseenScores};
pub use table::table;
pub use walkway::walkway;
