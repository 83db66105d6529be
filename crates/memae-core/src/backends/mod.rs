//! Where [`MemoryOps`](crate::ops::MemoryOps) is implemented.

mod autodiff;
#[cfg(feature = "cube")]
mod cube;
#[cfg(feature = "flex")]
pub(crate) mod flex;
#[cfg(feature = "fusion")]
pub(crate) mod fusion;
