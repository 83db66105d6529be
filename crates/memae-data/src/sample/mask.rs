//! Which pixels of a frame are anomalous.

#[cfg(feature = "files")]
use std::path::Path;

use super::mask_values::{above_the_middle, anomalous};
use super::preprocessing::Stored;
use crate::format::{DecodedImage, ImageFileError, decode_image};
#[cfg(feature = "files")]
use crate::format::{FileError, read_image};

/// Which pixels of a frame are anomalous, `[height, width]`.
///
/// ```
/// use memae_data::sample::Mask;
///
/// let mask = Mask::new(2, 3, vec![false, false, true, false, false, true])?;
/// assert!(mask.is_anomalous());
/// assert_eq!(mask.anomalous()[2], true);
/// # Ok::<(), memae_data::sample::MaskError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Mask {
    height: usize,
    width: usize,
    anomalous: Vec<bool>,
}

/// Why values make no [`Mask`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MaskError {
    /// A size is zero.
    #[error("mask: found size {height}x{width}, expected sizes of at least 1")]
    Empty {
        /// Height given.
        height: usize,
        /// Width given.
        width: usize,
    },
    /// The values are not as many as the size asks for.
    #[error("mask: found {found} values, expected {height}x{width}")]
    ValueCount {
        /// Values given.
        found: usize,
        /// Height given.
        height: usize,
        /// Width given.
        width: usize,
    },
    /// Values that do not say which pixels are anomalous.
    #[error("mask: found {found}, expected the values 0 and 1, or 0 and 255")]
    Values {
        /// The values, the lowest of them.
        found: String,
    },
}

impl Mask {
    /// A mask from its values, row by row.
    ///
    /// # Errors
    ///
    /// A size is 0, or there are not `height * width` values.
    pub fn new(height: usize, width: usize, anomalous: Vec<bool>) -> Result<Self, MaskError> {
        if height == 0 || width == 0 {
            return Err(MaskError::Empty { height, width });
        }
        if height.checked_mul(width) != Some(anomalous.len()) {
            return Err(MaskError::ValueCount {
                found: anomalous.len(),
                height,
                width,
            });
        }
        Ok(Self {
            height,
            width,
            anomalous,
        })
    }

    /// A mask of a normal image, no side of which is 0.
    #[cfg(feature = "files")]
    pub(crate) fn all_normal((height, width): (usize, usize)) -> Self {
        Self {
            height,
            width,
            anomalous: vec![false; height * width],
        }
    }

    /// Rows of pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Pixels in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height and width.
    pub fn size(&self) -> (usize, usize) {
        (self.height, self.width)
    }

    /// Whether each pixel is anomalous, row by row.
    pub fn anomalous(&self) -> &[bool] {
        &self.anomalous
    }

    /// Whether any pixel is anomalous, which makes the frame anomalous.
    pub fn is_anomalous(&self) -> bool {
        self.anomalous.contains(&true)
    }

    /// The mask at another size; each pixel takes the value at its centre.
    ///
    /// # Errors
    ///
    /// A size is 0.
    ///
    /// ```
    /// use memae_data::sample::Mask;
    ///
    /// let mask = Mask::new(1, 4, vec![true, true, false, true])?;
    /// assert_eq!(mask.resized(1, 2)?.anomalous(), [true, true]);
    /// assert_eq!(mask.resized(2, 4)?.anomalous()[4..], [true, true, false, true]);
    /// # Ok::<(), memae_data::sample::MaskError>(())
    /// ```
    pub fn resized(&self, height: usize, width: usize) -> Result<Self, MaskError> {
        if height == 0 || width == 0 {
            return Err(MaskError::Empty { height, width });
        }
        // The centre of pixel i of n lies at (i + ½) / n of the side.
        let nearest = |index: usize, from: usize, to: usize| {
            ((2 * index as u128 + 1) * from as u128 / (2 * to as u128)) as usize
        };
        let anomalous = (0..height)
            .flat_map(|y| {
                let row = nearest(y, self.height, height) * self.width;
                (0..width).map(move |x| self.anomalous[row + nearest(x, self.width, width)])
            })
            .collect();
        Self::new(height, width, anomalous)
    }

    /// Decodes a mask from the bytes of an image file: black pixels are normal, white ones anomalous. Transparent ones must be black,
    /// and something white beside them, or it is not known whether the mask is in colour or in transparency.
    ///
    /// White is the highest value of the file's bits, or 1. In formats that keep values only nearly (JPEG, WebP with loss)
    /// it is whatever lies above the middle. The mask is turned as its file says, like the image that it belongs to.
    ///
    /// # Errors
    ///
    /// The bytes are no whole image; other values than those two; transparent pixels that are white, or some that are
    /// transparent where all are black; a JPEG all of whose values lie below the middle, but not
    /// at 0.
    pub fn decode(bytes: &[u8]) -> Result<Self, ImageFileError> {
        Self::of_image(&decode_image(bytes)?, false)
    }

    /// Reads a mask from an image file, as [`decode`](Self::decode).
    ///
    /// # Errors
    ///
    /// The file cannot be read ([`FileError::Read`]) or is no mask ([`FileError::Image`]).
    #[cfg(feature = "files")]
    pub fn read(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let path = path.as_ref();
        Self::of_image(&read_image(path)?, false).map_err(FileError::in_image(path))
    }

    /// Reads a mask that may have soft edges: where it has other values than two, white begins above the middle of what
    /// they can be, whatever the format. Such masks were resized, drawn with a brush, or kept as JPEG once; they say only
    /// nearly where the anomaly begins.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read); of masks with other values than two only those are refused that have no white, and floats.
    ///
    /// ```
    /// use memae_data::sample::Mask;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let file = folder.path().join("mask.pgm");
    /// std::fs::write(&file, b"P5 4 1 255\n\x00\x10\xa0\xff")?;
    /// assert!(Mask::read(&file).is_err());
    /// assert_eq!(Mask::read_soft(&file)?.anomalous(), [false, false, true, true]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "files")]
    pub fn read_soft(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let path = path.as_ref();
        Self::of_image(&read_image(path)?, true).map_err(FileError::in_image(path))
    }

    fn of_image(decoded: &DecodedImage, soft: bool) -> Result<Self, ImageFileError> {
        let image = &decoded.image;
        let stored = Stored::of(image);
        let full = stored.depth.full();
        let values = stored.pixels().flat_map(|pixel| {
            let colours = stored.colours;
            pixel.colour.into_iter().take(colours)
        });
        let channels = match (decoded.lossy, full) {
            (true, Some(full)) => above_the_middle(values, full),
            (false, Some(full)) if soft => {
                anomalous(values.clone(), Some(full)).or_else(|_| above_the_middle(values, full))
            }
            _ => anomalous(values, full),
        };
        let channels = channels.map_err(|error| ImageFileError::MaskValues {
            found: error.found,
            expected: error.expected,
        })?;
        let pixels = channels.chunks_exact(stored.colours);
        let anomalous: Vec<bool> = pixels.map(|pixel| pixel.contains(&true)).collect();
        // Some programs draw a mask in its transparency alone, behind which colours may be any.
        let opaque = || stored.pixels().map(|pixel| pixel.alpha > 0.5);
        let hides = opaque()
            .zip(&anomalous)
            .any(|(opaque, &anomalous)| anomalous && !opaque);
        let is_one_colour = !anomalous.contains(&true);
        let differs = opaque().any(|opaque| opaque) && opaque().any(|opaque| !opaque);
        if hides || (is_one_colour && differs) {
            return Err(ImageFileError::MaskValues {
                found: "transparent pixels".to_string(),
                expected: "opaque ones, or transparent ones that are black beside white ones",
            });
        }
        let (height, width) = (image.height() as usize, image.width() as usize);
        Self::new(height, width, anomalous).map_err(|error| ImageFileError::Damaged {
            reason: error.to_string(),
        })
    }

    /// A mask from numbers, row by row.
    #[cfg(feature = "files")]
    pub(super) fn of_numbers(
        height: usize,
        width: usize,
        values: impl Iterator<Item = f64> + Clone,
    ) -> Result<Self, MaskError> {
        let anomalous = anomalous(values, Some(255.0))
            .map_err(|error| MaskError::Values { found: error.found })?;
        Self::new(height, width, anomalous)
    }

    /// Whether one of the values of a mask is anomalous.
    #[cfg(feature = "files")]
    pub(crate) fn any_of_numbers(
        values: impl Iterator<Item = f64> + Clone,
    ) -> Result<bool, MaskError> {
        let anomalous = anomalous(values, Some(255.0));
        let anomalous = anomalous.map_err(|error| MaskError::Values { found: error.found })?;
        Ok(anomalous.contains(&true))
    }
}

/// Shows the size and how many pixels are anomalous, and leaves out the pixels.
impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let anomalous = self.anomalous.iter().filter(|&&anomalous| anomalous);
        f.debug_struct("Mask")
            .field("height", &self.height)
            .field("width", &self.width)
            .field("anomalous", &anomalous.count())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn masks() -> impl Strategy<Value = Mask> {
        (1usize..8, 1usize..12).prop_flat_map(|(height, width)| {
            proptest::collection::vec(any::<bool>(), height * width)
                .prop_map(move |anomalous| Mask::new(height, width, anomalous).unwrap())
        })
    }

    proptest! {
        #[test]
        fn enlarging_by_whole_factors_and_shrinking_back_changes_nothing(
            mask in masks(), tall in 1usize..4, wide in 1usize..4,
        ) {
            let large = mask.resized(mask.height() * tall, mask.width() * wide).unwrap();
            prop_assert_eq!(large.resized(mask.height(), mask.width()).unwrap(), mask);
        }
    }

    #[test]
    fn wrong_sizes_are_errors() {
        assert_eq!(
            Mask::new(2, 3, vec![true; 5]).unwrap_err().to_string(),
            "mask: found 5 values, expected 2x3"
        );
        assert_eq!(
            Mask::new(0, 3, vec![]).unwrap_err().to_string(),
            "mask: found size 0x3, expected sizes of at least 1"
        );
        let mask = Mask::new(1, 1, vec![true]).unwrap();
        assert!(mask.resized(0, 3).is_err());
        // 2³² · 2³² wraps to 0 in 64 bits.
        assert!(Mask::new(1 << 32, 1 << 32, vec![]).is_err());
    }
}
