//! Which images are read, and how large they may be.

use image::{ImageFormat, Limits};

/// Endings of the formats that are read, in lower case.
#[cfg(feature = "files")]
pub(in crate::format) const EXTENSIONS: [&str; 15] = [
    "jpg", "jpeg", "jfif", "jpe", "png", "bmp", "tif", "tiff", "webp", "gif", "pgm", "ppm", "pbm",
    "pnm", "pam",
];

/// Endings of pictures that are not read: those of cameras and of programs that draw, in lower case.
#[cfg(feature = "files")]
pub(in crate::format) const UNREAD_EXTENSIONS: [&str; 30] = [
    "heic", "heif", "hif", "avif", "jxl", "jp2", "j2k", "jpf", "jxr", "dng", "cr2", "cr3", "crw",
    "nef", "nrw", "arw", "orf", "rw2", "raf", "pef", "srw", "raw", "exr", "hdr", "tga", "qoi",
    "psd", "dcm", "dicom", "ico",
];

/// The formats that are read.
pub(super) const FORMATS: [ImageFormat; 7] = [
    ImageFormat::Jpeg,
    ImageFormat::Png,
    ImageFormat::Bmp,
    ImageFormat::Tiff,
    ImageFormat::WebP,
    ImageFormat::Gif,
    ImageFormat::Pnm,
];

/// The most pixels in a row or a column.
pub(in crate::format) const MAX_SIDE: u32 = 1 << 14;

/// The most bytes of a file, and the most that decoding may take.
pub(super) const MAX_BYTES: u64 = 1 << 29;

/// The limits of the decoders.
pub(super) fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_BYTES);
    limits
}
