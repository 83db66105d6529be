//! Which images are read, and how large they may be.

use image::ImageFormat;

/// Endings of the formats that are read, in lower case.
#[cfg(feature = "files")]
pub(in crate::format) const EXTENSIONS: [&str; 6] = ["jpg", "jpeg", "png", "bmp", "tif", "tiff"];

/// The formats that are read.
pub(super) const FORMATS: [ImageFormat; 4] = [
    ImageFormat::Jpeg,
    ImageFormat::Png,
    ImageFormat::Bmp,
    ImageFormat::Tiff,
];

/// The most pixels in a row or a column.
pub(in crate::format) const MAX_SIDE: u32 = 1 << 14;

/// The most bytes that decoding may take.
pub(super) const MAX_BYTES: u64 = 1 << 29;
