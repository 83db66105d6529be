#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

#[cfg(feature = "layers")]
pub mod adam;
#[cfg(feature = "layers")]
pub mod convolution;
#[cfg(feature = "layers")]
pub mod normalization;
#[cfg(feature = "layers")]
mod rectifier;
#[cfg(feature = "simd")]
#[doc(hidden)]
pub mod simd;

#[cfg(feature = "layers")]
pub use rectifier::Rectifier;
#[cfg(all(feature = "flex", feature = "layers"))]
#[doc(hidden)]
pub use simd::pool::poison as poison_memory;
#[cfg(all(feature = "flex", feature = "layers"))]
pub use simd::pool::release as release_memory;
