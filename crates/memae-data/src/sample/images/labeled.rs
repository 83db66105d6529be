use std::fmt;
use std::sync::Arc;

use burn_dataset::{Dataset, DatasetError};

use super::error::ImagesError;
use super::unlabeled::Images;
use crate::sample::pixels::{PixelSlice, Pixels};
use crate::sample::shape::ImageShape;

/// Images, each with a class, `[images, channels, height, width]`.
///
/// Values of 8 bits are kept in one byte each, others as `f32`; [`scaled`](Self::scaled) gives either as floats in [0, 1].
/// Cheap to clone: clones share their pixels. As a [`Dataset`] it gives [`ImageItem`]s.
///
/// ```
/// use memae_data::sample::{ImageShape, LabeledImages};
///
/// let shape = ImageShape { channels: 1, height: 1, width: 2 };
/// let images = LabeledImages::new(shape, vec![0, 255, 51, 102], vec![7, 3])?;
/// assert_eq!(images.len(), 2);
/// assert_eq!(images.label(1), 3);
/// assert_eq!(images.pixels(1), [51, 102]);
/// assert_eq!(images.scaled(1), [0.2, 0.4]);
/// # Ok::<(), memae_data::sample::ImagesError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct LabeledImages {
    images: Images,
    labels: Arc<[u8]>,
}

impl LabeledImages {
    /// Images of 8 bits from their pixels, `[images, channels, height, width]` flattened, and one label per image.
    ///
    /// # Errors
    ///
    /// A size of `shape` is 0, or `pixels` does not hold `labels.len() * shape.len()` values.
    pub fn new(shape: ImageShape, pixels: Vec<u8>, labels: Vec<u8>) -> Result<Self, ImagesError> {
        Self::from_pixels(shape, Pixels::Bits8(pixels), labels)
    }

    /// Images from their pixels, `[images, channels, height, width]` flattened, and one label per image.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new); a float is no number in [0, 1].
    ///
    /// ```
    /// use memae_data::sample::{ImageShape, LabeledImages, Pixels};
    ///
    /// let shape = ImageShape { channels: 1, height: 1, width: 1 };
    /// let images = LabeledImages::from_pixels(shape, Pixels::Float(vec![0.12345, 1.0]), vec![7, 3])?;
    /// assert_eq!(images.scaled(0), [0.12345]);
    /// # Ok::<(), memae_data::sample::ImagesError>(())
    /// ```
    pub fn from_pixels(
        shape: ImageShape,
        pixels: Pixels,
        labels: Vec<u8>,
    ) -> Result<Self, ImagesError> {
        if shape.is_empty() {
            return Err(ImagesError::EmptyShape { shape });
        }
        // A shape whose length saturates cannot be matched by any vector, but it must not pass by wrapping around.
        if labels.len().checked_mul(shape.len()) != Some(pixels.len()) {
            return Err(ImagesError::PixelCount {
                found: pixels.len(),
                labels: labels.len(),
                shape,
            });
        }
        Ok(Self {
            images: Images::new(shape, pixels)?,
            labels: labels.into(),
        })
    }

    /// The images without their labels; shares their pixels.
    pub fn images(&self) -> &Images {
        &self.images
    }

    /// Shape of one image.
    pub fn shape(&self) -> ImageShape {
        self.images.shape()
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no images.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Pixels of one image of 8 bits, `[channels, height, width]` flattened. Where images may have more bits, because they
    /// come from anyone's files, take [`scaled`](Self::scaled) or [`values`](Self::values).
    ///
    /// # Panics
    ///
    /// `index` is not below [`len`](Self::len); the images have more than 8 bits.
    pub fn pixels(&self, index: usize) -> &[u8] {
        match self.values(index) {
            PixelSlice::Bits8(pixels) => pixels,
            PixelSlice::Float(_) => panic!("images of floats, expected images of 8 bits"),
        }
    }

    /// The values of one image as they are kept, `[channels, height, width]` flattened.
    ///
    /// # Panics
    ///
    /// `index` is not below [`len`](Self::len).
    pub fn values(&self, index: usize) -> PixelSlice<'_> {
        self.images.values(index)
    }

    /// Class of one image.
    ///
    /// # Panics
    ///
    /// `index` is not below [`len`](Self::len).
    pub fn label(&self, index: usize) -> u8 {
        assert!(index < self.len(), "image {index} of {} images", self.len());
        self.labels[index]
    }

    /// Class of each image, `[images]`.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// One image as values in [0, 1], `[channels, height, width]` flattened; values of 8 bits are divided by 255.
    ///
    /// # Panics
    ///
    /// `index` is not below [`len`](Self::len).
    pub fn scaled(&self, index: usize) -> Vec<f32> {
        self.images.scaled(index)
    }

    /// The classes that occur, in ascending order.
    ///
    /// ```
    /// # use memae_data::sample::{ImageShape, LabeledImages};
    /// # let shape = ImageShape { channels: 1, height: 1, width: 1 };
    /// let images = LabeledImages::new(shape, vec![0; 4], vec![7, 3, 7, 0])?;
    /// assert_eq!(images.classes(), [0, 3, 7]);
    /// assert_eq!(images.indices_of(7), [0, 2]);
    /// # Ok::<(), memae_data::sample::ImagesError>(())
    /// ```
    pub fn classes(&self) -> Vec<u8> {
        let mut present = [false; 256];
        for &label in self.labels() {
            present[usize::from(label)] = true;
        }
        (0..=u8::MAX)
            .filter(|&class| present[usize::from(class)])
            .collect()
    }

    /// Indices of the images of one class, in ascending order; empty where the class does not occur.
    pub fn indices_of(&self, class: u8) -> Vec<usize> {
        (0..self.len())
            .filter(|&index| self.labels()[index] == class)
            .collect()
    }

    /// The images at `indices`, in that order; an index may occur more than once. Copies the pixels.
    ///
    /// # Panics
    ///
    /// An index is not below [`len`](Self::len).
    pub fn select(&self, indices: &[usize]) -> LabeledImages {
        Self {
            images: self.images.select(indices),
            labels: indices.iter().map(|&index| self.label(index)).collect(),
        }
    }

    /// These images followed by those of `other`. Copies the pixels.
    ///
    /// # Errors
    ///
    /// The two have different shapes.
    pub fn concat(&self, other: &LabeledImages) -> Result<LabeledImages, ImagesError> {
        Ok(Self {
            images: self.images.concat(&other.images)?,
            labels: [self.labels(), other.labels()].concat().into(),
        })
    }
}

/// Shows the shape and how many images there are, and leaves out the pixels.
impl fmt::Debug for LabeledImages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LabeledImages")
            .field("shape", &self.shape())
            .field("len", &self.len())
            .field("classes", &self.classes())
            .finish_non_exhaustive()
    }
}

/// One image as a training loop takes it.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageItem {
    /// Values in [0, 1], `[channels, height, width]` flattened.
    pub pixels: Vec<f32>,
    /// Class.
    pub label: u8,
}

impl Dataset<ImageItem> for LabeledImages {
    fn get(&self, index: usize) -> Result<ImageItem, DatasetError> {
        Ok(ImageItem {
            pixels: self.scaled(index),
            label: self.label(index),
        })
    }

    fn len(&self) -> usize {
        LabeledImages::len(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: ImageShape = ImageShape {
        channels: 2,
        height: 3,
        width: 5,
    };

    fn images(labels: &[u8]) -> LabeledImages {
        let pixels = (0..labels.len() * SHAPE.len())
            .map(|value| value as u8)
            .collect();
        LabeledImages::new(SHAPE, pixels, labels.to_vec()).expect("sizes agree")
    }

    #[test]
    fn pixels_of_an_image_are_its_own() {
        let images = images(&[4, 5, 6]);
        assert_eq!(images.pixels(1)[0], 30);
        assert_eq!(images.pixels(2).len(), 30);
        assert_eq!(images.label(2), 6);
    }

    #[test]
    fn scaled_spans_zero_to_one() {
        let shape = ImageShape {
            channels: 1,
            height: 1,
            width: 2,
        };
        let images = LabeledImages::new(shape, vec![0, 255], vec![0]).expect("sizes agree");
        assert_eq!(images.scaled(0), [0.0, 1.0]);
    }

    #[test]
    fn select_keeps_the_order_asked_for() {
        let images = images(&[4, 5, 6]);
        let selected = images.select(&[2, 0, 2]);
        assert_eq!(selected.labels(), [6, 4, 6]);
        assert_eq!(selected.pixels(0), images.pixels(2));
        assert_eq!(selected.pixels(1), images.pixels(0));
        assert!(images.select(&[]).is_empty());
    }

    #[test]
    fn concat_joins_equal_shapes_only() {
        let joined = images(&[1, 2]).concat(&images(&[3])).expect("equal shapes");
        assert_eq!(joined.labels(), [1, 2, 3]);
        assert_eq!(joined.pixels(2), images(&[3]).pixels(0));

        let other = ImageShape { width: 4, ..SHAPE };
        let other = LabeledImages::new(other, vec![], vec![]).expect("sizes agree");
        let error = images(&[1]).concat(&other).expect_err("shapes differ");
        assert_eq!(error.to_string(), "found images of 2x3x4, expected 2x3x5");
    }

    #[test]
    fn wrong_sizes_are_errors() {
        let error = LabeledImages::new(SHAPE, vec![0; 59], vec![0; 2]).expect_err("59 is not 60");
        assert_eq!(
            error.to_string(),
            "found 59 pixel values, expected 2 images of 2x3x5, one for each label"
        );
        let flat = ImageShape { height: 0, ..SHAPE };
        let error = LabeledImages::new(flat, vec![], vec![0; 2]).expect_err("no height");
        assert_eq!(
            error.to_string(),
            "image shape 2x0x5: expected sizes of at least 1"
        );
    }

    #[test]
    fn sizes_beyond_memory_are_errors() {
        // 2³² · 2³² wraps to 0 in 64 bits.
        let huge = ImageShape {
            channels: 1,
            height: 1 << 32,
            width: 1 << 32,
        };
        assert_eq!(huge.len(), usize::MAX);
        assert!(LabeledImages::new(huge, vec![], vec![0]).is_err());
        assert!(LabeledImages::new(huge, vec![], vec![0; 2]).is_err());
    }

    #[test]
    fn clones_share_pixels() {
        let images = images(&[1, 2]);
        let clone = images.clone();
        assert!(std::ptr::eq(images.pixels(0), clone.pixels(0)));
    }

    #[test]
    fn debug_output_leaves_out_pixels() {
        let text = format!("{:?}", images(&[4, 5, 4]));
        assert!(text.contains("len: 3, classes: [4, 5], .."), "{text}");
    }

    #[test]
    fn dataset_gives_every_item() {
        let images = images(&[9, 8]);
        let items: Vec<ImageItem> = images.iter().map(|item| item.expect("in memory")).collect();
        assert_eq!(items.len(), 2);
        assert_eq!(items[1].label, 8);
        assert_eq!(items[1].pixels, images.scaled(1));
    }

    #[test]
    #[should_panic(expected = "image 2 of 2 images")]
    fn index_out_of_range_says_so() {
        images(&[1, 2]).pixels(2);
    }
}
