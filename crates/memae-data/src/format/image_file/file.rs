use std::path::Path;

use super::decode::{DecodedImage, ImageHeader, decode_header, decode_image};
use super::limits::MAX_BYTES;
use crate::format::error::FileError;
use crate::format::open::read_file;

/// Reads a file of one image; its format is told by its first bytes.
pub(crate) fn read_image(path: &Path) -> Result<DecodedImage, FileError> {
    let bytes = read_file(path, MAX_BYTES)?;
    decode_image(&bytes).map_err(FileError::in_image(path))
}

/// What the header of an image file says.
pub(crate) fn image_header(path: &Path) -> Result<ImageHeader, FileError> {
    let bytes = read_file(path, MAX_BYTES)?;
    decode_header(&bytes).map_err(FileError::in_image(path))
}
