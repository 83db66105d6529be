//! Image files of any size that memory allows, decoded with a limit.

use std::fs::{self, File};
use std::io::{BufReader, Cursor};
use std::path::Path;

use image::{DynamicImage, ImageError, ImageFormat, ImageReader, Limits};

use crate::Mask;
use crate::source::SourceError;

/// Endings of the formats that are read, in lower case.
pub(crate) const EXTENSIONS: [&str; 6] = ["jpg", "jpeg", "png", "bmp", "tif", "tiff"];

/// The formats that are read.
const FORMATS: [ImageFormat; 4] = [
    ImageFormat::Jpeg,
    ImageFormat::Png,
    ImageFormat::Bmp,
    ImageFormat::Tiff,
];

/// The most pixels in a row or a column.
const MAX_SIDE: u32 = 1 << 14;

/// The most bytes that decoding may take.
const MAX_BYTES: u64 = 1 << 29;

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

/// Reads a JPEG, PNG, BMP or TIFF file; which one is told by its first bytes.
pub(crate) fn read_image(path: &Path) -> Result<DynamicImage, SourceError> {
    let read_error = |error| SourceError::Read {
        path: path.to_path_buf(),
        error,
    };
    let image_error = |error| SourceError::Image {
        path: path.to_path_buf(),
        error,
    };
    let size = fs::metadata(path).map_err(read_error)?.len();
    if size > MAX_BYTES {
        return Err(image_error(ImageFileError::FileSize { found: size }));
    }
    let bytes = fs::read(path).map_err(read_error)?;
    decode(&bytes).map_err(image_error)
}

/// Height and width of an image file, from its header.
pub(crate) fn image_size(path: &Path) -> Result<(usize, usize), SourceError> {
    let read_error = |error| SourceError::Read {
        path: path.to_path_buf(),
        error,
    };
    let file = BufReader::new(File::open(path).map_err(read_error)?);
    let reader = ImageReader::new(file);
    let mut reader = reader.with_guessed_format().map_err(read_error)?;
    reader.limits(limits());
    let format = reader.format().filter(|format| FORMATS.contains(format));
    let size = match format {
        Some(_) => reader.into_dimensions().map_err(decode_error),
        None => Err(ImageFileError::Format),
    };
    let (width, height) = size.map_err(|error| SourceError::Image {
        path: path.to_path_buf(),
        error,
    })?;
    Ok((height as usize, width as usize))
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_BYTES);
    limits
}

fn decode_error(error: ImageError) -> ImageFileError {
    match error {
        ImageError::Limits(_) => ImageFileError::TooLarge,
        error => ImageFileError::Damaged {
            // Decoders may say several lines; an error is one.
            reason: error.to_string().replace(['\n', '\r'], " "),
        },
    }
}

fn decode(bytes: &[u8]) -> Result<DynamicImage, ImageFileError> {
    let format = image::guess_format(bytes).map_err(|_| ImageFileError::Format)?;
    if !FORMATS.contains(&format) {
        return Err(ImageFileError::Format);
    }
    // The decoder fills what is missing of a JPEG with grey and says nothing.
    if format == ImageFormat::Jpeg && !jpeg_is_whole(bytes) {
        return Err(ImageFileError::Damaged {
            reason: "no end marker".to_string(),
        });
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits());
    reader.decode().map_err(decode_error)
}

/// Whether a JPEG goes on to its end marker.
fn jpeg_is_whole(bytes: &[u8]) -> bool {
    const END: u8 = 0xd9;
    let mut rest = &bytes[2..];
    loop {
        // Segments begin with 0xff, which may be repeated, and a marker.
        let Some(start) = rest.iter().position(|&byte| byte == 0xff) else {
            return false;
        };
        let Some(fill) = rest[start..].iter().position(|&byte| byte != 0xff) else {
            return false;
        };
        let marker = rest[start + fill];
        rest = &rest[start + fill + 1..];
        match marker {
            END => return true,
            // Markers without content: stuffing within a scan, restarts, a second start.
            0x00 | 0x01 | 0xd0..=0xd8 => {}
            _ => {
                let &[high, low, ..] = rest else {
                    return false;
                };
                let length = usize::from(high) << 8 | usize::from(low);
                // Thumbnails in a segment have end markers of their own, so that segments are stepped over. After a
                // scan's header its data follow, in which only true markers are found.
                let Some(after) = rest.get(length.max(2)..) else {
                    return false;
                };
                rest = after;
            }
        }
    }
}

/// Reads a mask from an image file: the pixels that are not black are anomalous, transparent or not.
///
/// # Errors
///
/// The file cannot be read ([`SourceError::Read`]) or is no whole JPEG, PNG, BMP or TIFF image
/// ([`SourceError::Image`]).
pub fn read_mask(path: impl AsRef<Path>) -> Result<Mask, SourceError> {
    let image = read_image(path.as_ref())?;
    let color = image.color();
    let pixel = usize::from(color.bytes_per_pixel());
    let channel = pixel / usize::from(color.channel_count());
    let seen = pixel - if color.has_alpha() { channel } else { 0 };
    let anomalous = image
        .as_bytes()
        .chunks_exact(pixel)
        .map(|bytes| bytes[..seen].iter().any(|&byte| byte != 0))
        .collect();
    let (height, width) = (image.height() as usize, image.width() as usize);
    Mask::new(height, width, anomalous).map_err(|error| SourceError::Image {
        path: path.as_ref().to_path_buf(),
        error: ImageFileError::Damaged {
            reason: error.to_string(),
        },
    })
}

#[cfg(test)]
mod tests;
