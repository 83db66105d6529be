//! The IDX format of the MNIST database: an array of bytes with its dimensions.
//!
//! | bytes | content |
//! |---|---|
//! | 0, 1 | zero |
//! | 2 | value type; 0x08, unsigned byte, is the one read here |
//! | 3 | number of dimensions |
//! | 4 each | size of each dimension, most significant byte first |
//! | the rest | the values, last dimension fastest |
//!
//! Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits".

mod array;
mod decode;
mod encode;
mod error;
#[cfg(feature = "files")]
mod file;
#[cfg(all(test, feature = "files"))]
mod tests;

pub use array::IdxArray;
pub use decode::{IdxLimits, decode_idx};
pub use encode::encode_idx;
pub use error::IdxError;
#[cfg(feature = "files")]
pub use file::{read_idx, write_idx};
