use serde::{Deserialize, Serialize};

use super::colour::FrameColour;
use super::error::PreprocessingError;
use super::range::StoredRange;
use super::region::Region;
use super::resize::{MAX_SIDE, ResizeFilter, check};
use crate::sample::shape::ImageShape;

/// How an image file becomes a sample. Training images and images to be judged must go through the same: this is all that
/// a saved detector has to keep to read files by itself.
///
/// In this order:
///
/// 1. The image is turned as its file says (EXIF in JPEG, PNG and WebP, a tag in TIFF).
/// 2. Its values are scaled to [0, 1] by the [range](Self::range); those outside are cut off, and
///    their pixels counted.
/// 3. It is laid over the [background](Self::background), as far as it is transparent; so is all that lies outside the
///    [region](Self::region).
/// 4. It becomes grey, or red, green and blue ([colour](Self::colour)).
/// 5. It is brought to the [size](Self::size).
///
/// Images of 8 bits with the range [`StoredRange::Full`] keep 8 bits throughout ([`Pixels::Bits8`]); all others become `f32`.
///
/// ```
/// use memae_data::sample::{FrameColour, ImagePreprocessing, Pixels, StoredRange};
///
/// let mut png = std::io::Cursor::new(Vec::new());
/// let camera = |x, _| image::Luma([300 + 36 * x as u16]); // 12 bits
/// image::ImageBuffer::from_fn(101, 1, camera).write_to(&mut png, image::ImageFormat::Png)?;
///
/// let preprocessing = ImagePreprocessing::default()
///     .with_colour(FrameColour::Grey)
///     .with_range(StoredRange::given(300.0, 3900.0));
/// let prepared = preprocessing.decode(png.get_ref())?;
/// assert_eq!(prepared.shape.to_string(), "1x1x101");
/// let Pixels::Float(values) = prepared.pixels else { panic!("more than 8 bits") };
/// assert_eq!((values[0], values[50], values[100]), (0.0, 0.5, 1.0));
///
/// let text = serde_json::to_string(&preprocessing)?;
/// assert_eq!(serde_json::from_str::<ImagePreprocessing>(&text)?, preprocessing);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [`Pixels::Bits8`]: crate::sample::Pixels::Bits8
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ImagePreprocessing {
    /// Grey or colour (the default).
    pub colour: FrameColour,
    /// Height and width; `None` (the default) keeps those of the images.
    pub size: Option<(usize, usize)>,
    /// How images are resized.
    pub filter: ResizeFilter,
    /// The colour behind transparent pixels: red, green and blue from 0 to 255; black by default.
    pub background: [u8; 3],
    /// Which values of a file become 0 and 1; by default all that the file's values can be.
    pub range: StoredRange,
    /// The part of images that is looked at; `None` (the default) is all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
}

impl Default for ImagePreprocessing {
    fn default() -> Self {
        Self {
            colour: FrameColour::Rgb,
            size: None,
            filter: ResizeFilter::default(),
            background: [0; 3],
            range: StoredRange::default(),
            region: None,
        }
    }
}

impl ImagePreprocessing {
    /// The longest side that images are brought to.
    pub const MAX_SIDE: usize = MAX_SIDE;

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

    /// Sets how images are resized.
    pub fn with_filter(mut self, filter: ResizeFilter) -> Self {
        self.filter = filter;
        self
    }

    /// Sets the colour behind transparent pixels.
    pub fn with_background(mut self, background: [u8; 3]) -> Self {
        self.background = background;
        self
    }

    /// Sets which values of a file become 0 and 1.
    pub fn with_range(mut self, range: StoredRange) -> Self {
        self.range = range;
        self
    }

    /// Sets the part of images that is looked at. The rest becomes the background.
    pub fn with_region(mut self, region: Region) -> Self {
        self.region = Some(region);
        self
    }

    /// Shape of an image that has this height and width as a viewer shows it.
    pub fn shape_of(&self, height: usize, width: usize) -> ImageShape {
        let (height, width) = self.size.unwrap_or((height, width));
        ImageShape {
            channels: self.colour.channels(),
            height,
            width,
        }
    }

    /// Checks that the settings can be met.
    ///
    /// # Errors
    ///
    /// A side is 0 or above [`MAX_SIDE`](Self::MAX_SIDE); the ends of the range are no finite numbers, the lower one first.
    pub fn validate(&self) -> Result<(), PreprocessingError> {
        check(self.size)?;
        self.range.check()
    }
}
