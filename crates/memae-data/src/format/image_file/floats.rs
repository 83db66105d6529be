//! TIFF files of grey floats, which cameras and microscopes write, and which the `image` crate leaves to the `tiff` crate.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageFormat, Rgb32FImage};
use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::{SampleFormat, Tag};
use tiff::{ColorType, TiffError, TiffResult};

use super::error::ImageFileError;
use super::limits::{MAX_BYTES, MAX_SIDE};

/// A TIFF file of grey floats.
pub(super) struct GreyFloats<'a>(Decoder<Cursor<&'a [u8]>>);

/// The file, if it is one of grey floats.
pub(super) fn grey(bytes: &[u8], format: ImageFormat) -> Option<GreyFloats<'_>> {
    if format != ImageFormat::Tiff {
        return None;
    }
    // What is wrong with the file is said by the decoder of all others.
    let mut decoder = Decoder::new(Cursor::new(bytes)).ok()?;
    let grey = matches!(decoder.colortype(), Ok(ColorType::Gray(16 | 32 | 64)));
    let format = decoder.find_tag_unsigned_vec::<u16>(Tag::SampleFormat);
    let float = matches!(format, Ok(Some(formats)) if formats == [SampleFormat::IEEEFP.to_u16()]);
    (grey && float).then_some(GreyFloats(decoder))
}

impl GreyFloats<'_> {
    /// Width and height as stored.
    pub(super) fn dimensions(&mut self) -> Result<(u32, u32), ImageFileError> {
        let (width, height) = self.0.dimensions().map_err(of_tiff)?;
        match width.max(height) <= MAX_SIDE {
            true => Ok((width, height)),
            false => Err(ImageFileError::TooLarge),
        }
    }

    /// How the image is turned.
    pub(super) fn orientation(&mut self) -> Orientation {
        let tag: TiffResult<Option<u8>> = self.0.find_tag_unsigned(Tag::Orientation);
        tag.ok()
            .flatten()
            .and_then(Orientation::from_exif)
            .unwrap_or(Orientation::NoTransforms)
    }

    /// The image, its values in each of three channels, and how it is turned.
    pub(super) fn decode(mut self) -> Result<(DynamicImage, Orientation), ImageFileError> {
        let (width, height) = self.dimensions()?;
        let orientation = self.orientation();
        let values = u64::from(width) * u64::from(height);
        // The file may hold eight bytes a value; the image takes four in three channels.
        let (stored, image) = (values * 8, values * 12);
        let Some(rest) = MAX_BYTES.checked_sub(image) else {
            return Err(ImageFileError::TooLarge);
        };
        let mut limits = tiff::decoder::Limits::default();
        limits.decoding_buffer_size = stored as usize;
        limits.intermediate_buffer_size = rest as usize;
        let mut decoder = self.0.with_limits(limits);
        let grey: Vec<f32> = match decoder.read_image().map_err(of_tiff)? {
            DecodingResult::F16(values) => values.into_iter().map(|value| value.to_f32()).collect(),
            DecodingResult::F32(values) => values,
            DecodingResult::F64(values) => values.into_iter().map(|value| value as f32).collect(),
            _ => {
                return Err(ImageFileError::Damaged {
                    reason: "values of several kinds".to_string(),
                });
            }
        };
        let rgb = grey.iter().flat_map(|&value| [value; 3]).collect();
        let image = Rgb32FImage::from_raw(width, height, rgb);
        let image = image.ok_or(ImageFileError::Damaged {
            reason: "fewer values than pixels".to_string(),
        })?;
        Ok((image.into(), orientation))
    }
}

fn of_tiff(error: TiffError) -> ImageFileError {
    match error {
        TiffError::LimitsExceeded => ImageFileError::TooLarge,
        TiffError::UnsupportedError(error) => ImageFileError::Unsupported {
            found: format!("a kind of TIFF that is not decoded ({error})"),
            expected: "grey or colour of 8 or 16 bits, or a TIFF file of floats",
        },
        error => ImageFileError::Damaged {
            reason: error.to_string().replace(['\n', '\r'], " "),
        },
    }
}
