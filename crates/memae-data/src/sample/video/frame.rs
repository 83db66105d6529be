use image::{DynamicImage, GrayImage, RgbImage};

use crate::sample::shape::ImageShape;

/// A frame of a video.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    /// Its shape; 1 channel for grey, 3 for red, green and blue.
    pub shape: ImageShape,
    /// Its pixels, `[channels, height, width]` flattened.
    pub pixels: Vec<u8>,
}

/// Shows the shape, and leaves out the pixels.
impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frame")
            .field("shape", &self.shape)
            .finish_non_exhaustive()
    }
}

/// `[channels, height, width]` as an image.
pub(in crate::sample) fn to_image(shape: ImageShape, pixels: &[u8]) -> Option<DynamicImage> {
    let (width, height) = (shape.width as u32, shape.height as u32);
    if shape.channels == 1 {
        return GrayImage::from_raw(width, height, pixels.to_vec()).map(Into::into);
    }
    let plane = shape.height * shape.width;
    let interleaved =
        (0..plane).flat_map(|pixel| (0..3).map(move |channel| channel * plane + pixel));
    RgbImage::from_raw(width, height, interleaved.map(|at| pixels[at]).collect()).map(Into::into)
}
