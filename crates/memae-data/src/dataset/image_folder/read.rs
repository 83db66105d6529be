use std::fmt;
use std::path::{Path, PathBuf};

use super::config::ImageFolderConfig;
use super::error::{ImageFolderError, MAX_CLASSES};
use crate::dataset::class_names::ClassNames;
use crate::dataset::error::SourceError;
use crate::format::{Numbering, entries, frame_files, image_size, natural_order, read_image};
use crate::sample::{FrameFormat, ImageShape, LabeledImages, SampleError};

const TRAIN: &str = "train";
const TEST: &str = "test";

impl ImageFolderConfig {
    /// Reads all images of a folder.
    ///
    /// The folder has folders `train` and `test` with a folder for each class (`train/good/000.png`,
    /// `test/scratch/000.png`), or a folder for each class itself (`cat/1.jpg`), and then all images are training images,
    /// to be divided by `Split::Random` of the one-class protocol. Whatever else lies beside `train` and `test` is passed
    /// over.
    ///
    /// The classes are those of both sets together, which need not be the same, in the natural order of their names: `2`
    /// comes before `10`. So a class of that name has the same label in both sets. Images are in the order of their
    /// labels, and in the natural order of their names within a class.
    ///
    /// JPEG, PNG, BMP and TIFF are read. In the folder of a class hidden files and files with other endings, such as
    /// `.DS_Store` and `Thumbs.db`, are passed over, and its sub-folders are not entered; so are files beside the folders
    /// of classes.
    ///
    /// # Errors
    ///
    /// Sizes out of range; the folder is missing, or one of `train` and `test`; a set has no classes; a class has no
    /// images; there are more than 256 classes; images of different sizes, and no size to bring them to; more pixels than
    /// [`max_bytes`](Self::max_bytes), which is known before they are decoded; a file that is not the image that its
    /// ending says, or not a whole one.
    pub fn read(&self, folder: impl AsRef<Path>) -> Result<ImageFolder, SourceError> {
        let folder = folder.as_ref();
        let format = FrameFormat {
            colour: self.colour,
            size: self.size,
            filter: self.filter,
        };
        format.check().map_err(SampleError::from)?;
        if !folder.is_dir() {
            return Err(SourceError::MissingFolder {
                path: folder.to_path_buf(),
                expected: "one folder of images for each class",
            });
        }
        let (train, test) = match has_sets(folder)? {
            true => (
                classes_of(&find(folder, "training images", TRAIN)?)?,
                classes_of(&find(folder, "test images", TEST)?)?,
            ),
            false => (classes_of(folder)?, Vec::new()),
        };
        let names = class_names(folder, &train, &test)?;

        // Every class has an image.
        let first = train[0].files[0].clone();
        let first_size = image_size(&first)?;
        let reader = Reader {
            shape: format.shape_of(first_size.0, first_size.1),
            format,
            first,
            first_size,
        };
        let images = count(&train) + count(&test);
        if images.saturating_mul(reader.shape.len()) as u64 > self.max_bytes {
            return Err(SourceError::in_image_folder(folder)(
                ImageFolderError::TooLarge {
                    images,
                    shape: reader.shape,
                    max_bytes: self.max_bytes,
                },
            ));
        }
        Ok(ImageFolder {
            train: reader.images(&train, &names)?,
            test: reader.images(&test, &names)?,
            train_files: files(train),
            test_files: files(test),
            classes: names,
        })
    }
}

/// Images of classes that folders name; see [`ImageFolderConfig::read`].
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageFolder {
    /// Training images, `[images, channels, height, width]`.
    pub train: LabeledImages,
    /// Test images, `[images, channels, height, width]`; none where the folder has one set.
    pub test: LabeledImages,
    /// The names of the classes of both sets.
    pub classes: ClassNames,
    /// The file of each training image, `[images]`.
    pub train_files: Vec<PathBuf>,
    /// The file of each test image, `[images]`.
    pub test_files: Vec<PathBuf>,
}

/// Shows the images and the classes, and leaves out the files.
impl fmt::Debug for ImageFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImageFolder")
            .field("train", &self.train)
            .field("test", &self.test)
            .field("classes", &self.classes)
            .finish_non_exhaustive()
    }
}

/// A class of one set.
struct Class {
    name: String,
    /// At least one.
    files: Vec<PathBuf>,
}

/// Whether the folder has sets, which are folders of folders, rather than classes.
fn has_sets(folder: &Path) -> Result<bool, SourceError> {
    for set in [TRAIN, TEST].map(|name| folder.join(name)) {
        if set.is_dir() && entries(&set)?.iter().any(|path| path.is_dir()) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn find(folder: &Path, content: &'static str, name: &str) -> Result<PathBuf, SourceError> {
    let set = folder.join(name);
    match set.is_dir() {
        true => Ok(set),
        false => Err(SourceError::MissingFile {
            folder: folder.to_path_buf(),
            content,
            names: vec![name.to_string()],
        }),
    }
}

/// The classes of a set, at least one, in the natural order of their names.
fn classes_of(set: &Path) -> Result<Vec<Class>, SourceError> {
    let mut classes = Vec::new();
    for folder in entries(set)?.into_iter().filter(|path| path.is_dir()) {
        let name = folder.file_name().and_then(|name| name.to_str());
        classes.push(Class {
            name: name
                .ok_or_else(|| SourceError::in_image_folder(&folder)(ImageFolderError::ClassName))?
                .to_string(),
            files: frame_files(&folder, "images", Numbering::Natural)?,
        });
    }
    match classes.is_empty() {
        true => Err(SourceError::in_image_folder(set)(
            ImageFolderError::NoClasses,
        )),
        false => Ok(classes),
    }
}

/// The names of the classes of both sets, in their natural order.
fn class_names(folder: &Path, train: &[Class], test: &[Class]) -> Result<ClassNames, SourceError> {
    let classes = train.iter().chain(test);
    let mut names: Vec<String> = classes.map(|class| class.name.clone()).collect();
    names.sort_by(|a, b| natural_order(a.as_ref(), b.as_ref()));
    names.dedup();
    match names.len() {
        0..=MAX_CLASSES => Ok(ClassNames::new(names)),
        found => Err(SourceError::in_image_folder(folder)(
            ImageFolderError::TooManyClasses { found },
        )),
    }
}

fn count(classes: &[Class]) -> usize {
    classes.iter().map(|class| class.files.len()).sum()
}

fn files(classes: Vec<Class>) -> Vec<PathBuf> {
    classes.into_iter().flat_map(|class| class.files).collect()
}

/// What all images are brought to.
struct Reader {
    format: FrameFormat,
    shape: ImageShape,
    /// The image whose size the others must have where they keep theirs.
    first: PathBuf,
    first_size: (usize, usize),
}

impl Reader {
    fn images(&self, set: &[Class], names: &ClassNames) -> Result<LabeledImages, SourceError> {
        let mut pixels = Vec::with_capacity(count(set) * self.shape.len());
        let mut labels = Vec::with_capacity(count(set));
        for class in set {
            let label = names.label(&class.name)?;
            for path in &class.files {
                pixels.extend(self.pixels(path)?);
                labels.push(label);
            }
        }
        Ok(LabeledImages::new(self.shape, pixels, labels)?)
    }

    fn pixels(&self, path: &Path) -> Result<Vec<u8>, SourceError> {
        let image = read_image(path)?;
        let found = (image.height() as usize, image.width() as usize);
        if self.format.size.is_none() && found != self.first_size {
            return Err(SourceError::in_image_folder(path)(ImageFolderError::Size {
                found,
                expected: self.first_size,
                first: self.first.clone(),
            }));
        }
        Ok(self.format.apply(image).pixels)
    }
}
