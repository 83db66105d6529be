use std::fmt;
use std::sync::Arc;

use burn_dataset::{Dataset, DatasetError};

use super::error::ImagesError;
use crate::sample::pixels::{PixelSlice, Pixels};
use crate::sample::shape::ImageShape;

struct Storage {
    shape: ImageShape,
    pixels: Pixels,
}

/// Images of which no class is known, `[images, channels, height, width]`.
///
/// Values of 8 bits are kept in one byte each, others as `f32`; [`scaled`](Self::scaled) gives either as floats in [0, 1].
/// Cheap to clone: clones share their pixels. As a [`Dataset`] it gives the values of each image.
///
/// ```
/// use memae_data::sample::{ImageShape, Images, PixelSlice, Pixels};
///
/// let shape = ImageShape { channels: 1, height: 1, width: 2 };
/// let images = Images::new(shape, Pixels::Bits8(vec![0, 255, 51, 102]))?;
/// assert_eq!(images.len(), 2);
/// assert_eq!(images.values(1), PixelSlice::Bits8(&[51, 102]));
/// assert_eq!(images.scaled(1), [0.2, 0.4]);
///
/// let deep = Images::new(shape, Pixels::Float(vec![0.0, 0.12345]))?;
/// assert_eq!(deep.scaled(0), [0.0, 0.12345]);
/// # Ok::<(), memae_data::sample::ImagesError>(())
/// ```
#[derive(Clone)]
pub struct Images {
    storage: Arc<Storage>,
}

impl Images {
    /// Images from their pixels, `[images, channels, height, width]` flattened.
    ///
    /// # Errors
    ///
    /// A size of `shape` is 0, `pixels` hold a part of an image, or a float that is no number in [0, 1].
    pub fn new(shape: ImageShape, pixels: Pixels) -> Result<Self, ImagesError> {
        if shape.is_empty() {
            return Err(ImagesError::EmptyShape { shape });
        }
        let found = pixels.len();
        if !found.is_multiple_of(shape.len()) {
            return Err(ImagesError::PartOfImage { found, shape });
        }
        if let Pixels::Float(values) = &pixels {
            let outside = |value: &f32| !(0.0..=1.0).contains(value);
            if let Some(at) = values.iter().position(outside) {
                return Err(ImagesError::Value {
                    image: at / shape.len(),
                    found: values[at].to_string(),
                });
            }
        }
        Ok(Self::from_checked(shape, pixels))
    }

    /// Images whose sizes and values are known to be right.
    fn from_checked(shape: ImageShape, pixels: Pixels) -> Self {
        Self {
            storage: Arc::new(Storage { shape, pixels }),
        }
    }

    /// Shape of one image.
    pub fn shape(&self) -> ImageShape {
        self.storage.shape
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.storage.pixels.len() / self.shape().len()
    }

    /// Whether there are no images.
    pub fn is_empty(&self) -> bool {
        self.storage.pixels.is_empty()
    }

    /// The values of one image as they are kept, `[channels, height, width]` flattened.
    ///
    /// # Panics
    ///
    /// `index` is not below [`len`](Self::len).
    pub fn values(&self, index: usize) -> PixelSlice<'_> {
        assert!(index < self.len(), "image {index} of {} images", self.len());
        let size = self.shape().len();
        self.storage.pixels.as_slice().part(index * size, size)
    }

    /// One image as values in [0, 1], `[channels, height, width]` flattened; values of 8 bits are divided by 255.
    ///
    /// # Panics
    ///
    /// `index` is not below [`len`](Self::len).
    pub fn scaled(&self, index: usize) -> Vec<f32> {
        self.values(index).scaled()
    }

    /// The images at `indices`, in that order; an index may occur more than once. Copies the pixels.
    ///
    /// # Panics
    ///
    /// An index is not below [`len`](Self::len).
    pub fn select(&self, indices: &[usize]) -> Self {
        let size = indices.len() * self.shape().len();
        let mut pixels = match &self.storage.pixels {
            Pixels::Bits8(_) => Pixels::Bits8(Vec::with_capacity(size)),
            Pixels::Float(_) => Pixels::Float(Vec::with_capacity(size)),
        };
        for &index in indices {
            pixels.append(self.values(index));
        }
        Self::from_checked(self.shape(), pixels)
    }

    /// These images followed by those of `other`. Copies the pixels.
    ///
    /// # Errors
    ///
    /// The two have different shapes.
    pub fn concat(&self, other: &Self) -> Result<Self, ImagesError> {
        if self.shape() != other.shape() {
            return Err(ImagesError::ShapeMismatch {
                found: other.shape(),
                expected: self.shape(),
            });
        }
        let mut pixels = self.storage.pixels.clone();
        pixels.append(other.storage.pixels.as_slice());
        Ok(Self::from_checked(self.shape(), pixels))
    }
}

impl PartialEq for Images {
    fn eq(&self, other: &Self) -> bool {
        self.shape() == other.shape() && self.storage.pixels == other.storage.pixels
    }
}

// Floats are finite, so that each is equal to itself.
impl Eq for Images {}

/// Shows the shape and how many images there are, and leaves out the pixels.
impl fmt::Debug for Images {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Images")
            .field("shape", &self.shape())
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

impl Dataset<Vec<f32>> for Images {
    fn get(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
        Ok(self.scaled(index))
    }

    fn len(&self) -> usize {
        Images::len(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: ImageShape = ImageShape {
        channels: 1,
        height: 1,
        width: 2,
    };

    #[test]
    fn floats_outside_the_range_are_errors() {
        for (value, text) in [
            (f32::NAN, "NaN"),
            (-0.5, "-0.5"),
            (1.5, "1.5"),
            (f32::INFINITY, "inf"),
        ] {
            let pixels = Pixels::Float(vec![0.0, 1.0, 0.5, value]);
            let error = Images::new(SHAPE, pixels).expect_err("not in [0, 1]");
            assert_eq!(
                error.to_string(),
                format!("image 1: found the value {text}, expected values from 0 to 1")
            );
        }
    }

    #[test]
    fn parts_of_images_are_errors() {
        let error = Images::new(SHAPE, Pixels::Bits8(vec![0; 3])).expect_err("1.5 images");
        assert_eq!(
            error.to_string(),
            "found 3 pixel values, expected a whole number of images of 1x1x2"
        );
    }

    #[test]
    fn deep_images_are_selected_and_joined_like_others() {
        let deep = Images::new(SHAPE, Pixels::Float(vec![0.1, 0.2, 0.3, 0.4])).expect("in range");
        assert_eq!(deep.select(&[1]).scaled(0), [0.3, 0.4]);
        assert_eq!(deep.select(&[1]).values(0), PixelSlice::Float(&[0.3, 0.4]));
        let bits = Images::new(SHAPE, Pixels::Bits8(vec![0, 51])).expect("one image");
        let joined = bits.concat(&deep).expect("equal shapes");
        let images = [0, 1, 2].map(|index| joined.scaled(index));
        assert_eq!(images, [[0.0, 0.2], [0.1, 0.2], [0.3, 0.4]]);
        let joined = deep.concat(&bits).expect("equal shapes");
        let images = [0, 1, 2].map(|index| joined.scaled(index));
        assert_eq!(images, [[0.1, 0.2], [0.3, 0.4], [0.0, 0.2]]);
    }
}
