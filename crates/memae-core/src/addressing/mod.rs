//! How a query is turned into weights over the memory items.
//!
//! [`read`] does all of it in one go and gives what was read. [`address`] gives the weights
//! themselves; [`similarity`](similarity()) and [`shrink`] are its two halves.
//!
//! ```text
//! queries -> similarity -> weights -> shrinkage -> read      composed of tensor operations: the mathematics
//!         -> kernel                             -> read      the same in one operation, where a backend has it
//! ```

#[cfg(any(feature = "flex", feature = "cube"))]
mod kernel;
pub(crate) mod output;
mod read;
mod settings;
mod shrinkage;
mod similarity;
mod statistics;
mod weights;

pub use read::{read, read_composed};
pub use settings::Addressing;
pub use shrinkage::{EmptyRow, Shrinkage, ShrunkWeights, Threshold, shrink};
pub use similarity::{Similarity, cosine_distance, similarity};
pub use statistics::ReadStatistics;
pub use weights::{AddressingWeights, address};
