//! What kernels for Flex stand on: numbers in vectors, transposes, and memory that tensors leave for one another.
//!
//! It is public for `memae-core` alone, which names the exact version of this crate.

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;

#[cfg(all(feature = "flex", feature = "layers"))]
pub(crate) mod pool;
pub mod real;
#[cfg(all(feature = "flex", feature = "layers"))]
pub(crate) mod samples_last;
pub mod transpose;

/// A tensor of floats of the Flex backend.
pub type FlexTensor = FloatTensor<Flex>;
