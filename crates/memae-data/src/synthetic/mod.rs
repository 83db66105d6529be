//! Anomalies made of normal samples: what settings are chosen by where nobody has labels.
//!
//! They are no substitute for real ones. A detector that cannot tell them from what they were made of will hardly find anything
//! else, and of two detectors the one that tells them better is the better guess.
//!
//! | made of | by | what a detector must know to find them |
//! |---|---|---|
//! | rows of a table | [`ColumnSwap`] | how columns depend on each other |
//! | a video | [`MotionChangeConfig`] | how fast, and in which direction, things move |

mod column_swap;
mod error;
mod motion_change;

pub use column_swap::{ColumnSwap, SwappedRows};
pub use error::SyntheticError;
pub use motion_change::{ChangedFrames, MotionChange, MotionChangeConfig};
