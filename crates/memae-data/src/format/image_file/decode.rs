use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};

use super::error::ImageFileError;
use super::limits::{FORMATS, limits};
use super::tiff_pixels::TiffPixels;
use super::{exif, floats, jpeg, pictures, png, pnm};

/// An image as a viewer shows it: turned as its file says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DecodedImage {
    /// Its pixels, of as many bits as the file has.
    pub(crate) image: DynamicImage,
    /// Whether the format keeps values only nearly.
    pub(crate) lossy: bool,
}

/// Decodes a file of one image; its format is told by its first bytes.
///
/// The orientation that a camera wrote (EXIF in JPEG, PNG and WebP, a tag in TIFF) is applied.
pub(crate) fn decode_image(bytes: &[u8]) -> Result<DecodedImage, ImageFileError> {
    let format = format_of(bytes)?;
    pictures::at_most_one(bytes, format)?;
    if format == ImageFormat::Pnm {
        pnm::check_samples(bytes)?;
    }
    if format == ImageFormat::Jpeg
        && let Some(reason) = jpeg::damage(bytes)
    {
        return Err(ImageFileError::Damaged { reason });
    }
    let pixels = match format {
        ImageFormat::Tiff => TiffPixels::of(bytes),
        _ => TiffPixels::default(),
    };
    pixels.check()?;
    let (image, orientation) = match floats::grey(bytes, format) {
        Some(file) => file.decode()?,
        None => {
            let mut decoder = decoder(bytes, format)?;
            let orientation = orientation(&mut decoder, bytes, format)?;
            // What the image itself takes is no longer there for the decoder.
            let mut rest = limits();
            let left = rest.reserve(decoder.total_bytes());
            left.and_then(|()| decoder.set_limits(rest))
                .map_err(ImageFileError::of_decoder)?;
            let image = DynamicImage::from_decoder(decoder);
            (image.map_err(ImageFileError::of_decoder)?, orientation)
        }
    };
    not_empty(image.width(), image.height())?;
    let mut image = pixels.straight(image);
    image.apply_orientation(orientation);
    let lossy = match format {
        ImageFormat::Jpeg => true,
        ImageFormat::WebP => pictures::webp_is_lossy(bytes),
        _ => false,
    };
    Ok(DecodedImage { image, lossy })
}

/// What the header of an image file says.
#[cfg(feature = "files")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageHeader {
    /// Rows of pixels, as a viewer shows the image.
    pub height: usize,
    /// Pixels in a row, as a viewer shows the image.
    pub width: usize,
    /// Whether values have more than 8 bits.
    pub deep: bool,
    /// Whether the file has no colours.
    pub grey: bool,
}

#[cfg(feature = "files")]
pub(super) fn decode_header(bytes: &[u8]) -> Result<ImageHeader, ImageFileError> {
    let format = format_of(bytes)?;
    let ((width, height), orientation, deep, grey) = match floats::grey(bytes, format) {
        Some(mut file) => (file.dimensions()?, file.orientation(), true, true),
        None => {
            let mut decoder = decoder(bytes, format)?;
            let orientation = orientation(&mut decoder, bytes, format)?;
            let color = decoder.color_type();
            let deep = color.bytes_per_pixel() > color.channel_count();
            (decoder.dimensions(), orientation, deep, !color.has_color())
        }
    };
    not_empty(width, height)?;
    let (height, width) = match orientation {
        Orientation::Rotate90
        | Orientation::Rotate270
        | Orientation::Rotate90FlipH
        | Orientation::Rotate270FlipH => (width, height),
        _ => (height, width),
    };
    Ok(ImageHeader {
        height: height as usize,
        width: width as usize,
        deep,
        grey,
    })
}

/// Some decoders take an image without pixels for one.
fn not_empty(width: u32, height: u32) -> Result<(), ImageFileError> {
    match width == 0 || height == 0 {
        true => Err(ImageFileError::Damaged {
            reason: format!("{width} x {height} pixels"),
        }),
        false => Ok(()),
    }
}

fn format_of(bytes: &[u8]) -> Result<ImageFormat, ImageFileError> {
    const EXPECTED: &str = "JPEG, PNG, BMP, TIFF, WebP, GIF or PNM";
    match image::guess_format(bytes) {
        Ok(format) if FORMATS.contains(&format) => Ok(format),
        Ok(format) => Err(ImageFileError::Unsupported {
            found: format.to_mime_type().to_string(),
            expected: EXPECTED,
        }),
        // Offsets of eight bytes in place of four.
        Err(_) if bytes.starts_with(b"II+\0") || bytes.starts_with(b"MM\0+") => {
            Err(ImageFileError::Unsupported {
                found: "BigTIFF".to_string(),
                expected: EXPECTED,
            })
        }
        // What phones write in place of JPEG has the frame of a video file.
        Err(_) if bytes.get(4..8) == Some(b"ftyp") => Err(ImageFileError::Unsupported {
            found: "HEIC or another format in the frame of MP4".to_string(),
            expected: EXPECTED,
        }),
        Err(_) => Err(ImageFileError::Format),
    }
}

fn decoder<'a>(
    bytes: &'a [u8],
    format: ImageFormat,
) -> Result<impl ImageDecoder + 'a, ImageFileError> {
    if format == ImageFormat::Png {
        png::check_palette(bytes)?;
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits());
    reader.into_decoder().map_err(ImageFileError::of_decoder)
}

fn orientation(
    decoder: &mut impl ImageDecoder,
    bytes: &[u8],
    format: ImageFormat,
) -> Result<Orientation, ImageFileError> {
    if format == ImageFormat::Tiff {
        return decoder.orientation().map_err(ImageFileError::of_decoder);
    }
    let exif = decoder
        .exif_metadata()
        .map_err(ImageFileError::of_decoder)?;
    let exif = match (exif, format) {
        (None, ImageFormat::Png) => png::exif(bytes).map(<[u8]>::to_vec),
        (exif, _) => exif,
    };
    let exif = exif.unwrap_or_default();
    // JPEG has these letters before the data; some programs write them to the other formats too.
    let data = exif.strip_prefix(b"Exif\0\0").unwrap_or(&exif);
    Ok(exif::orientation(data).unwrap_or(Orientation::NoTransforms))
}
