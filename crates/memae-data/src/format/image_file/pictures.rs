//! How many pictures a file has: pages of TIFF, frames of GIF, PNG and WebP, images of PNM. What cameras append to a JPEG,
//! smaller copies of it, is not counted. One sample is one picture, so that files of
//! several are refused rather than read in part.

use std::io::Cursor;

use image::ImageFormat;
use image::codecs::pnm::{PnmDecoder, PnmSubtype, SampleEncoding};
use tiff::decoder::Decoder;

use super::error::ImageFileError;

/// The most pages that are counted.
const MAX_PAGES: usize = 1000;

/// An error that says how many pictures the file has, if it has more than one.
pub(super) fn at_most_one(bytes: &[u8], format: ImageFormat) -> Result<(), ImageFileError> {
    let (count, unit) = match format {
        ImageFormat::Tiff => (tiff_pages(bytes), "pages"),
        ImageFormat::Gif => (gif_frames(bytes), "frames"),
        ImageFormat::Png => (png_frames(bytes).unwrap_or_default(), "frames"),
        ImageFormat::Pnm => (pnm_images(bytes).unwrap_or_default(), "images"),
        ImageFormat::WebP => (
            webp_chunks(bytes).filter(|name| name == b"ANMF").count(),
            "frames",
        ),
        _ => return Ok(()),
    };
    match count > 1 {
        true => Err(ImageFileError::Unsupported {
            found: format!("{count} {unit}"),
            expected: "a file of one image",
        }),
        false => Ok(()),
    }
}

/// Whether the pixels of a WebP file are compressed with loss.
pub(super) fn webp_is_lossy(bytes: &[u8]) -> bool {
    webp_chunks(bytes).any(|name| &name == b"VP8 ")
}

/// Up to [`MAX_PAGES`], and no further than the first page that cannot be read.
fn tiff_pages(bytes: &[u8]) -> usize {
    let Ok(mut decoder) = Decoder::new(Cursor::new(bytes)) else {
        return 0;
    };
    let mut pages = 1;
    while decoder.more_images() && pages < MAX_PAGES {
        pages += 1;
        if decoder.next_image().is_err() {
            break;
        }
    }
    pages
}

/// The frames that an animated PNG says it has, before its pixels; `None` where it says nothing.
fn png_frames(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes.get(8..)?;
    loop {
        let length = u32::from_be_bytes(*rest.first_chunk()?) as usize;
        let content = rest.get(8..)?;
        match rest.get(4..8)? {
            b"acTL" => return Some(u32::from_be_bytes(*content.first_chunk()?) as usize),
            b"IDAT" | b"IEND" => return None,
            // A checksum follows the content.
            _ => rest = content.get(length.checked_add(4)?..)?,
        }
    }
}

/// How many frames begin, whether the file ends within one or not.
fn gif_frames(bytes: &[u8]) -> usize {
    // Three bytes a colour, if there is a table.
    let table = |flags: u8| match flags & 0x80 {
        0 => 0,
        _ => 3 << ((flags & 7) + 1),
    };
    let after_table = |at: usize, length: usize| Some(length + table(*bytes.get(at)?));
    let Some(mut at) = after_table(10, 13) else {
        return 0;
    };
    let mut frames = 0;
    loop {
        match bytes.get(at) {
            Some(0x21) => at += 2,
            Some(0x2c) => {
                frames += 1;
                let Some(length) = after_table(at + 9, 11) else {
                    return frames;
                };
                at += length;
            }
            _ => return frames,
        }
        // Blocks of up to 255 bytes, the last one empty.
        while let Some(&length) = bytes.get(at) {
            at += 1 + usize::from(length);
            if length == 0 {
                break;
            }
        }
    }
}

/// How many images follow each other; `None` where the file ends within one.
fn pnm_images(mut bytes: &[u8]) -> Option<usize> {
    for images in 0..MAX_PAGES {
        if !bytes.starts_with(b"P") {
            return Some(images);
        }
        let (mut rest, header) = PnmDecoder::new(bytes).ok()?.into_inner();
        let (width, height) = (header.width() as usize, header.height() as usize);
        let sample = if header.maximal_sample() > 255 { 2 } else { 1 };
        let row = match header.subtype() {
            PnmSubtype::Bitmap(SampleEncoding::Binary) => Some(width.div_ceil(8)),
            PnmSubtype::Graymap(SampleEncoding::Binary) => Some(width.checked_mul(sample)?),
            PnmSubtype::Pixmap(SampleEncoding::Binary) => Some(width.checked_mul(3 * sample)?),
            PnmSubtype::ArbitraryMap => {
                Some(width.checked_mul(header.as_arbitrary()?.depth as usize * sample)?)
            }
            // Numbers and comments; a letter begins the next image.
            _ => None,
        };
        rest = match row {
            Some(row) => rest.get(row.checked_mul(height)?..)?,
            None => {
                let next = rest.split_inclusive(|&byte| byte == b'\n');
                let ended = next
                    .take_while(|line| !line.starts_with(b"P"))
                    .map(<[u8]>::len);
                &rest[ended.sum()..]
            }
        };
        bytes = rest.trim_ascii_start();
    }
    Some(MAX_PAGES)
}

/// The names of the chunks of a WebP file.
fn webp_chunks(bytes: &[u8]) -> impl Iterator<Item = [u8; 4]> {
    let mut rest = bytes.get(12..).unwrap_or_default();
    std::iter::from_fn(move || {
        let name = *rest.first_chunk()?;
        let length = u32::from_le_bytes(*rest.get(4..)?.first_chunk()?) as usize;
        // Chunks begin at even places.
        let end = length.checked_add(length % 2)?.checked_add(8)?;
        rest = rest.get(end..).unwrap_or_default();
        Some(name)
    })
}
