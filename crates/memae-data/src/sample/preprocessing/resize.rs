//! How an image is brought to another size.

use image::imageops::{self, FilterType};
use image::{ImageBuffer, Pixel};
use serde::{Deserialize, Serialize};

/// The longest side that images are brought to.
pub(super) const MAX_SIDE: usize = 1 << 14;

/// How an image or a frame is brought to another size: the filters of the `image` crate, each widened when an image
/// becomes smaller, so that no pixel is passed over (but by `Nearest`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ResizeFilter {
    /// The nearest pixel.
    Nearest,
    /// Linear interpolation.
    Triangle,
    /// Cubic interpolation, as MATLAB's `imresize` does it.
    #[default]
    CatmullRom,
    /// A windowed sinc over three pixels.
    Lanczos3,
}

impl From<ResizeFilter> for FilterType {
    fn from(filter: ResizeFilter) -> Self {
        match filter {
            ResizeFilter::Nearest => Self::Nearest,
            ResizeFilter::Triangle => Self::Triangle,
            ResizeFilter::CatmullRom => Self::CatmullRom,
            ResizeFilter::Lanczos3 => Self::Lanczos3,
        }
    }
}

/// Images cannot be brought to a size.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("frame size: found {height}x{width}, expected sides of 1 to {MAX_SIDE} pixels")]
pub struct FrameSizeError {
    /// Height asked for.
    pub height: usize,
    /// Width asked for.
    pub width: usize,
}

pub(super) fn check(size: Option<(usize, usize)>) -> Result<(), FrameSizeError> {
    match size {
        Some((height, width))
            if ![height, width]
                .iter()
                .all(|side| (1..=MAX_SIDE).contains(side)) =>
        {
            Err(FrameSizeError { height, width })
        }
        _ => Ok(()),
    }
}

/// An image at a height and width, which [`check`] let pass; one that has them stays as it is.
pub(super) fn resized<P>(
    image: ImageBuffer<P, Vec<P::Subpixel>>,
    (height, width): (usize, usize),
    filter: ResizeFilter,
) -> ImageBuffer<P, Vec<P::Subpixel>>
where
    P: Pixel + 'static,
{
    match (image.height() as usize, image.width() as usize) == (height, width) {
        true => image,
        false => imageops::resize(&image, width as u32, height as u32, filter.into()),
    }
}

/// `[height, width, channels]` to `[channels, height, width]`.
pub(super) fn to_planes<T: Copy>(interleaved: &[T], channels: usize) -> Vec<T> {
    let mut planes = Vec::with_capacity(interleaved.len());
    for channel in 0..channels {
        planes.extend(interleaved.iter().skip(channel).step_by(channels));
    }
    planes
}
