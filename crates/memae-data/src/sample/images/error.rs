use crate::sample::shape::ImageShape;

/// Why values make no images.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImagesError {
    /// A size of the shape is zero.
    #[error("image shape {shape}: expected sizes of at least 1")]
    EmptyShape {
        /// The shape given.
        shape: ImageShape,
    },
    /// The pixels are not as many as the labels and the shape ask for.
    #[error("found {found} pixel values, expected {labels} images of {shape}, one for each label")]
    PixelCount {
        /// Values given.
        found: usize,
        /// Labels given.
        labels: usize,
        /// Shape of an image.
        shape: ImageShape,
    },
    /// The pixels are no whole number of images.
    #[error("found {found} pixel values, expected a whole number of images of {shape}")]
    PartOfImage {
        /// Values given.
        found: usize,
        /// Shape of an image.
        shape: ImageShape,
    },
    /// A value is no number in [0, 1].
    #[error("image {image}: found the value {found}, expected values from 0 to 1")]
    Value {
        /// Index of the image.
        image: usize,
        /// The value, as text.
        found: String,
    },
    /// Two sets of images that were to be joined have different shapes.
    #[error("found images of {found}, expected {expected}")]
    ShapeMismatch {
        /// Shape of the set that was to be added.
        found: ImageShape,
        /// Shape of the set that it was to be added to.
        expected: ImageShape,
    },
}
