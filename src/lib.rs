// With its pictures in it the README is more than half a megabyte, which only documentation needs.
#![cfg_attr(
    any(doc, doctest),
    doc = include_str!(concat!(env!("OUT_DIR"), "/README.md"))
)]
#![cfg_attr(
    not(any(doc, doctest)),
    doc = "Memory-augmented autoencoders (MemAE) for anomaly detection; see the README and the guide."
)]
#![forbid(unsafe_code)]

pub mod device;
#[cfg(any(doc, doctest))]
pub mod guide;

pub use memae_core::{
    MemoryConfigError, MemoryModule, MemoryModuleConfig, MemoryOutput, MemoryProblem, MemoryUsage,
    QueryUnit, addressing, items, loss,
};
pub use memae_data as data;
#[cfg(feature = "train")]
pub use memae_models::train;
#[cfg(feature = "files")]
pub use memae_models::weights;
pub use memae_models::{artefact, detect, network, samples, score};
