//! The form that frames are brought to.

use image::DynamicImage;
use serde::{Deserialize, Serialize};

use super::frame::{Frame, to_image};
use crate::sample::pixels::Pixels;
use crate::sample::preprocessing::{
    FrameColour, ImagePreprocessing, PixelDepth, PreprocessingError, ResizeFilter, StoredRange,
};
use crate::sample::shape::ImageShape;

/// The form that frames are brought to: first the colour, then the size. It is an [`ImagePreprocessing`] that ends in 8
/// bits: frames are many, and are kept in one byte a value. What is transparent lies over black.
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
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct FrameFormat {
    /// Grey (the default) or colour.
    pub colour: FrameColour,
    /// Height and width; `None` (the default) keeps those of the video.
    pub size: Option<(usize, usize)>,
    /// How frames are resized.
    pub filter: ResizeFilter,
    /// Which values of a frame become the levels 0 and 255. With `None` (the default) frames must have 8 bits, and those of
    /// 16 bits or of floats, of which 256 levels may leave little, are refused.
    ///
    /// Video files are read with 8 bits. Those in YUV of more bits, as phones and cameras write them, are made for display
    /// and keep the highest 8; those in grey or RGB of more bits, as measured values are, are refused whatever the range.
    pub range: Option<StoredRange>,
}

impl FrameFormat {
    /// The longest side of a frame.
    pub const MAX_SIDE: usize = ImagePreprocessing::MAX_SIDE;

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

    /// Sets which values of a frame become the levels 0 and 255; such a range must be given, or that of all values.
    pub fn with_range(mut self, range: StoredRange) -> Self {
        self.range = Some(range);
        self
    }

    /// Shape of a frame that had this height and width before.
    pub fn shape_of(&self, height: usize, width: usize) -> ImageShape {
        ImagePreprocessing::from(self).shape_of(height, width)
    }

    /// Checks that the settings can be met.
    pub(crate) fn check(&self) -> Result<(), PreprocessingError> {
        match self.range {
            Some(StoredRange::Measured) => Err(PreprocessingError::NotMeasured),
            _ => ImagePreprocessing::from(self).validate(),
        }
    }

    /// Brings an image to this form.
    pub(crate) fn apply(&self, image: DynamicImage) -> Result<Frame, PreprocessingError> {
        let found = PixelDepth::of(&image);
        if self.range.is_none() && found != PixelDepth::Bits8 {
            return Err(PreprocessingError::FrameDepth { found });
        }
        let prepared = ImagePreprocessing::from(self).prepare(image)?;
        Ok(Frame {
            shape: prepared.shape,
            pixels: match prepared.pixels {
                Pixels::Bits8(pixels) => pixels,
                // From 0 to 1, so that the levels fit.
                Pixels::Float(values) => values
                    .iter()
                    .map(|value| (value * 255.0).round() as u8)
                    .collect(),
            },
        })
    }
}

impl Frame {
    /// The frame in another form: what decoding into that form would have given, of a frame that was decoded in its own size, in
    /// colour or where grey is asked for.
    ///
    /// # Errors
    ///
    /// A size out of bounds, or one that the frame cannot be brought to; a range that is still to be measured, or one of other values
    /// than 256 levels.
    ///
    /// # Panics
    ///
    /// Panics unless the frame has as many pixels as its shape says, one at least, in one channel or three.
    ///
    /// ```
    /// use memae_data::sample::{Frame, FrameFormat, ImageShape};
    ///
    /// let shape = ImageShape { channels: 1, height: 2, width: 4 };
    /// let frame = Frame { shape, pixels: vec![10, 10, 30, 30, 10, 10, 30, 30] };
    /// let small = frame.in_format(&FrameFormat::default().with_size(1, 2))?;
    /// assert_eq!(small.shape.to_string(), "1x1x2");
    /// # Ok::<(), memae_data::sample::PreprocessingError>(())
    /// ```
    pub fn in_format(&self, format: &FrameFormat) -> Result<Self, PreprocessingError> {
        format.check()?;
        let image = to_image(self.shape, &self.pixels);
        format.apply(image.expect("as many pixels as the shape has"))
    }

    /// The frame at another size.
    pub(crate) fn resized(
        &self,
        height: usize,
        width: usize,
        filter: ResizeFilter,
    ) -> Result<Self, PreprocessingError> {
        let colour = match self.shape.channels {
            1 => FrameColour::Grey,
            _ => FrameColour::Rgb,
        };
        let format = FrameFormat::default()
            .with_colour(colour)
            .with_size(height, width)
            .with_filter(filter);
        self.in_format(&format)
    }
}

impl From<&FrameFormat> for ImagePreprocessing {
    fn from(format: &FrameFormat) -> Self {
        Self {
            colour: format.colour,
            size: format.size,
            filter: format.filter,
            range: format.range.unwrap_or_default(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, RgbImage};
    use proptest::prelude::*;

    use super::*;

    fn rgb(width: u32, height: u32) -> DynamicImage {
        let pixel = |x: u32, y: u32| image::Rgb([(x * 7) as u8, (y * 11) as u8, (x * y) as u8]);
        RgbImage::from_fn(width, height, pixel).into()
    }

    #[test]
    fn colours_become_planes() {
        let format = FrameFormat::default().with_colour(FrameColour::Rgb);
        let frame = format.apply(rgb(3, 2)).unwrap();
        assert_eq!(frame.shape.to_string(), "3x2x3");
        assert_eq!(
            frame.pixels,
            [0, 7, 14, 0, 7, 14, 0, 0, 0, 11, 11, 11, 0, 0, 0, 0, 1, 2]
        );
        assert_eq!(to_image(frame.shape, &frame.pixels), Some(rgb(3, 2)));
    }

    #[test]
    fn a_frame_that_is_decoded_as_it_is_comes_into_any_form_as_if_it_had_been_decoded_so() {
        let image = || rgb(23, 17);
        let grey = FrameFormat::default().apply(image()).unwrap();
        let colour = FrameFormat::default().with_colour(FrameColour::Rgb);
        let colour = colour.apply(image()).unwrap();
        let small = FrameFormat::default().with_size(7, 9);
        for form in [FrameFormat::default(), small.clone()] {
            let expected = form.apply(image()).unwrap();
            assert_eq!(colour.in_format(&form).unwrap(), expected);
            assert_eq!(grey.in_format(&form).unwrap(), expected);
        }
        let form = small.with_colour(FrameColour::Rgb);
        assert_eq!(
            colour.in_format(&form).unwrap(),
            form.apply(image()).unwrap()
        );
        let error = grey.in_format(&FrameFormat::default().with_range(StoredRange::Measured));
        assert_eq!(error.unwrap_err(), PreprocessingError::NotMeasured);
    }

    #[test]
    fn grey_is_the_luma_of_bt_601() {
        let grey = |rgb: [u8; 3]| {
            let image = RgbImage::from_pixel(1, 1, image::Rgb(rgb));
            FrameFormat::default().apply(image.into()).unwrap().pixels[0]
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
    fn sixteen_bits_become_eight_by_a_range_only() {
        let deep = || -> DynamicImage {
            let values = vec![0u16, 300, 2100, 3900, u16::MAX];
            let image = image::ImageBuffer::<image::Luma<u16>, _>::from_raw(5, 1, values);
            image.expect("sizes agree").into()
        };
        let error = FrameFormat::default().apply(deep()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "found a frame of 16 bits, expected 8 bits, or a range of values that is brought to 256 levels"
        );
        let levels = |range| {
            let format = FrameFormat::default().with_range(range);
            format.apply(deep()).unwrap().pixels
        };
        assert_eq!(levels(StoredRange::Full), [0, 1, 8, 15, 255]);
        assert_eq!(
            levels(StoredRange::given(300.0, 3900.0)),
            [0, 0, 128, 255, 255]
        );
        let measured = FrameFormat::default().with_range(StoredRange::Measured);
        assert_eq!(measured.check(), Err(PreprocessingError::NotMeasured));
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
                let frame = format.apply(rgb(width, height)).unwrap();
                prop_assert_eq!(frame.shape, ImageShape { channels: colour.channels(), height: tall, width: wide });
                prop_assert_eq!(frame.pixels.len(), frame.shape.len());
            }
        }

        #[test]
        fn a_constant_frame_stays_constant(level: u8, height in 1usize..40, width in 1usize..40) {
            let image = GrayImage::from_pixel(13, 17, image::Luma([level]));
            let frame = FrameFormat::default().with_size(height, width).apply(image.into()).unwrap();
            prop_assert!(frame.pixels.iter().all(|&pixel| pixel == level));
        }
    }
}
