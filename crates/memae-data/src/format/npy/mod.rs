//! The .npy format of NumPy: one array with its type and shape.
//!
//! | bytes | content |
//! |---|---|
//! | 0 to 5 | `\x93NUMPY` |
//! | 6, 7 | version: 1.0, 2.0 or 3.0 |
//! | 2 (version 1) or 4 | length of the header, least significant byte first |
//! | as many | the header: type, order and shape, written as a Python dictionary |
//! | the rest | the values, last dimension fastest, or first in Fortran order |
//!
//! Source: the documentation of `numpy.lib.format`.

mod array;
mod error;
#[cfg(feature = "files")]
mod file;
mod header;
mod reader;

pub use array::{NpyArray, NpyLimits};
pub use error::NpyError;
#[cfg(feature = "files")]
pub(crate) use file::NpyFile;
#[cfg(feature = "files")]
pub use file::{read_npy, read_npy_vector};
pub use reader::decode_npy;
