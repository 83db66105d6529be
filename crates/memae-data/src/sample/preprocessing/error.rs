use super::depth::PixelDepth;
use super::resize::FrameSizeError;

/// Why an image does not become a sample.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PreprocessingError {
    /// Images cannot be brought to a size.
    #[error(transparent)]
    Size(#[from] FrameSizeError),
    /// The ends of a range are not in order, or no numbers.
    #[error(
        "range of values: found {low} to {high}, expected two finite numbers, the lower one first"
    )]
    Range {
        /// The value that was to become 0, as text.
        low: String,
        /// The value that was to become 1, as text.
        high: String,
    },
    /// A range is still to be measured.
    #[error(
        "range of values: found none, expected the one that was measured on the training images"
    )]
    NotMeasured,
    /// Training images give no range.
    #[error(
        "range of values: found one value only in all training images, expected values that differ"
    )]
    Constant,
    /// An image of floats, and no range.
    #[error(
        "found an image of floats, which have no range of their own, expected a range that is given or measured"
    )]
    NoRange,
    /// A range is of other values than those of an image.
    #[error("found an image of {found}, expected {expected}, which the range of values is of")]
    Depth {
        /// What the image has.
        found: PixelDepth,
        /// What the range is of.
        expected: PixelDepth,
    },
    /// A frame has more than 8 bits, and it is not said what becomes of them.
    #[error(
        "found a frame of {found}, expected 8 bits, or a range of values that is brought to 256 levels"
    )]
    FrameDepth {
        /// What the frame has.
        found: PixelDepth,
    },
    /// A region that nothing lies in.
    #[error("region: found {found}, expected {expected}")]
    Region {
        /// What it is.
        found: String,
        /// What a region may be.
        expected: &'static str,
    },
    /// No pixel of an image lies in the region.
    #[error("region: found no pixel of {height}x{width} that lies in it, expected some")]
    NothingInRegion {
        /// Height of the image.
        height: usize,
        /// Width of the image.
        width: usize,
    },
    /// A mask says where to look in images of other proportions.
    #[error(
        "region: found an image of {height}x{width}, expected the ratio of sides of its mask, {mask_height}x{mask_width}"
    )]
    Proportions {
        /// Height of the image.
        height: usize,
        /// Width of the image.
        width: usize,
        /// Height of the mask.
        mask_height: usize,
        /// Width of the mask.
        mask_width: usize,
    },
    /// Settings that no tiles can be cut by.
    #[error("tiles: found {} {what} of {found}, expected {expected}", if *what == "overlap" { "an" } else { "a" })]
    Tiles {
        /// Which setting.
        what: &'static str,
        /// What it is.
        found: String,
        /// What it may be.
        expected: &'static str,
    },
    /// Tiles are cut out of images at one size.
    #[error("tiles: found a size that images are brought to as well, expected one of the two")]
    TilesAndSize,
    /// Images are read as one sample each, and are to be cut into tiles.
    #[error("tiles: found images that are to be one sample each, expected settings without tiles")]
    TilesOfOne,
    /// An image is smaller than a tile.
    #[error(
        "found an image that is {height}x{width} when it is cut, expected sides of at least {side}, which tiles have"
    )]
    SmallerThanTile {
        /// Height of what is cut.
        height: usize,
        /// Width of what is cut.
        width: usize,
        /// Height and width of a tile.
        side: usize,
    },
    /// Pixels of an image are no numbers.
    #[error("found {count} pixels that are NaN or infinite, expected finite numbers")]
    NotFinite {
        /// How many pixels.
        count: usize,
    },
}
