//! The form that frames are brought to.

use image::imageops::{self, FilterType};
use image::{DynamicImage, GrayImage, RgbImage};
use serde::{Deserialize, Serialize};

use super::frame::Frame;
use crate::sample::shape::ImageShape;

/// Whether frames are grey or in colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FrameColour {
    /// One channel. Colours are weighted 0.299 red, 0.587 green, 0.114 blue (ITU-R BT.601), as OpenCV, Pillow and MATLAB
    /// do.
    #[default]
    Grey,
    /// Three channels: red, green, blue.
    Rgb,
}

impl FrameColour {
    /// Channels of a frame.
    pub fn channels(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::Rgb => 3,
        }
    }
}

/// How a frame is brought to another size: the filters of the `image` crate, each widened when a frame becomes smaller,
/// so that no pixel is passed over (but by `Nearest`).
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

/// The form that frames are brought to: first the colour, then the size.
///
/// ```
/// use memae_data::sample::{FrameColour, FrameFormat};
///
/// let format = FrameFormat::default().with_size(256, 256);
/// assert_eq!(format.colour, FrameColour::Grey);
/// assert_eq!(format.shape_of(240, 360).to_string(), "1x256x256");
/// assert_eq!(FrameFormat::default().shape_of(240, 360).to_string(), "1x240x360");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct FrameFormat {
    /// Grey (the default) or colour.
    pub colour: FrameColour,
    /// Height and width; `None` (the default) keeps those of the video.
    pub size: Option<(usize, usize)>,
    /// How frames are resized.
    pub filter: ResizeFilter,
}

impl FrameFormat {
    /// The longest side of a frame.
    pub const MAX_SIDE: usize = 1 << 14;

    /// Sets grey or colour.
    pub fn with_colour(mut self, colour: FrameColour) -> Self {
        self.colour = colour;
        self
    }

    /// Sets height and width.
    pub fn with_size(mut self, height: usize, width: usize) -> Self {
        self.size = Some((height, width));
        self
    }

    /// Sets how frames are resized.
    pub fn with_filter(mut self, filter: ResizeFilter) -> Self {
        self.filter = filter;
        self
    }

    /// Shape of a frame that had this height and width before.
    pub fn shape_of(&self, height: usize, width: usize) -> ImageShape {
        let (height, width) = self.size.unwrap_or((height, width));
        ImageShape {
            channels: self.colour.channels(),
            height,
            width,
        }
    }

    pub(crate) fn check(&self) -> Result<(), FrameSizeError> {
        match self.size {
            Some((height, width))
                if ![height, width]
                    .iter()
                    .all(|side| (1..=Self::MAX_SIDE).contains(side)) =>
            {
                Err(FrameSizeError { height, width })
            }
            _ => Ok(()),
        }
    }

    /// Brings an image to this form.
    pub(crate) fn apply(&self, image: DynamicImage) -> Frame {
        match self.colour {
            FrameColour::Grey => {
                let mut grey = to_grey(image);
                if let Some((height, width)) = self.size
                    && (grey.height() as usize, grey.width() as usize) != (height, width)
                {
                    grey = imageops::resize(&grey, width as u32, height as u32, self.filter.into());
                }
                Frame {
                    shape: self.shape_of(grey.height() as usize, grey.width() as usize),
                    pixels: grey.into_raw(),
                }
            }
            FrameColour::Rgb => {
                let mut rgb = image.into_rgb8();
                if let Some((height, width)) = self.size
                    && (rgb.height() as usize, rgb.width() as usize) != (height, width)
                {
                    rgb = imageops::resize(&rgb, width as u32, height as u32, self.filter.into());
                }
                Frame {
                    shape: self.shape_of(rgb.height() as usize, rgb.width() as usize),
                    pixels: to_planes(&rgb),
                }
            }
        }
    }
}

fn to_grey(image: DynamicImage) -> GrayImage {
    match image {
        // Grey stays what it is.
        DynamicImage::ImageLuma8(_)
        | DynamicImage::ImageLumaA8(_)
        | DynamicImage::ImageLuma16(_)
        | DynamicImage::ImageLumaA16(_) => image.into_luma8(),
        colour => {
            let rgb = colour.into_rgb8();
            let (width, height) = rgb.dimensions();
            let grey = rgb.as_raw().chunks_exact(3).map(|pixel| {
                let [red, green, blue] = [pixel[0], pixel[1], pixel[2]].map(u32::from);
                ((299 * red + 587 * green + 114 * blue + 500) / 1000) as u8
            });
            GrayImage::from_vec(width, height, grey.collect())
                .expect("one grey pixel for each of three colours")
        }
    }
}

/// `[height, width, 3]` to `[3, height, width]`.
fn to_planes(rgb: &RgbImage) -> Vec<u8> {
    let mut planes = Vec::with_capacity(rgb.as_raw().len());
    for channel in 0..3 {
        planes.extend(rgb.as_raw().iter().skip(channel).step_by(3));
    }
    planes
}

/// Frames cannot be brought to a size.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "frame size: found {height}x{width}, expected sides of 1 to {} pixels",
    FrameFormat::MAX_SIDE
)]
pub struct FrameSizeError {
    /// Height asked for.
    pub height: usize,
    /// Width asked for.
    pub width: usize,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sample::video::frame::to_image;

    fn rgb(width: u32, height: u32) -> DynamicImage {
        let pixel = |x: u32, y: u32| image::Rgb([(x * 7) as u8, (y * 11) as u8, (x * y) as u8]);
        RgbImage::from_fn(width, height, pixel).into()
    }

    #[test]
    fn colours_become_planes() {
        let format = FrameFormat::default().with_colour(FrameColour::Rgb);
        let frame = format.apply(rgb(3, 2));
        assert_eq!(frame.shape.to_string(), "3x2x3");
        assert_eq!(
            frame.pixels,
            [0, 7, 14, 0, 7, 14, 0, 0, 0, 11, 11, 11, 0, 0, 0, 0, 1, 2]
        );
        assert_eq!(to_image(frame.shape, &frame.pixels), Some(rgb(3, 2)));
    }

    #[test]
    fn grey_is_the_luma_of_bt_601() {
        let grey = |rgb: [u8; 3]| {
            let image = RgbImage::from_pixel(1, 1, image::Rgb(rgb));
            FrameFormat::default().apply(image.into()).pixels[0]
        };
        assert_eq!(
            [[255, 0, 0], [0, 255, 0], [0, 0, 255]].map(grey),
            [76, 150, 29]
        );
        for level in 0..=255 {
            assert_eq!(grey([level; 3]), level);
        }
    }

    #[test]
    fn sixteen_bits_become_eight() {
        let deep = image::ImageBuffer::<image::Luma<u16>, _>::from_raw(2, 1, vec![0u16, u16::MAX]);
        let frame = FrameFormat::default().apply(deep.expect("sizes agree").into());
        assert_eq!(frame.pixels, [0, 255]);
    }

    proptest! {
        #[test]
        fn frames_have_the_size_asked_for(
            (width, height) in (1u32..23, 1u32..19), (wide, tall) in (1usize..29, 1usize..17), colour: bool,
        ) {
            let colour = if colour { FrameColour::Rgb } else { FrameColour::Grey };
            for filter in [
                ResizeFilter::Nearest, ResizeFilter::Triangle, ResizeFilter::CatmullRom, ResizeFilter::Lanczos3,
            ] {
                let format = FrameFormat::default().with_size(tall, wide).with_colour(colour).with_filter(filter);
                let frame = format.apply(rgb(width, height));
                prop_assert_eq!(frame.shape, ImageShape { channels: colour.channels(), height: tall, width: wide });
                prop_assert_eq!(frame.pixels.len(), frame.shape.len());
            }
        }

        #[test]
        fn a_constant_frame_stays_constant(level: u8, height in 1usize..40, width in 1usize..40) {
            let image = GrayImage::from_pixel(13, 17, image::Luma([level]));
            let frame = FrameFormat::default().with_size(height, width).apply(image.into());
            prop_assert!(frame.pixels.iter().all(|&pixel| pixel == level));
        }
    }
}
