use serde::{Deserialize, Serialize};

use super::colour::FrameColour;
use super::error::PreprocessingError;
use super::pixel_rectangle::PixelRectangle;
use super::range::StoredRange;
use super::region::Region;
use super::resize::{MAX_SIDE, ResizeFilter, check};
use super::tile_grid::TileGrid;
use super::tiling::Tiling;
use crate::sample::shape::ImageShape;

/// How an image file becomes a sample. Training images and images to be judged must go through the same: this is all that
/// a saved detector has to keep to read files by itself.
///
/// In this order:
///
/// 1. The image is turned as its file says (EXIF in JPEG, PNG and WebP, a tag in TIFF).
/// 2. Its values are scaled to [0, 1] by the [range](Self::range); those outside are cut off, and
///    their pixels counted.
/// 3. It is cut to the smallest rectangle that holds the [region](Self::region).
/// 4. It is laid over the [background](Self::background), as far as it is transparent; so is what is left outside the region.
/// 5. It becomes grey, or red, green and blue ([colour](Self::colour)).
/// 6. It is brought to the [size](Self::size), or cut into [tiles](Self::tiles), each of which is a sample.
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
    /// Tiles that images are cut into, in the place of a size; `None` (the default) makes one sample of each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tiles: Option<Tiling>,
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
            tiles: None,
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

    /// Sets height and width, in the place of tiles.
    pub fn with_size(mut self, height: usize, width: usize) -> Self {
        self.size = Some((height, width));
        self.tiles = None;
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

    /// Sets the part of images that is looked at. They are cut to it; what is left outside becomes the background.
    pub fn with_region(mut self, region: Region) -> Self {
        self.region = Some(region);
        self
    }

    /// Sets the tiles that images are cut into, in the place of a size.
    pub fn with_tiles(mut self, tiles: Tiling) -> Self {
        self.size = None;
        self.tiles = Some(tiles);
        self
    }

    /// Shape of the samples of an image that has this height and width as a viewer shows it.
    pub fn shape_of(&self, height: usize, width: usize) -> ImageShape {
        let own = || {
            let region = self.region.as_ref();
            let bounds = region.and_then(|region| region.bounds((height, width)));
            bounds.map_or((height, width), |bounds| bounds.size())
        };
        let (height, width) = self.sample_size().unwrap_or_else(own);
        ImageShape {
            channels: self.colour.channels(),
            height,
            width,
        }
    }

    /// Height and width of samples, whatever those of images; `None` if they depend on these.
    pub fn sample_size(&self) -> Option<(usize, usize)> {
        let tile = self.tiles.map(|tiles| (tiles.side, tiles.side));
        tile.or(self.size)
    }

    /// Which pixels of what an image is brought to have a part in what is anomalous, row by row; `None` if all have one.
    pub fn inside(&self, size: (usize, usize)) -> Option<Vec<bool>> {
        self.region.as_ref()?.inside(size)
    }

    /// Checks that the settings can be met.
    ///
    /// # Errors
    ///
    /// A side is 0 or above [`MAX_SIDE`](Self::MAX_SIDE); the ends of the range are no finite numbers, the lower one first; tiles
    /// with a size beside them, or with a side, an overlap or a scale out of range.
    pub fn validate(&self) -> Result<(), PreprocessingError> {
        check(self.size)?;
        if let Some(tiles) = &self.tiles {
            tiles.check()?;
            if self.size.is_some() {
                return Err(PreprocessingError::TilesAndSize);
            }
        }
        self.range.check()
    }

    /// Where the samples of an image lie, and which pixels within what it is cut to are covered by the region, unless all are.
    pub(super) fn grid(
        &self,
        picture: (usize, usize),
    ) -> Result<(TileGrid, Option<Vec<bool>>), PreprocessingError> {
        let (crop, covered) = match &self.region {
            Some(region) => region.part_of(picture)?,
            None => (PixelRectangle::whole(picture), None),
        };
        let grid = match self.tiles {
            Some(tiles) => TileGrid::cut_part(picture, crop, tiles, |size| self.inside(size))?,
            None => TileGrid::whole(picture, crop, self.size.unwrap_or(crop.size())),
        };
        Ok((grid, covered))
    }
}
