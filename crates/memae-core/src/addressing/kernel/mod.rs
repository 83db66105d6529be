//! Reading the memory in one fused operation, for the backends that have kernels for it.

mod autodiff;
#[cfg(feature = "cube")]
mod cube;
#[cfg(feature = "flex")]
mod flex;
#[cfg(feature = "fusion")]
mod fusion;
pub(super) mod ops;
