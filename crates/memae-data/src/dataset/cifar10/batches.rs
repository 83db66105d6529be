use std::io::Read;
use std::path::{Path, PathBuf};

use super::error::Cifar10Error;
use super::layout::{CLASSES, HIGHEST_CLASS, MAX_BYTES, PIXELS, RECORD};
use crate::dataset::class_names::ClassNames;
use crate::dataset::error::SourceError;
use crate::format::{FileError, open_file, read_file};
use crate::sample::{ImageShape, LabeledImages};

const SHAPE: ImageShape = ImageShape {
    channels: 3,
    height: 32,
    width: 32,
};

/// The folder that the data set's archive unpacks to.
const ARCHIVE_FOLDER: &str = "cifar-10-batches-bin";

const NAMES_FILE: &str = "batches.meta.txt";

/// The most bytes of the file of names.
const MAX_NAMES_BYTES: u64 = 1 << 16;

/// 32×32 colour photographs of ten kinds of animals and vehicles: 50,000 to train on and 10,000 to test.
///
/// The number of images is not checked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cifar10 {
    /// Training images, `[images, 3, 32, 32]`, the five batches in order.
    pub train: LabeledImages,
    /// Test images, `[images, 3, 32, 32]`.
    pub test: LabeledImages,
    /// The names of the ten classes.
    pub classes: ClassNames,
}

impl Cifar10 {
    /// Reads `data_batch_1.bin` to `data_batch_5.bin` and `test_batch.bin` from a folder, or from the folder
    /// `cifar-10-batches-bin` in it.
    ///
    /// The names of the classes are those of `batches.meta.txt`, or the ten that are known where there is no such file.
    ///
    /// # Errors
    ///
    /// The folder or a batch is missing; as [`read_cifar10_batch`]; a file of names that has not ten of them.
    ///
    /// ```no_run
    /// use memae_data::dataset::Cifar10;
    /// use memae_data::protocol::OneClassConfig;
    ///
    /// let cifar = Cifar10::from_folder("data/cifar10")?;
    /// assert_eq!((cifar.train.len(), cifar.test.len()), (50_000, 10_000));
    /// let normal = cifar.classes.label("ship")?;
    /// let data = OneClassConfig::new(normal).apply(&cifar.train, &cifar.test)?;
    /// assert_eq!((data.train.len(), data.anomalies()), (5_000, 9_000));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_folder(folder: impl AsRef<Path>) -> Result<Self, SourceError> {
        let folder = folder.as_ref();
        if !folder.is_dir() {
            return Err(SourceError::MissingFolder {
                path: folder.to_path_buf(),
                expected: "the six batches of CIFAR-10 in its binary version",
            });
        }
        let unpacked = folder.join(ARCHIVE_FOLDER);
        let folder = match unpacked.is_dir() {
            true => &unpacked,
            false => folder,
        };
        // All six are looked for before any is read: a missing one shows at once.
        let train: Vec<PathBuf> = (1..=5)
            .map(|batch| {
                find(
                    folder,
                    "a training batch",
                    format!("data_batch_{batch}.bin"),
                )
            })
            .collect::<Result<_, _>>()?;
        let test = find(folder, "the test batch", "test_batch.bin".to_string())?;
        let classes = class_names(&folder.join(NAMES_FILE))?;
        Ok(Self {
            train: read_batches(&train)?,
            test: read_batches(&[test])?,
            classes,
        })
    }
}

/// Reads one file of CIFAR-10 in its binary version: images in colour, `[images, 3, 32, 32]`, of the classes 0 to 9.
///
/// Any number of images from 1 on is read, up to 2²⁸ bytes (256 MiB) of them.
///
/// # Errors
///
/// The file cannot be read ([`SourceError::File`]), is empty, too large, or cut off within an image, or has a class above
/// 9 ([`SourceError::Cifar10`]).
///
/// ```
/// use memae_data::dataset::read_cifar10_batch;
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("data_batch_1.bin");
/// let red_ship = [&[8][..], &[255; 1024], &[0; 2048]].concat();
/// std::fs::write(&path, red_ship)?;
/// let images = read_cifar10_batch(&path)?;
/// assert_eq!(images.shape().to_string(), "3x32x32");
/// assert_eq!(images.labels(), [8]);
/// assert_eq!(images.pixels(0)[1023..1025], [255, 0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_cifar10_batch(path: impl AsRef<Path>) -> Result<LabeledImages, SourceError> {
    read_batches(&[path.as_ref()])
}

fn find(folder: &Path, content: &'static str, name: String) -> Result<PathBuf, SourceError> {
    let path = folder.join(&name);
    match path.is_file() {
        true => Ok(path),
        false => Err(SourceError::MissingFile {
            folder: folder.to_path_buf(),
            content,
            names: vec![name],
        }),
    }
}

/// The images of some files, one after the other.
fn read_batches(paths: &[impl AsRef<Path>]) -> Result<LabeledImages, SourceError> {
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    for path in paths {
        let path = path.as_ref();
        let bytes = read_records(path)?;
        pixels.reserve_exact(bytes.len() / RECORD * PIXELS);
        for (record, bytes) in bytes.chunks_exact(RECORD).enumerate() {
            let label = bytes[0];
            if label > HIGHEST_CLASS {
                return Err(SourceError::in_cifar10(path)(Cifar10Error::Label {
                    record,
                    found: label,
                }));
            }
            labels.push(label);
            pixels.extend_from_slice(&bytes[1..]);
        }
    }
    Ok(LabeledImages::new(SHAPE, pixels, labels)?)
}

/// The bytes of a file that is a whole number of records, at least one.
fn read_records(path: &Path) -> Result<Vec<u8>, SourceError> {
    let read_error = FileError::reading(path);
    let file = open_file(path)?;
    // A large file is refused before it is read.
    let mut found = file.metadata().map_err(&read_error)?.len();
    let mut bytes = Vec::new();
    if found <= MAX_BYTES {
        file.take(MAX_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(&read_error)?;
        found = bytes.len() as u64;
    }
    let error = match found {
        0 => Cifar10Error::Empty,
        _ if found > MAX_BYTES => Cifar10Error::TooLarge,
        _ if found % RECORD as u64 != 0 => Cifar10Error::CutOff { found },
        _ => return Ok(bytes),
    };
    Err(SourceError::in_cifar10(path)(error))
}

/// The names in a file, one in a line; those known where there is no file.
fn class_names(path: &Path) -> Result<ClassNames, SourceError> {
    if !path.is_file() {
        return Ok(ClassNames::new(CLASSES.map(str::to_string).to_vec()));
    }
    let mut text = String::new();
    let read = read_file(path, MAX_NAMES_BYTES)?
        .as_slice()
        .read_to_string(&mut text);
    read.map_err(FileError::reading(path))?;
    let mut names: Vec<String> = Vec::new();
    for name in text.lines().map(str::trim) {
        if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push(name.to_string());
        }
    }
    match names.len() == CLASSES.len() {
        true => Ok(ClassNames::new(names)),
        false => {
            let error = Cifar10Error::ClassNames { found: names.len() };
            Err(SourceError::in_cifar10(path)(error))
        }
    }
}
