//! The memory of memory-augmented autoencoders (MemAE), for any network built on [Burn](burn).
//!
//! An encoding `z` is used as a *query*. It is compared with every *memory item* (a row of `M`), the
//! similarities become *addressing weights*, weights below a threshold are shrunk to zero, and the
//! weighted sum of the items that are left is *read* in place of the encoding:
//!
//! ```text
//! w = softmax(d(z, M) / τ)          addressing weights
//! ŵ = shrink(w, λ) / ‖shrink(w, λ)‖₁  shrunk weights
//! ẑ = ŵ M                           read
//! ```
//!
//! The items are learned on normal data. Whatever is decoded from `ẑ` is therefore made of normal
//! patterns, and an anomaly is rebuilt badly.
//!
//! Source: D. Gong et al., "Memorizing Normality to Detect Anomaly: Memory-augmented Deep
//! Autoencoder for Unsupervised Anomaly Detection", ICCV 2019, arXiv 1904.02639.
//!
//! | to do | look at |
//! |---|---|
//! | put a memory into a network | [`MemoryModuleConfig`], [`MemoryModule`] |
//! | choose how items are addressed | [`addressing`] |
//! | train it | [`loss::MemAeLossConfig`], [`items`] |
//! | see whether the memory is used | [`MemoryUsage`] |
//!
//! # Example
//!
//! ```
//! use burn::tensor::{Device, Distribution, Tensor};
//! use memae_core::{MemoryModuleConfig, QueryUnit};
//!
//! # fn main() -> Result<(), memae_core::MemoryConfigError> {
//! let device = Device::flex();
//! let memory = MemoryModuleConfig::new(100, 32).try_init(&device)?;
//!
//! let features = Tensor::<4>::random([8, 32, 7, 5], Distribution::Default, &device);
//! let output = memory.forward_features(features, QueryUnit::Position);
//!
//! assert_eq!(output.read.dims(), [8, 32, 7, 5]);
//! assert_eq!(output.entropy.dims(), [8 * 7 * 5]);
//! # Ok(())
//! # }
//! ```

pub mod addressing;
mod error;
pub mod items;
pub mod loss;
mod memory;
mod precision;
mod query;
mod usage;

pub use addressing::output::MemoryOutput;
pub use error::MemoryConfigError;
pub use memory::{MemoryModule, MemoryModuleConfig};
pub use query::QueryUnit;
pub use usage::{MemoryProblem, MemoryUsage};
