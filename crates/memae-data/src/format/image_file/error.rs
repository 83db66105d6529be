use super::limits::{MAX_BYTES, MAX_SIDE};

/// Why a file gives no image.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImageFileError {
    /// The file is none of the formats that are read.
    #[error("found no image, expected JPEG, PNG, BMP or TIFF")]
    Format,
    /// The file is larger than an image of the allowed size.
    #[error("found a file of {found} bytes, expected at most {MAX_BYTES}")]
    FileSize {
        /// Bytes of the file.
        found: u64,
    },
    /// The image is larger than allowed.
    #[error(
        "found an image that is too large, expected sides of at most {MAX_SIDE} pixels and {MAX_BYTES} bytes"
    )]
    TooLarge,
    /// The image is damaged.
    #[error("found a damaged or cut off image ({reason}), expected a whole one")]
    Damaged {
        /// What the decoder said.
        reason: String,
    },
}
