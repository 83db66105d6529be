use std::io::{BufRead, BufReader, ErrorKind};
use std::path::Path;

use memae_data::dataset::{
    Cifar10, ClassNames, ImageFolderConfig, Kddcup99, Mnist, SourceError, VideoLayout,
};
use memae_data::drawn::WalkwayConfig;
use memae_data::format::{FileError, open_file};
use memae_data::sample::{LabeledImages, PixelSlice, VideoConfig};

use super::paper::Table;
use crate::digits::DigitSource;
use crate::video::VideoSource;

/// Digest of MNIST.
const MNIST: &str = "20a80b16";

/// Side of images in class folders, that of CIFAR-10.
const SIDE: usize = 32;

/// Why a table has no data.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// A table that needs a data set has none.
    #[error("{table}: found no --data, expected {expected}")]
    Missing {
        /// The table.
        table: Table,
        /// What it needs.
        expected: &'static str,
    },
    /// The data set can't be read.
    #[error(transparent)]
    Source(#[from] SourceError),
}

/// What the runs of a table are made on.
pub(crate) enum Data {
    /// Labelled images.
    Images {
        /// The data set.
        name: String,
        train: LabeledImages,
        test: LabeledImages,
        /// Label and name of each class.
        classes: Vec<(u8, String)>,
    },
    /// Network connections.
    Connections(Kddcup99),
    /// Videos, opened by each run as its network needs them.
    Videos {
        /// The data set.
        name: &'static str,
        source: VideoSource,
    },
}

impl Data {
    /// Reads what a table needs from `path`; the tables of digits and videos have embedded data too.
    pub(crate) fn open(table: Table, path: Option<&Path>) -> Result<Self, DataError> {
        match (table, path) {
            (Table::Mnist | Table::Ablation | Table::MemorySize, Some(path)) => {
                let mnist = Mnist::from_folder(path)?;
                // Other data sets come in files of the same names.
                let name = match digest_of_images(&mnist.train, &mnist.test).as_str() {
                    MNIST => "MNIST",
                    _ => "IDX files",
                };
                Ok(Self::digits(name, mnist.train, mnist.test))
            }
            (Table::Mnist | Table::Ablation | Table::MemorySize, None) => {
                let digits = DigitSource::Embedded.load()?;
                Ok(Self::digits("embedded digits", digits.train, digits.test))
            }
            (Table::Cifar10, Some(path)) => Ok(Self::colour_images(path)?),
            (Table::Kddcup, Some(path)) => {
                let file = match path.is_dir() {
                    true => &path.join("kddcup.data_10_percent.gz"),
                    false => path,
                };
                Ok(Self::Connections(Kddcup99::from_file(file)?))
            }
            (Table::Cifar10, None) => Err(DataError::Missing {
                table,
                expected: "the folder of CIFAR-10's binary version, or one with class folders",
            }),
            (Table::Kddcup, None) => Err(DataError::Missing {
                table,
                expected: "kddcup.data_10_percent.gz or its folder",
            }),
            (Table::Video, Some(path)) => Ok(Self::Videos {
                name: "videos",
                source: VideoSource::Folder {
                    path: path.to_path_buf(),
                    layout: VideoLayout::default(),
                    videos: VideoConfig::default(),
                },
            }),
            (Table::Video, None) => Ok(Self::Videos {
                name: "embedded walkway",
                source: VideoSource::Embedded(WalkwayConfig::default()),
            }),
        }
    }

    fn digits(name: &str, train: LabeledImages, test: LabeledImages) -> Self {
        let classes = train.classes().into_iter();
        Self::Images {
            name: name.to_string(),
            classes: classes.map(|label| (label, label.to_string())).collect(),
            train,
            test,
        }
    }

    fn colour_images(path: &Path) -> Result<Self, SourceError> {
        // Class folders have no such files, and the error for a set that is not whole names what it lacks.
        let folders = [path.to_path_buf(), path.join("cifar-10-batches-bin")];
        let batches = (1..=5).map(|batch| format!("data_batch_{batch}.bin"));
        let is_cifar10 = batches
            .chain(["test_batch.bin".to_string()])
            .any(|batch| folders.iter().any(|folder| folder.join(&batch).is_file()));
        let (name, train, test, classes) = match is_cifar10 {
            true => {
                let cifar10 = Cifar10::from_folder(path)?;
                ("CIFAR-10", cifar10.train, cifar10.test, cifar10.classes)
            }
            false => {
                let images = ImageFolderConfig::default()
                    .with_size(SIDE, SIDE)
                    .read(path)?;
                if !images.passed_over.is_empty() {
                    eprintln!("{}: {}", path.display(), images.passed_over);
                }
                if !images.unlabeled.is_empty() {
                    let count = images.unlabeled.len();
                    eprintln!(
                        "{}: {count} test images without classes left out",
                        path.display()
                    );
                }
                ("class folders", images.train, images.test, images.classes)
            }
        };
        Ok(Self::Images {
            name: name.to_string(),
            classes: trained_classes(&train, &classes),
            train,
            test,
        })
    }

    /// The data set, as results name it.
    pub(crate) fn name(&self) -> &str {
        match self {
            Data::Images { name, .. } => name,
            Data::Connections(_) => "KDDCUP99",
            Data::Videos { name, .. } => name,
        }
    }

    /// What tells this data from other data of the same name.
    pub(crate) fn digest(&self) -> Result<String, FileError> {
        match self {
            Data::Images { train, test, .. } => Ok(digest_of_images(train, test)),
            Data::Connections(connections) => digest_of_file(connections.table.path()),
            Data::Videos { source, .. } => {
                let mut hasher = crc32fast::Hasher::new();
                if let VideoSource::Folder { path, .. } = source {
                    add_files(path, &mut hasher).map_err(|error| FileError::Read {
                        path: path.clone(),
                        error,
                    })?;
                }
                Ok(hexadecimal(hasher.finalize()))
            }
        }
    }

    /// Whether the paper's figures may stand beside those on this data: it is the paper's, or the page says which
    /// data theirs are on.
    pub(crate) fn is_of_the_paper(&self) -> bool {
        ["MNIST", "CIFAR-10", "KDDCUP99", "videos"].contains(&self.name())
    }
}

fn digest_of_images(train: &LabeledImages, test: &LabeledImages) -> String {
    let mut hasher = crc32fast::Hasher::new();
    for images in [train, test] {
        hasher.update(images.shape().to_string().as_bytes());
        hasher.update(images.labels());
        for index in 0..images.len() {
            match images.values(index) {
                PixelSlice::Bits8(values) => hasher.update(values),
                PixelSlice::Float(values) => {
                    for value in values {
                        hasher.update(&value.to_le_bytes());
                    }
                }
            }
        }
    }
    hexadecimal(hasher.finalize())
}

/// Of a regular file of any size, a piece of which is in memory at a time.
fn digest_of_file(path: &Path) -> Result<String, FileError> {
    let mut file = BufReader::new(open_file(path)?);
    let mut hasher = crc32fast::Hasher::new();
    loop {
        let read = file.fill_buf().map(|bytes| {
            hasher.update(bytes);
            bytes.len()
        });
        match read {
            Ok(0) => return Ok(hexadecimal(hasher.finalize())),
            Ok(read) => file.consume(read),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                return Err(FileError::Read {
                    path: path.to_path_buf(),
                    error,
                });
            }
        }
    }
}

fn hexadecimal(digest: u32) -> String {
    format!("{digest:08x}")
}

/// Names and sizes of all files in a folder; reading whole videos would take too long.
fn add_files(folder: &Path, hasher: &mut crc32fast::Hasher) -> std::io::Result<()> {
    let mut entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        hasher.update(entry.file_name().as_encoded_bytes());
        match entry.metadata()? {
            metadata if metadata.is_dir() => add_files(&entry.path(), hasher)?,
            metadata => hasher.update(&metadata.len().to_le_bytes()),
        }
    }
    Ok(())
}

/// The classes that can be normal: those trained on.
fn trained_classes(train: &LabeledImages, names: &ClassNames) -> Vec<(u8, String)> {
    let labels = train.classes().into_iter();
    labels
        .map(|label| (label, names.names()[usize::from(label)].clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_any_size_have_the_digest_of_their_bytes_and_others_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.csv");
        for size in [0, 1, 100_000] {
            let bytes: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
            std::fs::write(&path, &bytes).unwrap();
            let expected = hexadecimal(crc32fast::hash(&bytes));
            assert_eq!(digest_of_file(&path).unwrap(), expected);
        }
        let error = digest_of_file(folder.path()).unwrap_err().to_string();
        assert!(error.ends_with("expected a regular file"), "{error}");
        #[cfg(unix)]
        {
            // It has no end.
            let error = digest_of_file(Path::new("/dev/zero"))
                .unwrap_err()
                .to_string();
            assert!(
                error.ends_with("found a device, expected a regular file"),
                "{error}"
            );
        }
    }
}
