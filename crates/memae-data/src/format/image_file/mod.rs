//! Image files of any size that memory allows, decoded with a limit.

mod decode;
mod error;
mod exif;
#[cfg(feature = "files")]
mod file;
mod floats;
mod jpeg;
mod limits;
mod pictures;
mod png;
mod pnm;
mod tiff_pixels;

#[cfg(feature = "files")]
pub use decode::ImageHeader;
pub(crate) use decode::{DecodedImage, decode_image};
pub use error::ImageFileError;
#[cfg(feature = "files")]
pub use file::read_image_header;
#[cfg(feature = "files")]
pub(crate) use file::{image_header, read_image};
#[cfg(feature = "files")]
pub(super) use limits::{EXTENSIONS, MAX_SIDE, UNREAD_EXTENSIONS};

#[cfg(test)]
mod tests;
