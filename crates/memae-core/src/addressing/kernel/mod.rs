//! Reading the memory in one fused operation, for the backends that have kernels for it.

mod autodiff;
#[cfg(feature = "cube")]
mod cube;
#[cfg(feature = "flex")]
mod flex;
pub(crate) mod fused;
#[cfg(feature = "fusion")]
mod fusion;
mod ops;
mod primitives;
