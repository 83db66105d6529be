use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, GrayImage, ImageFormat, RgbImage, imageops};

use crate::error::ReportError;

/// The longest side that a picture keeps, in pixels: twice what it takes on the page, for screens of high density.
const LONGEST_SIDE: u32 = 480;
/// The longest side of a picture among many small ones. Pictures whose longest side is shorter are enlarged by whole pixels,
/// so that these can be seen.
const SMALL_SIDE: u32 = 160;

/// A picture in colour or grey, as a PNG that stands in the page itself.
///
/// Its longer side has at most 480 pixels: what is larger is reduced, pixels joined to their mean, so that a
/// report with many pictures of a large camera can still be sent by mail. What is small is shown enlarged.
///
/// ```
/// use memae_report::Picture;
///
/// let red = Picture::rgb(3, 2, &[200, 0, 0].repeat(6))?;
/// assert_eq!(red.size(), (3, 2));
/// let large = Picture::grey(4000, 1000, &vec![128; 4_000_000])?;
/// assert_eq!(large.size(), (480, 120));
/// # Ok::<(), memae_report::ReportError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    png: Vec<u8>,
}

impl Picture {
    /// A picture of red, green and blue, `[height, width, 3]`, row by row.
    ///
    /// # Errors
    ///
    /// No pixels, or not three bytes for each.
    pub fn rgb(width: u32, height: u32, pixels: &[u8]) -> Result<Self, ReportError> {
        check(width, height, 3, pixels)?;
        let pixels = RgbImage::from_raw(width, height, pixels.to_vec());
        Self::encoded(pixels.map(DynamicImage::ImageRgb8), width, height)
    }

    /// A picture of grey values, `[height, width]`, row by row.
    ///
    /// # Errors
    ///
    /// No pixels, or not one byte for each.
    pub fn grey(width: u32, height: u32, pixels: &[u8]) -> Result<Self, ReportError> {
        check(width, height, 1, pixels)?;
        let pixels = GrayImage::from_raw(width, height, pixels.to_vec());
        Self::encoded(pixels.map(DynamicImage::ImageLuma8), width, height)
    }

    /// Width and height in the page's file, in pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// The address that holds the picture itself.
    pub(crate) fn data_uri(&self) -> String {
        format!(
            "data:image/png;base64,{}",
            BASE64_STANDARD.encode(&self.png)
        )
    }

    /// The style of the picture on the page.
    pub(crate) fn class(&self) -> &'static str {
        if self.width.max(self.height) < SMALL_SIDE {
            "pixels"
        } else {
            "photograph"
        }
    }

    /// The picture with a longer side of at most 160 pixels, as one among many.
    pub(crate) fn small(self) -> Self {
        if self.width.max(self.height) <= SMALL_SIDE {
            return self;
        }
        let decoded = image::load_from_memory_with_format(&self.png, ImageFormat::Png);
        let small = decoded.map_err(|error| error.to_string());
        let small = small.and_then(|pixels| png(&reduced(pixels, SMALL_SIDE)));
        // What was written just now can be read; if not, it is still a picture.
        small.unwrap_or(self)
    }

    fn encoded(pixels: Option<DynamicImage>, width: u32, height: u32) -> Result<Self, ReportError> {
        let failed = |reason: String| ReportError::Png {
            width,
            height,
            reason,
        };
        let pixels = pixels.ok_or_else(|| failed("its bytes do not fit its size".to_string()))?;
        png(&reduced(pixels, LONGEST_SIDE)).map_err(failed)
    }
}

fn png(pixels: &DynamicImage) -> Result<Picture, String> {
    let mut png = Vec::new();
    let encoder =
        PngEncoder::new_with_quality(&mut png, CompressionType::Best, FilterType::Adaptive);
    pixels
        .write_with_encoder(encoder)
        .map_err(|error| error.to_string())?;
    Ok(Picture {
        width: pixels.width(),
        height: pixels.height(),
        png,
    })
}

fn check(width: u32, height: u32, channels: u32, pixels: &[u8]) -> Result<(), ReportError> {
    let expected = u128::from(width) * u128::from(height) * u128::from(channels);
    if expected > 0 && expected == pixels.len() as u128 {
        return Ok(());
    }
    Err(ReportError::Pixels {
        width,
        height,
        channels,
        found: pixels.len(),
    })
}

fn reduced(pixels: DynamicImage, longest_side: u32) -> DynamicImage {
    let (width, height) = (pixels.width(), pixels.height());
    let longest = width.max(height);
    if longest <= longest_side {
        return pixels;
    }
    let scaled = |side: u32| {
        let side = f64::from(side) * f64::from(longest_side) / f64::from(longest);
        (side.round() as u32).max(1)
    };
    match pixels {
        DynamicImage::ImageLuma8(pixels) => {
            imageops::thumbnail(&pixels, scaled(width), scaled(height)).into()
        }
        pixels => imageops::thumbnail(&pixels.into_rgb8(), scaled(width), scaled(height)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(picture: &Picture) -> DynamicImage {
        let uri = picture.data_uri();
        let base64 = uri.strip_prefix("data:image/png;base64,").unwrap();
        let png = BASE64_STANDARD.decode(base64).unwrap();
        image::load_from_memory(&png).unwrap()
    }

    #[test]
    fn pixels_are_read_back_as_given() {
        let pixels: Vec<u8> = (0..7 * 5 * 3).map(|value| value as u8).collect();
        let read = decoded(&Picture::rgb(7, 5, &pixels).unwrap());
        assert_eq!(read.color(), image::ColorType::Rgb8);
        assert_eq!((read.width(), read.height()), (7, 5));
        assert_eq!(read.into_bytes(), pixels);
        let read = decoded(&Picture::grey(7, 15, &pixels).unwrap());
        assert_eq!(read.color(), image::ColorType::L8);
        assert_eq!(read.into_bytes(), pixels);
    }

    #[test]
    fn large_pictures_are_reduced_to_their_means() {
        let stripes: Vec<u8> = (0..960 * 4)
            .map(|at| if at % 2 == 0 { 0 } else { 200 })
            .collect();
        let picture = Picture::grey(960, 4, &stripes).unwrap();
        assert_eq!(picture.size(), (480, 2));
        assert!(
            decoded(&picture)
                .into_bytes()
                .iter()
                .all(|&value| value == 100)
        );
        assert_eq!(Picture::grey(1, 3000, &[9; 3000]).unwrap().size(), (1, 480));
        assert_eq!(Picture::rgb(481, 1, &[9; 1443]).unwrap().size(), (480, 1));
    }

    #[test]
    fn pictures_among_many_are_smaller() {
        let large = Picture::rgb(400, 320, &[7, 80, 200].repeat(400 * 320)).unwrap();
        let small = large.small();
        assert_eq!((small.size(), small.class()), ((160, 128), "photograph"));
        let pixels = decoded(&small).into_bytes();
        assert_eq!(pixels, [7, 80, 200].repeat(160 * 128));
        let tiny = Picture::grey(160, 3, &[5; 480]).unwrap();
        assert_eq!(tiny.clone().small(), tiny);
    }

    #[test]
    fn small_pictures_show_their_pixels() {
        assert_eq!(Picture::grey(28, 28, &[0; 784]).unwrap().class(), "pixels");
        assert_eq!(
            Picture::grey(200, 1, &[0; 200]).unwrap().class(),
            "photograph"
        );
    }

    #[test]
    fn bytes_that_do_not_fit_are_errors() {
        let message = |width, height, bytes| {
            Picture::rgb(width, height, &vec![0; bytes])
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            message(2, 3, 6),
            "picture of 2x3: found 6 bytes, expected 18 (3 for each pixel)"
        );
        assert_eq!(
            message(0, 3, 0),
            "picture of 0x3: found 0 bytes, expected a picture of at least 1x1 (3 for each pixel)"
        );
        assert!(message(u32::MAX, u32::MAX, 3).contains("expected 55340232195"));
    }
}
