use std::fmt;
use std::path::PathBuf;

use crate::dataset::class_names::ClassNames;
use crate::format::PassedOver;
use crate::sample::{ImagePreprocessing, Images, LabeledImages};

/// Images of classes that folders name; see [`ImageFolderConfig::read`](super::ImageFolderConfig::read).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageFolder {
    /// Training images, `[images, channels, height, width]`.
    pub train: LabeledImages,
    /// Test images of known classes, `[images, channels, height, width]`; none where there are no test images, or where
    /// they lie in no folders of classes.
    pub test: LabeledImages,
    /// Test images of which no class is known, `[images, channels, height, width]`, because they lie in no folders of
    /// classes.
    pub unlabeled: Images,
    /// The names of the classes of training and test images.
    pub classes: ClassNames,
    /// The file of each training image, `[images]`.
    pub train_files: Vec<PathBuf>,
    /// The file of each test image of a known class, `[images]`.
    pub test_files: Vec<PathBuf>,
    /// The file of each test image without one, `[images]`.
    pub unlabeled_files: Vec<PathBuf>,
    /// How the files became samples: the settings, with the range that was measured where one was to be, and with the depth
    /// that it is of. Other files must go through this to be comparable.
    pub preprocessing: ImagePreprocessing,
    /// Pixels with values that were cut off because they lie outside the range.
    pub clipped: ClippedPixels,
    /// What was passed over in the folder.
    pub passed_over: PassedOver,
}

/// Pixels of files with values that were cut off because they lie outside the range, counted before images were resized.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ClippedPixels {
    /// In training images.
    pub train: usize,
    /// In test images of known classes.
    pub test: usize,
    /// In test images without classes.
    pub unlabeled: usize,
}

/// Shows the images, the classes and what was passed over, and leaves out the files.
impl fmt::Debug for ImageFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImageFolder")
            .field("train", &self.train)
            .field("test", &self.test)
            .field("unlabeled", &self.unlabeled)
            .field("classes", &self.classes)
            .field("preprocessing", &self.preprocessing)
            .field("clipped", &self.clipped)
            .field("passed_over", &self.passed_over.to_string())
            .finish_non_exhaustive()
    }
}
