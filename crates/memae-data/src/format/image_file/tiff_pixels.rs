//! What the tags of a TIFF file say of its pixels and the decoder leaves aside.

use std::io::Cursor;

use image::{DynamicImage, Pixel};
use tiff::decoder::Decoder;
use tiff::tags::Tag;

use super::error::ImageFileError;

/// The tag's value for colours that were multiplied by alpha.
const ASSOCIATED_ALPHA: u16 = 1;

/// The tag's value for grey that is darker the higher it is.
const WHITE_IS_ZERO: u16 = 0;

/// What the first page of a TIFF file says of its pixels.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct TiffPixels {
    /// Colours were multiplied by alpha.
    premultiplied: bool,
    /// The highest value is black, in a file of more than 8 bits.
    deep_white_is_zero: bool,
}

impl TiffPixels {
    pub(super) fn of(bytes: &[u8]) -> Self {
        // What is wrong with the file is said by the decoder of the pixels.
        let Ok(mut decoder) = Decoder::new(Cursor::new(bytes)) else {
            return Self::default();
        };
        let mut numbers = |tag: Tag| {
            let numbers = decoder.find_tag_unsigned_vec::<u16>(tag);
            numbers.ok().flatten().unwrap_or_default()
        };
        let interpretation = numbers(Tag::PhotometricInterpretation);
        let bits = numbers(Tag::BitsPerSample);
        Self {
            premultiplied: numbers(Tag::ExtraSamples).first() == Some(&ASSOCIATED_ALPHA),
            deep_white_is_zero: interpretation == [WHITE_IS_ZERO]
                && bits.iter().any(|&bits| bits > 8),
        }
    }

    /// An error where values would not be those of the file: the decoder turns them over, and a range is one of values.
    pub(super) fn check(&self) -> Result<(), ImageFileError> {
        match self.deep_white_is_zero {
            true => Err(ImageFileError::Unsupported {
                found: "values of more than 8 bits of which the highest is black".to_string(),
                expected: "a file whose highest value is white",
            }),
            false => Ok(()),
        }
    }

    /// The image with colours that were not multiplied by alpha.
    pub(super) fn straight(&self, image: DynamicImage) -> DynamicImage {
        if !self.premultiplied {
            return image;
        }
        match image {
            DynamicImage::ImageLumaA8(mut image) => {
                for pixel in image.pixels_mut() {
                    let alpha = pixel.0[1].into();
                    pixel.apply_without_alpha(|colour| divided(colour.into(), alpha, 255.0) as u8);
                }
                image.into()
            }
            DynamicImage::ImageRgba8(mut image) => {
                for pixel in image.pixels_mut() {
                    let alpha = pixel.0[3].into();
                    pixel.apply_without_alpha(|colour| divided(colour.into(), alpha, 255.0) as u8);
                }
                image.into()
            }
            DynamicImage::ImageLumaA16(mut image) => {
                for pixel in image.pixels_mut() {
                    let alpha = pixel.0[1].into();
                    pixel.apply_without_alpha(|colour| {
                        divided(colour.into(), alpha, 65_535.0) as u16
                    });
                }
                image.into()
            }
            DynamicImage::ImageRgba16(mut image) => {
                for pixel in image.pixels_mut() {
                    let alpha = pixel.0[3].into();
                    pixel.apply_without_alpha(|colour| {
                        divided(colour.into(), alpha, 65_535.0) as u16
                    });
                }
                image.into()
            }
            DynamicImage::ImageRgba32F(mut image) => {
                for pixel in image.pixels_mut() {
                    let alpha = pixel.0[3];
                    if alpha != 0.0 {
                        pixel.apply_without_alpha(|colour| colour / alpha);
                    }
                }
                image.into()
            }
            opaque => opaque,
        }
    }
}

/// A colour up to `full` divided by its alpha; behind none there is no colour.
fn divided(colour: f64, alpha: f64, full: f64) -> f64 {
    match alpha > 0.0 {
        true => (colour * full / alpha).round().min(full),
        false => colour,
    }
}
