#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod device;
pub mod experiment;

pub use memae_core::{
    MemoryConfigError, MemoryModule, MemoryModuleConfig, MemoryOutput, MemoryUsage, QueryUnit,
    addressing, convolution, items, loss, normalization, optim,
};
pub use memae_data as data;
pub use memae_models::{ModelFileError, detect, network, picture, samples, train, weights};

/// The guide's code, so that it is compiled and run.
#[cfg(doctest)]
mod guide {
    #[doc = include_str!("../docs/guide/memory.md")]
    mod memory {}
    #[doc = include_str!("../docs/guide/training.md")]
    mod training {}
    #[doc = include_str!("../docs/guide/scoring.md")]
    mod scoring {}
    #[doc = include_str!("../docs/guide/images.md")]
    mod images {}
    #[doc = include_str!("../docs/guide/video.md")]
    mod video {}
    #[doc = include_str!("../docs/guide/tables.md")]
    mod tables {}
    #[doc = include_str!("../docs/guide/backends.md")]
    mod backends {}
    #[doc = include_str!("../docs/guide/results.md")]
    mod results {}
}
