//! Where [`MemoryOps`](crate::ops::MemoryOps) is implemented.

mod autodiff;
#[cfg(feature = "cube")]
mod cube;
#[cfg(feature = "flex")]
mod flex;
#[cfg(feature = "fusion")]
pub(crate) mod fusion;
