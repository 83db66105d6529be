//! How large images are cut into tiles.

use serde::{Deserialize, Serialize};

use super::error::PreprocessingError;
use super::resize::MAX_SIDE;

/// How images that are much larger than what a network takes are cut into tiles, each of which is a sample.
///
/// Tiles are squares that overlap and cover the image wholly; those of the last row and column are shifted inwards, so that
/// all are full. An image that is smaller than a tile is refused: it would have to be filled up with what nobody has seen.
///
/// ```
/// use memae_data::sample::Tiling;
///
/// let tiling = Tiling::new(64).with_overlap(16).with_scale(0.5);
/// assert_eq!(tiling.scaled((601, 400)), (301, 200));
/// let text = serde_json::to_string(&tiling)?;
/// assert_eq!(text, r#"{"side":64,"overlap":16,"scale":0.5}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Tiling {
    /// Height and width of a tile, in pixels, 1 to 16,384.
    pub side: usize,
    /// Pixels that neighbouring tiles share at least, 0 to half the side.
    pub overlap: usize,
    /// What the sides of images are multiplied by before they are cut, above 0 and at most 1.
    pub scale: f64,
}

/// Bit by bit, so that a scale of NaN, which is refused where it is used, is equal to itself.
impl PartialEq for Tiling {
    fn eq(&self, other: &Self) -> bool {
        let bits = |tiling: &Self| (tiling.side, tiling.overlap, tiling.scale.to_bits());
        bits(self) == bits(other)
    }
}

impl Eq for Tiling {}

impl Tiling {
    /// Tiles of `side` pixels that overlap by a quarter of it, of images as large as they are.
    pub fn new(side: usize) -> Self {
        Self {
            side,
            overlap: side / 4,
            scale: 1.0,
        }
    }

    /// Sets how many pixels neighbouring tiles share at least.
    pub fn with_overlap(mut self, overlap: usize) -> Self {
        self.overlap = overlap;
        self
    }

    /// Sets what the sides of images are multiplied by before they are cut.
    pub fn with_scale(mut self, scale: f64) -> Self {
        self.scale = scale;
        self
    }

    /// The height and width that an image has when it is cut, each at least 1.
    pub fn scaled(&self, (height, width): (usize, usize)) -> (usize, usize) {
        let scaled = |side: usize| ((side as f64 * self.scale).round() as usize).max(1);
        (scaled(height), scaled(width))
    }

    /// Where tiles begin along a side of an image, in ascending order; none if it is shorter than a tile.
    pub(super) fn starts(&self, length: usize) -> Vec<usize> {
        let Some(last) = length.checked_sub(self.side) else {
            return Vec::new();
        };
        // Half a side at least, so that the number of tiles is bounded by the pixels of the image.
        let step = self.side - self.overlap;
        (0..last).step_by(step).chain([last]).collect()
    }

    pub(super) fn check(&self) -> Result<(), PreprocessingError> {
        let problem = |what, found: String, expected| {
            Err(PreprocessingError::Tiles {
                what,
                found,
                expected,
            })
        };
        if !(1..=MAX_SIDE).contains(&self.side) {
            return problem("side", self.side.to_string(), "1 to 16384 pixels");
        }
        if self.overlap > self.side / 2 {
            let found = format!("{} of {}", self.overlap, self.side);
            return problem("overlap", found, "at most half the side");
        }
        match self.scale > 0.0 && self.scale <= 1.0 {
            true => Ok(()),
            false => problem(
                "scale",
                self.scale.to_string(),
                "a number above 0 and at most 1",
            ),
        }
    }
}
