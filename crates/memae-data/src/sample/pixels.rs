//! Values of pixels, as few bytes each as their files have.

/// The values of one image or of several, `[images, channels, height, width]` flattened.
#[derive(Debug, Clone, PartialEq)]
pub enum Pixels {
    /// Values of 8 bits, 0 to 255.
    Bits8(Vec<u8>),
    /// Values in [0, 1] of images with more than 8 bits.
    Float(Vec<f32>),
}

impl Pixels {
    /// Number of values.
    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values, borrowed.
    pub fn as_slice(&self) -> PixelSlice<'_> {
        match self {
            Self::Bits8(values) => PixelSlice::Bits8(values),
            Self::Float(values) => PixelSlice::Float(values),
        }
    }

    /// Values in [0, 1]: those of 8 bits are divided by 255.
    ///
    /// ```
    /// use memae_data::sample::Pixels;
    ///
    /// assert_eq!(Pixels::Bits8(vec![0, 51, 255]).scaled(), [0.0, 0.2, 1.0]);
    /// assert_eq!(Pixels::Float(vec![0.25]).scaled(), [0.25]);
    /// ```
    pub fn scaled(&self) -> Vec<f32> {
        self.as_slice().scaled()
    }

    /// Adds the values of `other` at the end. Values of 8 bits become floats where the others are floats.
    pub(crate) fn append(&mut self, other: PixelSlice<'_>) {
        match (&mut *self, other) {
            (Self::Bits8(all), PixelSlice::Bits8(values)) => all.extend_from_slice(values),
            (Self::Float(all), values) => values.extend(all),
            (Self::Bits8(_), values) => {
                let mut all = self.scaled();
                values.extend(&mut all);
                *self = Self::Float(all);
            }
        }
    }
}

/// Borrowed values of pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PixelSlice<'a> {
    /// Values of 8 bits, 0 to 255.
    Bits8(&'a [u8]),
    /// Values in [0, 1] of images with more than 8 bits.
    Float(&'a [f32]),
}

impl<'a> PixelSlice<'a> {
    /// Number of values.
    pub fn len(self) -> usize {
        match self {
            Self::Bits8(values) => values.len(),
            Self::Float(values) => values.len(),
        }
    }

    /// Whether there are no values.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Values in [0, 1]: those of 8 bits are divided by 255.
    pub fn scaled(self) -> Vec<f32> {
        let mut values = Vec::with_capacity(self.len());
        self.extend(&mut values);
        values
    }

    /// Some of the values.
    pub(super) fn part(self, start: usize, length: usize) -> PixelSlice<'a> {
        match self {
            Self::Bits8(values) => Self::Bits8(&values[start..][..length]),
            Self::Float(values) => Self::Float(&values[start..][..length]),
        }
    }

    fn extend(self, all: &mut Vec<f32>) {
        match self {
            Self::Bits8(values) => all.extend(values.iter().map(|&value| f32::from(value) / 255.0)),
            Self::Float(values) => all.extend_from_slice(values),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_bits_become_floats_only_beside_floats() {
        let mut pixels = Pixels::Bits8(vec![0, 255]);
        pixels.append(PixelSlice::Bits8(&[51]));
        assert_eq!(pixels, Pixels::Bits8(vec![0, 255, 51]));
        pixels.append(PixelSlice::Float(&[0.125]));
        assert_eq!(pixels, Pixels::Float(vec![0.0, 1.0, 0.2, 0.125]));
        pixels.append(PixelSlice::Bits8(&[102]));
        assert_eq!(pixels.scaled()[4], 0.4);
    }
}
