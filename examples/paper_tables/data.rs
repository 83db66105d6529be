use std::error::Error;
use std::path::Path;

use memae::data::{
    Cifar10, ClassNames, DigitsConfig, ImageFolderConfig, Kddcup99, LabeledImages, Mnist,
    VideoLayout, WalkwayConfig,
};
use memae::experiment::video::VideoSource;

use crate::table::Table;

/// Side of images in class folders, that of CIFAR-10.
const SIDE: usize = 32;

/// What the runs of a table are made on.
pub enum Data {
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
    Videos(VideoSource),
}

impl Data {
    /// Reads what a table needs from `path`; the tables of digits and videos have embedded data too.
    pub fn open(table: Table, path: Option<&Path>) -> Result<Self, Box<dyn Error>> {
        match (table, path) {
            (Table::Mnist | Table::Ablation | Table::MemorySize, Some(path)) => {
                let mnist = Mnist::from_folder(path)?;
                Ok(Self::digits("MNIST", mnist.train, mnist.test))
            }
            (Table::Mnist | Table::Ablation | Table::MemorySize, None) => {
                let digits = DigitsConfig::default().generate();
                Ok(Self::digits("embedded digits", digits.train, digits.test))
            }
            (Table::Cifar10, Some(path)) => Self::colour_images(path),
            (Table::Kddcup, Some(path)) => {
                let file = match path.is_dir() {
                    true => &path.join("kddcup.data_10_percent.gz"),
                    false => path,
                };
                Ok(Self::Connections(Kddcup99::from_file(file)?))
            }
            (Table::Cifar10 | Table::Kddcup, None) => Err(format!(
                "{table}: found no --data, expected {}",
                match table {
                    Table::Kddcup => "kddcup.data_10_percent.gz or its folder",
                    _ => "the folder of CIFAR-10's binary version, or one with class folders",
                }
            )
            .into()),
            (Table::Video, Some(path)) => Ok(Self::Videos(VideoSource::Folder {
                path: path.to_path_buf(),
                layout: VideoLayout::default(),
            })),
            (Table::Video, None) => {
                let walkway = WalkwayConfig::default();
                Ok(Self::Videos(VideoSource::Embedded(walkway)))
            }
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

    fn colour_images(path: &Path) -> Result<Self, Box<dyn Error>> {
        // Class folders have no such files, and the error for a set that is not whole names them.
        let is_cifar10 = [path.to_path_buf(), path.join("cifar-10-batches-bin")]
            .iter()
            .any(|folder| folder.join("test_batch.bin").is_file());
        let (name, train, test, classes) = match is_cifar10 {
            true => {
                let cifar10 = Cifar10::from_folder(path)?;
                ("CIFAR-10", cifar10.train, cifar10.test, cifar10.classes)
            }
            false => {
                let images = ImageFolderConfig::default()
                    .with_size(SIDE, SIDE)
                    .read(path)?;
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
    pub fn name(&self) -> String {
        match self {
            Data::Images { name, .. } => name.clone(),
            Data::Connections(_) => "KDDCUP99".to_string(),
            Data::Videos(source) => match source {
                VideoSource::Embedded(_) => "embedded walkway".to_string(),
                _ => "videos".to_string(),
            },
        }
    }
}

/// The classes that can be normal: those trained on.
fn trained_classes(train: &LabeledImages, names: &ClassNames) -> Vec<(u8, String)> {
    let labels = train.classes().into_iter();
    labels
        .map(|label| (label, names.names()[usize::from(label)].clone()))
        .collect()
}
