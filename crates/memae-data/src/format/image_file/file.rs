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

/// What the header of an image file says; its pixels are not decoded.
///
/// # Errors
///
/// The file cannot be read, is no regular file, is too large, or is no image of a format that is read.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// let path = folder.path().join("small.pgm");
/// std::fs::write(&path, b"P5 3 2 255\n012345")?;
/// let header = memae_data::format::read_image_header(&path)?;
/// assert_eq!((header.height, header.width, header.deep, header.grey), (2, 3, false, true));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_image_header(path: impl AsRef<Path>) -> Result<ImageHeader, FileError> {
    image_header(path.as_ref())
}

pub(crate) fn image_header(path: &Path) -> Result<ImageHeader, FileError> {
    let bytes = read_file(path, MAX_BYTES)?;
    decode_header(&bytes).map_err(FileError::in_image(path))
}
