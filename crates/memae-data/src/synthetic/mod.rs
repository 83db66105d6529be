//! Anomalies made of normal samples: what settings are chosen by where nobody has labels.
//!
//! They are no substitute for real ones. A detector that cannot tell them from what they were made of will hardly find anything
//! else, and of two detectors the one that tells them better is the better guess.

mod column_swap;
mod error;

pub use column_swap::{ColumnSwap, SwappedRows};
pub use error::SyntheticError;
