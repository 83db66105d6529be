use std::io::Cursor;

use image::{DynamicImage, ImageError, ImageFormat, ImageReader, Limits};

use super::error::ImageFileError;
use super::limits::{FORMATS, MAX_BYTES, MAX_SIDE};

pub(super) fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_BYTES);
    limits
}

pub(super) fn decode_error(error: ImageError) -> ImageFileError {
    match error {
        ImageError::Limits(_) => ImageFileError::TooLarge,
        error => ImageFileError::Damaged {
            // Decoders may say several lines; an error is one.
            reason: error.to_string().replace(['\n', '\r'], " "),
        },
    }
}

/// Decodes a JPEG, PNG, BMP or TIFF file; which one is told by its first bytes.
pub(crate) fn decode_image(bytes: &[u8]) -> Result<DynamicImage, ImageFileError> {
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

#[cfg(test)]
mod tests;
