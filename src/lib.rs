#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod device;

pub use memae_core::{
    MemoryConfigError, MemoryModule, MemoryModuleConfig, MemoryOutput, MemoryUsage, QueryUnit,
    addressing, items, loss,
};
pub use memae_data as data;
pub use memae_models::{artefact, detect, network, samples, score, train, weights};

/// The guide's code, so that it is compiled and run.
#[cfg(doctest)]
mod guide {
    #[doc = include_str!("../docs/src/memory.md")]
    mod memory {}
    #[doc = include_str!("../docs/src/training.md")]
    mod training {}
    #[doc = include_str!("../docs/src/scoring.md")]
    mod scoring {}
    #[doc = include_str!("../docs/src/images.md")]
    mod images {}
    #[doc = include_str!("../docs/src/video.md")]
    mod video {}
    #[doc = include_str!("../docs/src/tables.md")]
    mod tables {}
    #[doc = include_str!("../docs/src/backends.md")]
    mod backends {}
    #[doc = include_str!("../docs/src/results.md")]
    mod results {}
}
