//! Shapes of samples.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Channels, height and width of an image.
///
/// Written as `1x28x28`.
///
/// ```
/// use memae_data::sample::ImageShape;
///
/// let mnist = ImageShape { channels: 1, height: 28, width: 28 };
/// assert_eq!(mnist.len(), 784);
/// assert_eq!(mnist.to_string(), "1x28x28");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ImageShape {
    /// Channels: 1 for grey, 3 for colour.
    pub channels: usize,
    /// Rows of pixels.
    pub height: usize,
    /// Pixels in a row.
    pub width: usize,
}

impl ImageShape {
    /// Values in one image, `channels * height * width`; `usize::MAX` where the product is larger.
    pub fn len(self) -> usize {
        self.channels
            .saturating_mul(self.height)
            .saturating_mul(self.width)
    }

    /// Whether an image of this shape has no values.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

impl fmt::Display for ImageShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}x{}", self.channels, self.height, self.width)
    }
}
