//! Samples from image files, by the preprocessing that they are given.

#[cfg(feature = "files")]
use std::path::Path;

use super::error::SampleError;
use super::preprocessing::{ImagePreprocessing, PreparedImage};
use crate::format::decode_image;
#[cfg(feature = "files")]
use crate::format::read_image;

impl ImagePreprocessing {
    /// Decodes an image file, whose format is told by its first bytes (JPEG, PNG, BMP, TIFF, WebP, GIF, PNM), and makes a
    /// sample of it.
    ///
    /// # Errors
    ///
    /// The settings cannot be met ([`validate`](Self::validate)), or the range is still to be measured; the bytes are no
    /// whole image, or several; an image of floats without a range, or with NaN; an image of another depth than the range.
    pub fn decode(&self, bytes: &[u8]) -> Result<PreparedImage, SampleError> {
        self.validate()?;
        Ok(self.prepare(decode_image(bytes)?.image)?)
    }

    /// Reads an image file, as [`decode`](Self::decode).
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode); the file cannot be read, or is no regular file.
    #[cfg(feature = "files")]
    pub fn read(&self, path: impl AsRef<Path>) -> Result<PreparedImage, SampleError> {
        let path = path.as_ref();
        self.validate()?;
        self.prepare(read_image(path)?.image)
            .map_err(SampleError::in_image(path))
    }
}
