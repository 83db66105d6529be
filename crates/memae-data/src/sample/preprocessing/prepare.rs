use image::{DynamicImage, ImageBuffer, Luma, Rgb};

use super::colour::{FrameColour, grey_of, only, over, to_grey};
use super::depth::PixelDepth;
use super::error::PreprocessingError;
use super::range::StoredRange;
use super::resize::{resized, to_planes};
use super::seen::{covered_of, see};
use super::settings::ImagePreprocessing;
use crate::sample::pixels::Pixels;
use crate::sample::shape::ImageShape;

/// An image on its way into a sample.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PreparedImage {
    /// Its shape.
    pub shape: ImageShape,
    /// Its pixels, `[channels, height, width]` flattened.
    pub pixels: Pixels,
    /// Pixels of the file with a value that was cut off because it lies outside the range.
    pub clipped: usize,
}

impl ImagePreprocessing {
    /// Makes a sample of an image that is turned as a viewer shows it.
    ///
    /// The settings are those that [`validate`](Self::validate) let pass.
    pub(crate) fn prepare(&self, image: DynamicImage) -> Result<PreparedImage, PreprocessingError> {
        let depth = PixelDepth::of(&image);
        if (depth, self.range) == (PixelDepth::Bits8, StoredRange::Full) {
            return Ok(self.eight_bits(image));
        }
        let (low, high) = self.range.ends(depth)?;
        self.floats(&image, low, high)
    }

    fn eight_bits(&self, image: DynamicImage) -> PreparedImage {
        let image = over(self.background, image);
        let image = match &self.region {
            Some(region) => only(&covered_of(region, &image), self.background, image),
            None => image,
        };
        let (size, pixels) = match self.colour {
            FrameColour::Grey => {
                let grey = resized(to_grey(image), self.size, self.filter);
                (grey.dimensions(), grey.into_raw())
            }
            FrameColour::Rgb => {
                let rgb = resized(image.into_rgb8(), self.size, self.filter);
                (rgb.dimensions(), to_planes(rgb.as_raw(), 3))
            }
        };
        PreparedImage {
            shape: self.shape_of(size.1 as usize, size.0 as usize),
            pixels: Pixels::Bits8(pixels),
            clipped: 0,
        }
    }

    /// As [`eight_bits`](Self::eight_bits), with `low` and `high` as 0 and 1.
    fn floats(
        &self,
        image: &DynamicImage,
        low: f64,
        high: f64,
    ) -> Result<PreparedImage, PreprocessingError> {
        let mut values = Vec::with_capacity(
            image.width() as usize * image.height() as usize * self.colour.channels(),
        );
        let seen = see(
            image,
            self.background,
            self.region.as_ref(),
            (low, high),
            |seen| match self.colour {
                FrameColour::Grey => values.push(grey_of(seen) as f32),
                FrameColour::Rgb => values.extend(seen.map(|value| value as f32)),
            },
        );
        if seen.not_finite > 0 {
            return Err(PreprocessingError::NotFinite {
                count: seen.not_finite,
            });
        }
        let (width, height) = (image.width(), image.height());
        let complete = "as many values as the image has pixels";
        let (size, mut values) = match self.colour {
            FrameColour::Grey => {
                let grey = ImageBuffer::<Luma<f32>, _>::from_vec(width, height, values);
                let grey = resized(grey.expect(complete), self.size, self.filter);
                (grey.dimensions(), grey.into_raw())
            }
            FrameColour::Rgb => {
                let rgb = ImageBuffer::<Rgb<f32>, _>::from_vec(width, height, values);
                let rgb = resized(rgb.expect(complete), self.size, self.filter);
                (rgb.dimensions(), to_planes(rgb.as_raw(), 3))
            }
        };
        // Filters with negative weights reach beyond the values that they are given.
        for value in &mut values {
            *value = value.clamp(0.0, 1.0);
        }
        Ok(PreparedImage {
            shape: self.shape_of(size.1 as usize, size.0 as usize),
            pixels: Pixels::Float(values),
            clipped: seen.clipped,
        })
    }
}
