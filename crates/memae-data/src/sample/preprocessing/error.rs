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
    /// Pixels of an image are no numbers.
    #[error("found {count} pixels that are NaN or infinite, expected finite numbers")]
    NotFinite {
        /// How many pixels.
        count: usize,
    },
}
