//! What the values of an image file are.

use std::fmt;

use image::DynamicImage;
use serde::{Deserialize, Serialize};

/// What the values of an image file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PixelDepth {
    /// Whole numbers from 0 to 255, and less than 8 bits brought to them.
    Bits8,
    /// Whole numbers from 0 to 65,535.
    Bits16,
    /// Floats.
    Float,
}

impl PixelDepth {
    pub(crate) fn of(image: &DynamicImage) -> Self {
        let color = image.color();
        match color.bytes_per_pixel() / color.channel_count() {
            1 => Self::Bits8,
            2 => Self::Bits16,
            _ => Self::Float,
        }
    }

    pub(super) fn bytes(self) -> usize {
        match self {
            Self::Bits8 => 1,
            Self::Bits16 => 2,
            Self::Float => 4,
        }
    }

    /// The highest value; floats have none.
    pub(in crate::sample) fn full(self) -> Option<f64> {
        match self {
            Self::Bits8 => Some(f64::from(u8::MAX)),
            Self::Bits16 => Some(f64::from(u16::MAX)),
            Self::Float => None,
        }
    }

    /// A value from its [`bytes`](Self::bytes).
    pub(super) fn value(self, bytes: &[u8]) -> f64 {
        match (self, bytes) {
            (Self::Bits16, &[a, b]) => f64::from(u16::from_ne_bytes([a, b])),
            (Self::Float, &[a, b, c, d]) => f64::from(f32::from_ne_bytes([a, b, c, d])),
            _ => f64::from(bytes[0]),
        }
    }
}

impl fmt::Display for PixelDepth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bits8 => "8 bits",
            Self::Bits16 => "16 bits",
            Self::Float => "floats",
        })
    }
}
