use image::{DynamicImage, ImageBuffer, Luma, Rgb};

use super::colour::{FrameColour, grey_of, only, over, to_grey};
use super::depth::PixelDepth;
use super::error::PreprocessingError;
use super::resize::{resized, to_planes};
use super::seen::see;
use super::settings::ImagePreprocessing;
use super::tile_grid::TileGrid;
use crate::sample::pixels::Pixels;
use crate::sample::shape::ImageShape;

/// An image on its way into a sample, or into several: tiles.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PreparedImage {
    /// Shape of each sample.
    pub shape: ImageShape,
    /// The pixels, `[samples, channels, height, width]` flattened; one sample, unless the image was cut into tiles.
    pub pixels: Pixels,
    /// Where the samples lie in the image.
    pub grid: TileGrid,
    /// Pixels of the file with a value that was cut off because it lies outside the range.
    pub clipped: usize,
}

impl ImagePreprocessing {
    /// Makes samples of an image that is turned as a viewer shows it.
    ///
    /// The settings are those that [`validate`](Self::validate) let pass.
    pub(crate) fn prepare(&self, image: DynamicImage) -> Result<PreparedImage, PreprocessingError> {
        let depth = PixelDepth::of(&image);
        let picture = (image.height() as usize, image.width() as usize);
        let (grid, covered) = self.grid(picture)?;
        let crop = grid.crop();
        let image = match crop.size() == picture {
            true => image,
            false => image.crop_imm(
                crop.left as u32,
                crop.top as u32,
                crop.width as u32,
                crop.height as u32,
            ),
        };
        let (pixels, clipped) = match depth == PixelDepth::Bits8 && self.range.keeps_bytes() {
            true => (self.eight_bits(image, covered.as_deref(), grid.size()), 0),
            false => {
                let ends = self.range.ends(depth)?;
                self.floats(&image, covered.as_deref(), grid.size(), ends)?
            }
        };
        let (height, width) = grid.tile();
        Ok(PreparedImage {
            shape: ImageShape {
                channels: self.colour.channels(),
                height,
                width,
            },
            pixels: grid.tiles(pixels),
            grid,
            clipped,
        })
    }

    /// The pixels at a size, `[channels, height, width]`; those not covered are the background.
    fn eight_bits(
        &self,
        image: DynamicImage,
        covered: Option<&[bool]>,
        size: (usize, usize),
    ) -> Pixels {
        let image = over(self.background, image);
        let image = match covered {
            Some(covered) => only(covered, self.background, image),
            None => image,
        };
        Pixels::Bits8(match self.colour {
            FrameColour::Grey => resized(to_grey(image), size, self.filter).into_raw(),
            FrameColour::Rgb => {
                let rgb = resized(image.into_rgb8(), size, self.filter);
                to_planes(rgb.as_raw(), 3)
            }
        })
    }

    /// As [`eight_bits`](Self::eight_bits), with `low` and `high` as 0 and 1, and how many pixels lie outside these.
    fn floats(
        &self,
        image: &DynamicImage,
        covered: Option<&[bool]>,
        size: (usize, usize),
        ends: (f64, f64),
    ) -> Result<(Pixels, usize), PreprocessingError> {
        let mut values = Vec::with_capacity(
            image.width() as usize * image.height() as usize * self.colour.channels(),
        );
        let seen = see(image, self.background, covered, ends, |seen| {
            match self.colour {
                FrameColour::Grey => values.push(grey_of(seen) as f32),
                FrameColour::Rgb => values.extend(seen.map(|value| value as f32)),
            }
        });
        if seen.not_finite > 0 {
            return Err(PreprocessingError::NotFinite {
                count: seen.not_finite,
            });
        }
        let (width, height) = (image.width(), image.height());
        let complete = "as many values as the image has pixels";
        let mut values = match self.colour {
            FrameColour::Grey => {
                let grey = ImageBuffer::<Luma<f32>, _>::from_vec(width, height, values);
                resized(grey.expect(complete), size, self.filter).into_raw()
            }
            FrameColour::Rgb => {
                let rgb = ImageBuffer::<Rgb<f32>, _>::from_vec(width, height, values);
                let rgb = resized(rgb.expect(complete), size, self.filter);
                to_planes(rgb.as_raw(), 3)
            }
        };
        // Filters with negative weights reach beyond the values that they are given.
        for value in &mut values {
            *value = value.clamp(0.0, 1.0);
        }
        Ok((Pixels::Float(values), seen.clipped))
    }
}
