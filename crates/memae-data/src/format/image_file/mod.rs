//! Image files of any size that memory allows, decoded with a limit.

mod decode;
mod error;
#[cfg(feature = "files")]
mod file;
mod limits;

pub(crate) use decode::decode_image;
pub use error::ImageFileError;
#[cfg(feature = "files")]
pub(crate) use file::{image_size, read_image};
#[cfg(feature = "files")]
pub(super) use limits::{EXTENSIONS, MAX_SIDE};
