use image::ImageError;

use super::limits::{MAX_BYTES, MAX_SIDE};

/// Why a file gives no image.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImageFileError {
    /// The file is none of the formats that are read.
    #[error("found no image, expected JPEG, PNG, BMP, TIFF, WebP, GIF or PNM")]
    Format,
    /// The file may be whole, but images of its kind are not read.
    #[error("not supported: found {found}, expected {expected}")]
    Unsupported {
        /// What was found.
        found: String,
        /// What is read.
        expected: &'static str,
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
    /// A sample is above the largest that the file may have by its own header.
    #[error(
        "row {row}, column {column}: found a sample of {found}, expected at most {maxval}, the MAXVAL of the file"
    )]
    Sample {
        /// The row of the pixel, counted from 0.
        row: usize,
        /// The column of the pixel, counted from 0.
        column: usize,
        /// The sample.
        found: u32,
        /// The largest sample by the header.
        maxval: u32,
    },
    /// The values of an image do not say which pixels are anomalous.
    #[error("mask: found {found}, expected {expected}")]
    MaskValues {
        /// The values, the first few of them.
        found: String,
        /// The values of a mask.
        expected: &'static str,
    },
}

impl ImageFileError {
    /// A file whose ending is that of a format that is not read.
    #[cfg(feature = "files")]
    pub(crate) fn unread(ending: &str) -> Self {
        Self::Unsupported {
            found: format!("a picture with the ending `{}`", ending.escape_debug()),
            expected: "JPEG, PNG, BMP, TIFF, WebP, GIF or PNM",
        }
    }

    /// What a decoder refused.
    pub(super) fn of_decoder(error: ImageError) -> Self {
        // Decoders may say several lines; an error is one.
        let line = |error: &dyn std::fmt::Display| error.to_string().replace(['\n', '\r'], " ");
        match error {
            ImageError::Limits(_) => Self::TooLarge,
            ImageError::Unsupported(error) => Self::Unsupported {
                found: format!("a kind that is not decoded ({})", line(&error)),
                expected: "grey or colour of 8 or 16 bits, or a TIFF file of floats",
            },
            error => Self::Damaged {
                reason: line(&error),
            },
        }
    }
}
