use crate::format::shown;
use std::path::PathBuf;

use crate::sample::ImageShape;

/// The most classes, so that a label fits a byte.
pub(super) const MAX_CLASSES: usize = 256;

/// Why folders of images make no classes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImageFolderError {
    /// There are no images.
    #[error("found no images, expected images, or one folder of images for each class")]
    NoImages,
    /// The folder can be read in two ways.
    #[error("found {found}, which can be read in two ways, expected {expected}")]
    Ambiguous {
        /// What makes it so.
        found: String,
        /// How images must lie.
        expected: &'static str,
    },
    /// There are more classes than labels.
    #[error("found {found} classes, expected at most {MAX_CLASSES}")]
    TooManyClasses {
        /// Classes found.
        found: usize,
    },
    /// The name of a class is no text.
    #[error("found a folder whose name is not UTF-8, expected the name of a class")]
    ClassName,
    /// An image has not the size of the first one.
    #[error(
        "found an image of {}x{}, expected {}x{} as in {}, or a size to bring all images to",
        found.0, found.1, expected.0, expected.1, shown(first)
    )]
    Size {
        /// Height and width found.
        found: (usize, usize),
        /// Height and width of the first image.
        expected: (usize, usize),
        /// The first image.
        first: PathBuf,
    },
    /// The images do not fit the memory that they may take.
    #[error(
        "found {images} images of {shape}, expected at most {max_bytes} bytes of pixels, or a smaller size"
    )]
    TooLarge {
        /// Images of all classes.
        images: usize,
        /// Shape that each is brought to.
        shape: ImageShape,
        /// The limit.
        max_bytes: u64,
    },
}
