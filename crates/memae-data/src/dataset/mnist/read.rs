use std::path::{Path, PathBuf};

use crate::dataset::error::SourceError;
use crate::format::{IdxLimits, read_idx};
use crate::sample::{ImageShape, LabeledImages};

const HEIGHT: usize = 28;
const WIDTH: usize = 28;
const HIGHEST_CLASS: u8 = 9;
pub(super) const SHAPE: ImageShape = ImageShape {
    channels: 1,
    height: HEIGHT,
    width: WIDTH,
};

/// 28×28 grey digits, 0 to 9: 60,000 to train on and 10,000 to test.
///
/// Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits". Data sets in the same
/// files, such as Fashion-MNIST and KMNIST, are read as well; the number of images is not checked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mnist {
    /// Training images, `[images, 1, 28, 28]`.
    pub train: LabeledImages,
    /// Test images, `[images, 1, 28, 28]`.
    pub test: LabeledImages,
}

impl Mnist {
    /// Reads the four IDX files from a folder.
    ///
    /// They may be plain or compressed by gzip, with or without the ending `.gz`, and be spelled
    /// `train-images-idx3-ubyte` or `train-images.idx3-ubyte`.
    ///
    /// # Errors
    ///
    /// The folder or a file is missing; a file is damaged, or holds labels where images were expected or the reverse;
    /// images are not 28×28; there is not one label for each image; a label is above 9.
    ///
    /// ```no_run
    /// use memae_data::dataset::Mnist;
    ///
    /// let mnist = Mnist::from_folder("data/mnist")?;
    /// assert_eq!((mnist.train.len(), mnist.test.len()), (60_000, 10_000));
    /// # Ok::<(), memae_data::dataset::SourceError>(())
    /// ```
    pub fn from_folder(folder: impl AsRef<Path>) -> Result<Self, SourceError> {
        let folder = folder.as_ref();
        if !folder.is_dir() {
            return Err(SourceError::MissingFolder {
                path: folder.to_path_buf(),
                expected: "the four IDX files of MNIST",
            });
        }
        // All four are looked for before any is read: a missing label file shows at once.
        let files = [
            find(folder, "training images", "train-images", 3)?,
            find(folder, "training labels", "train-labels", 1)?,
            find(folder, "test images", "t10k-images", 3)?,
            find(folder, "test labels", "t10k-labels", 1)?,
        ];
        Ok(Self {
            train: read_pair(&files[0], &files[1])?,
            test: read_pair(&files[2], &files[3])?,
        })
    }
}

/// Finds a file by the names it is known under.
fn find(
    folder: &Path,
    content: &'static str,
    name: &str,
    dimensions: usize,
) -> Result<PathBuf, SourceError> {
    let names = ["-", "."].map(|separator| format!("{name}{separator}idx{dimensions}-ubyte"));
    let names: Vec<String> = names
        .into_iter()
        .flat_map(|name| [format!("{name}.gz"), name].into_iter().rev())
        .collect();
    names
        .iter()
        .map(|name| folder.join(name))
        .find(|path| path.is_file())
        .ok_or_else(|| SourceError::MissingFile {
            folder: folder.to_path_buf(),
            content,
            names,
        })
}

fn read_pair(image_path: &Path, label_path: &Path) -> Result<LabeledImages, SourceError> {
    let limits = IdxLimits::default();
    let (sizes, pixels) = read_idx(image_path, limits.with_dimensions(3))?.into_parts();
    if sizes[1..] != [HEIGHT, WIDTH] {
        return Err(SourceError::ImageSize {
            path: image_path.to_path_buf(),
            found: (sizes[1], sizes[2]),
            expected: (HEIGHT, WIDTH),
        });
    }
    let (_, labels) = read_idx(label_path, limits.with_dimensions(1))?.into_parts();
    if labels.len() != sizes[0] {
        return Err(SourceError::LabelCount {
            path: label_path.to_path_buf(),
            labels: labels.len(),
            image_path: image_path.to_path_buf(),
            images: sizes[0],
        });
    }
    if let Some(index) = labels.iter().position(|&label| label > HIGHEST_CLASS) {
        return Err(SourceError::Label {
            path: label_path.to_path_buf(),
            index,
            found: labels[index],
            highest: HIGHEST_CLASS,
        });
    }
    Ok(LabeledImages::new(SHAPE, pixels, labels)?)
}
