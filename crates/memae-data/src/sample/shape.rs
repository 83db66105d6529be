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

/// Channels, frames, height and width of a clip.
///
/// Written as `1x16x256x256`.
///
/// ```
/// use memae_data::sample::ClipShape;
///
/// let clip = ClipShape { channels: 1, frames: 16, height: 256, width: 256 };
/// assert_eq!(clip.len(), 1_048_576);
/// assert_eq!(clip.to_string(), "1x16x256x256");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ClipShape {
    /// Channels: 1 for grey, 3 for colour.
    pub channels: usize,
    /// Frames in a clip.
    pub frames: usize,
    /// Rows of pixels.
    pub height: usize,
    /// Pixels in a row.
    pub width: usize,
}

impl ClipShape {
    /// Values in one clip; `usize::MAX` where the product is larger.
    pub fn len(self) -> usize {
        [self.channels, self.frames, self.height, self.width]
            .into_iter()
            .fold(1, usize::saturating_mul)
    }

    /// Whether a clip of this shape has no values.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

impl fmt::Display for ClipShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            channels,
            frames,
            height,
            width,
        } = self;
        write!(f, "{channels}x{frames}x{height}x{width}")
    }
}

/// Number of values in a vector.
///
/// Written as `120`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct VectorShape {
    /// Values in one vector.
    pub width: usize,
}

impl fmt::Display for VectorShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.width)
    }
}
