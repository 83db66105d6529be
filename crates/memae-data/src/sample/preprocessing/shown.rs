use std::fmt;

use image::DynamicImage;

use super::colour::over;
use super::depth::PixelDepth;
use super::error::PreprocessingError;
use super::seen::see;
use super::settings::ImagePreprocessing;

/// An image as a viewer shows it: turned as its file says, at its own size, 8 bits of red, green and blue.
///
/// Values are scaled by the range of the preprocessing, transparent pixels lie over its background; its colour, region,
/// size and tiles play no part.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShownImage {
    /// Rows of pixels.
    pub height: usize,
    /// Pixels in a row.
    pub width: usize,
    /// Red, green and blue, pixel by pixel: `[height, width, 3]` flattened.
    pub rgb: Vec<u8>,
}

/// Shows the size, and leaves out the pixels.
impl fmt::Debug for ShownImage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShownImage")
            .field("height", &self.height)
            .field("width", &self.width)
            .finish_non_exhaustive()
    }
}

impl ImagePreprocessing {
    /// What people see of an image that is turned as a viewer shows it.
    pub(crate) fn show(&self, image: DynamicImage) -> Result<ShownImage, PreprocessingError> {
        let (height, width) = (image.height() as usize, image.width() as usize);
        let depth = PixelDepth::of(&image);
        let rgb = if depth == PixelDepth::Bits8 && self.range.keeps_bytes() {
            over(self.background, image).into_rgb8().into_raw()
        } else {
            let mut rgb = Vec::with_capacity(3 * height * width);
            see(
                &image,
                self.background,
                None,
                self.range.ends(depth)?,
                |seen| {
                    rgb.extend(seen.map(|value| (value * 255.0).round() as u8));
                },
            );
            rgb
        };
        Ok(ShownImage { height, width, rgb })
    }
}
