//! Shapes of samples.

use std::fmt::{self, Debug, Display};

use memae_data::sample::ImageShape;
use serde::{Deserialize, Serialize};

/// Channels, frames, height and width of a clip.
///
/// Written as `1x16x256x256`.
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

/// Shape of a sample.
pub trait SampleShape: Copy + PartialEq + Debug + Display + Send + Sync + 'static {
    /// What one such sample is called.
    const NAME: &'static str;

    /// Size along each axis, `[channels, …]`; the number of values for vectors.
    fn dims(self) -> Vec<usize>;
}

impl SampleShape for ImageShape {
    const NAME: &'static str = "image";

    fn dims(self) -> Vec<usize> {
        vec![self.channels, self.height, self.width]
    }
}

impl SampleShape for ClipShape {
    const NAME: &'static str = "clip";

    fn dims(self) -> Vec<usize> {
        vec![self.channels, self.frames, self.height, self.width]
    }
}

impl SampleShape for VectorShape {
    const NAME: &'static str = "vector";

    fn dims(self) -> Vec<usize> {
        vec![self.width]
    }
}
