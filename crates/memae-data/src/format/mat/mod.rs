//! MATLAB's .mat files of version 5, as `save -v6` and `save -v7` write them: arrays of numbers, and cells of such
//! arrays.
//!
//! | bytes | content |
//! |---|---|
//! | 0 to 115 | text that begins with `MATLAB 5.0 MAT-file` |
//! | 124 to 127 | version 0x0100, and `IM` or `MI` for the order of bytes |
//! | the rest | one element for each variable, plain or compressed by zlib |
//!
//! Source: The MathWorks, "MAT-File Format".

mod decode;
mod error;
#[cfg(feature = "files")]
mod file;
mod head;
mod stream;
mod value;
mod visit;

pub use decode::decode_mat;
pub use error::MatError;
#[cfg(feature = "files")]
pub use file::read_mat;
#[cfg(feature = "files")]
pub(crate) use file::visit_mat;
pub use value::{MatArray, MatLimits, MatValue, MatVariable};
#[cfg(feature = "files")]
pub(crate) use visit::MatPart;
