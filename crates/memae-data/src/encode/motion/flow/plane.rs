//! Numbers of a picture, row by row.

use crate::sample::PixelSlice;

/// `[height, width]` numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::encode::motion) struct Plane {
    pub(in crate::encode::motion) height: usize,
    pub(in crate::encode::motion) width: usize,
    pub(in crate::encode::motion) values: Vec<f32>,
}

impl Plane {
    /// Zeros.
    pub(in crate::encode::motion) fn new(height: usize, width: usize) -> Self {
        Self {
            height,
            width,
            values: vec![0.0; height * width],
        }
    }

    #[inline(always)]
    pub(in crate::encode::motion) fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.width..][..self.width]
    }

    #[inline(always)]
    pub(in crate::encode::motion) fn row_mut(&mut self, row: usize) -> &mut [f32] {
        &mut self.values[row * self.width..][..self.width]
    }

    /// Takes as many pixels, scaled to [0, 1].
    #[inline(always)]
    pub(super) fn fill(&mut self, pixels: PixelSlice<'_>) {
        match pixels {
            PixelSlice::Bits8(levels) => {
                for (value, &level) in self.values.iter_mut().zip(levels) {
                    *value = f32::from(level) * (1.0 / 255.0);
                }
            }
            PixelSlice::Float(values) => self.values.copy_from_slice(values),
        }
    }
}

/// Repeats the first and the last value of a row that lies between two margins of `margin` values.
#[inline(always)]
pub(super) fn repeat_ends(padded: &mut [f32], margin: usize) {
    let end = padded.len() - margin;
    let (first, last) = (padded[margin], padded[end - 1]);
    padded[..margin].fill(first);
    padded[end..].fill(last);
}
