//! Why a data set could not be read.

use crate::format::shown;
use std::path::{Path, PathBuf};

use super::cifar10::Cifar10Error;
use super::image_folder::{ImageFolderError, ImageMaskError};
use super::labels::LabelError;
use crate::format::FileError;
use crate::sample::{ImagesError, SampleError};

/// Why a data set could not be read. Each message is one line that names the file, the place, what was found and what was
/// expected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A file could not be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// A video or a table could not be read.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// A folder has no videos.
    #[error(
        "{}: found no videos, expected folders of images or video files",
        shown(folder)
    )]
    NoVideos {
        /// The folder.
        folder: PathBuf,
    },
    /// An image lies beside videos, so that it is not known whether the folder is one video made of images or holds videos.
    #[error(
        "{}: found an image beside {}, expected either the images of one video or videos",
        shown(image),
        shown(video)
    )]
    StrayImage {
        /// The image.
        image: PathBuf,
        /// The video beside it.
        video: PathBuf,
    },
    /// A folder is not there, or is not a folder.
    #[error("{}: no such folder, expected the folder with {expected}", shown(path))]
    MissingFolder {
        /// The folder.
        path: PathBuf,
        /// What it was to hold.
        expected: &'static str,
    },
    /// None of the names under which a file is known is in its folder.
    #[error("{}: {content} not found, expected one of: {}", shown(folder), names.join(", "))]
    MissingFile {
        /// The folder searched.
        folder: PathBuf,
        /// What the file was to hold.
        content: &'static str,
        /// The names looked for.
        names: Vec<String>,
    },
    /// A file does not hold the frame labels that it was expected to hold.
    #[error("{}: {error}", shown(path))]
    Labels {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: LabelError,
    },
    /// A folder has no files of scores.
    #[error(
        "{}: found no scores, expected one .npy file for each video",
        shown(folder)
    )]
    NoScores {
        /// The folder.
        folder: PathBuf,
    },
    /// A file of scores is empty.
    #[error("{}: found no scores, expected one for each clip", shown(path))]
    EmptyScores {
        /// The file.
        path: PathBuf,
    },
    /// Two files of labels are there where one was expected.
    #[error(
        "{}: found beside {}, expected one file of frame labels",
        shown(second),
        shown(first)
    )]
    SeveralLabels {
        /// A file.
        first: PathBuf,
        /// Another file.
        second: PathBuf,
    },
    /// The images of a file have another size than expected.
    #[error("{}: found images of {}x{}, expected {}x{}", shown(path), found.0, found.1, expected.0, expected.1)]
    ImageSize {
        /// The file.
        path: PathBuf,
        /// Height and width found.
        found: (usize, usize),
        /// Height and width expected.
        expected: (usize, usize),
    },
    /// A file has not one label for each image of another.
    #[error(
        "{}: found {labels} labels, expected {images}, one for each image of {}",
        shown(path),
        shown(image_path)
    )]
    LabelCount {
        /// The file of labels.
        path: PathBuf,
        /// Labels in it.
        labels: usize,
        /// The file of images.
        image_path: PathBuf,
        /// Images in it.
        images: usize,
    },
    /// A label is not one of the classes.
    #[error(
        "{}: label {index}: found class {found}, expected 0 to {highest}",
        shown(path)
    )]
    Label {
        /// The file.
        path: PathBuf,
        /// Index of the label.
        index: usize,
        /// The label.
        found: u8,
        /// The highest class.
        highest: u8,
    },
    /// A file is none of the files of CIFAR-10 in its binary version.
    #[error("{}: {error}", shown(path))]
    Cifar10 {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: Cifar10Error,
    },
    /// Folders of images are not the classes that they were expected to be.
    #[error("{}: {error}", shown(path))]
    ImageFolder {
        /// The folder or the image.
        path: PathBuf,
        /// What is wrong with it.
        error: ImageFolderError,
    },
    /// None of the files of a list is an image that can be read.
    #[error("no image can be read; the first: {reason}")]
    NoImageRead {
        /// What is wrong with the first of them.
        reason: String,
    },
    /// An image has no mask that it can be judged by.
    #[error(transparent)]
    ImageMask(#[from] ImageMaskError),
    /// No class has the name asked for.
    #[error("class `{}`: not found, expected one of: {}", found.escape_debug(), classes.join(", ").escape_debug())]
    UnknownClass {
        /// The name.
        found: String,
        /// The names of all classes.
        classes: Vec<String>,
    },
    /// A data set could not be fetched.
    #[error(
        "{data_set}: download failed: {reason}; expected its files in {cache} or a connection to fetch them"
    )]
    Download {
        /// Name of the data set.
        data_set: &'static str,
        /// What the downloader said, in one line.
        reason: String,
        /// Where its files are kept.
        cache: &'static str,
    },
    /// Values that were read do not make images.
    #[error(transparent)]
    Images(#[from] ImagesError),
}

impl SourceError {
    /// Names the file of labels.
    pub(super) fn in_labels(path: &Path) -> impl Fn(LabelError) -> Self {
        move |error| Self::Labels {
            path: path.to_path_buf(),
            error,
        }
    }

    /// Names the file of CIFAR-10.
    pub(super) fn in_cifar10(path: &Path) -> impl Fn(Cifar10Error) -> Self {
        move |error| Self::Cifar10 {
            path: path.to_path_buf(),
            error,
        }
    }

    /// Names the folder or the image.
    pub(super) fn in_image_folder(path: &Path) -> impl Fn(ImageFolderError) -> Self {
        move |error| Self::ImageFolder {
            path: path.to_path_buf(),
            error,
        }
    }
}
