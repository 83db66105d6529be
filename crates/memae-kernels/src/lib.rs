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
