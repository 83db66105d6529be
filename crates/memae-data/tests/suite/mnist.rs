//! MNIST files: every spelling, and everything that can be wrong with them.

use std::fs;
use std::path::{MAIN_SEPARATOR, Path};

use memae_data::dataset::{Mnist, SourceError};
use memae_data::format::{IdxArray, write_idx};

const NAMES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

fn images(count: usize, height: usize, width: usize) -> IdxArray {
    let values = (0..count * height * width)
        .map(|value| (value % 251) as u8)
        .collect();
    IdxArray::new(vec![count, height, width], values).expect("sizes agree")
}

fn labels(values: &[u8]) -> IdxArray {
    IdxArray::new(vec![values.len()], values.to_vec()).expect("sizes agree")
}

/// Three training and two test images, under the names that `spelling` makes.
fn write(folder: &Path, spelling: impl Fn(&str) -> String) {
    let arrays = [
        images(3, 28, 28),
        labels(&[0, 9, 4]),
        images(2, 28, 28),
        labels(&[1, 2]),
    ];
    for (name, array) in NAMES.iter().zip(arrays) {
        write_idx(folder.join(spelling(name)), &array).expect("writable");
    }
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    write(folder.path(), str::to_string);
    folder
}

/// The message without the folder's name, which changes from run to run.
fn message(folder: &Path) -> String {
    let error = Mnist::from_folder(folder).expect_err("damaged");
    let message = error.to_string();
    assert!(!message.contains('\n'), "{message}");
    message.replace(&format!("{}{MAIN_SEPARATOR}", folder.display()), "")
}

#[test]
fn every_spelling_is_read() {
    let spellings: [fn(&str) -> String; 4] = [
        |name| name.to_string(),
        |name| format!("{name}.gz"),
        |name| name.replace("-idx", ".idx"),
        |name| format!("{}.gz", name.replace("-idx", ".idx")),
    ];
    for spelling in spellings {
        let folder = tempfile::tempdir().expect("temporary folder");
        write(folder.path(), spelling);
        let mnist = Mnist::from_folder(folder.path()).expect("intact");
        assert_eq!(mnist.train.labels(), [0, 9, 4]);
        assert_eq!(mnist.test.labels(), [1, 2]);
        assert_eq!(mnist.train.shape().to_string(), "1x28x28");
        assert_eq!(mnist.train.pixels(1)[0], (784 % 251) as u8);
    }
}

#[test]
fn a_missing_folder_says_so() {
    let folder = folder();
    let absent = folder.path().join("absent");
    let error = Mnist::from_folder(&absent).expect_err("no such folder");
    assert_eq!(
        error.to_string(),
        format!(
            "{}: no such folder, expected the folder with the four IDX files of MNIST",
            absent.display()
        )
    );
    let file = folder.path().join(NAMES[0]);
    let error = Mnist::from_folder(file).expect_err("a file");
    assert!(matches!(error, SourceError::MissingFolder { .. }));
}

#[test]
fn a_missing_file_lists_the_names_looked_for() {
    let folder = folder();
    fs::remove_file(folder.path().join(NAMES[3])).expect("written before");
    assert_eq!(
        message(folder.path()),
        format!(
            "{}: test labels not found, expected one of: t10k-labels-idx1-ubyte, t10k-labels-idx1-ubyte.gz, \
             t10k-labels.idx1-ubyte, t10k-labels.idx1-ubyte.gz",
            folder.path().display()
        )
    );
}

#[test]
fn images_and_labels_confused_are_told_apart() {
    let folder = folder();
    fs::copy(folder.path().join(NAMES[1]), folder.path().join(NAMES[0])).expect("written before");
    assert_eq!(
        message(folder.path()),
        "train-images-idx3-ubyte: byte 3: found 1 dimension (labels), expected 3 dimensions (images)"
    );

    let folder = self::folder();
    fs::copy(folder.path().join(NAMES[2]), folder.path().join(NAMES[3])).expect("written before");
    assert_eq!(
        message(folder.path()),
        "t10k-labels-idx1-ubyte: byte 3: found 3 dimensions (images), expected 1 dimension (labels)"
    );
}

#[test]
fn images_of_another_size_are_an_error() {
    let folder = folder();
    write_idx(folder.path().join(NAMES[0]), &images(3, 32, 28)).expect("writable");
    assert_eq!(
        message(folder.path()),
        "train-images-idx3-ubyte: found images of 32x28, expected 28x28"
    );
}

#[test]
fn labels_that_are_not_as_many_are_an_error() {
    let folder = folder();
    write_idx(folder.path().join(NAMES[3]), &labels(&[1, 2, 3])).expect("writable");
    assert_eq!(
        message(folder.path()),
        "t10k-labels-idx1-ubyte: found 3 labels, expected 2, one for each image of t10k-images-idx3-ubyte"
    );
}

#[test]
fn a_class_above_nine_is_an_error() {
    let folder = folder();
    write_idx(folder.path().join(NAMES[1]), &labels(&[0, 9, 10])).expect("writable");
    assert_eq!(
        message(folder.path()),
        "train-labels-idx1-ubyte: label 2: found class 10, expected 0 to 9"
    );
}

#[test]
fn a_damaged_file_is_named() {
    let folder = folder();
    fs::write(folder.path().join(NAMES[2]), b"<html>").expect("writable");
    assert_eq!(
        message(folder.path()),
        "t10k-images-idx3-ubyte: bytes 0 and 1: found 3c 68, expected 00 00, the start of an IDX file"
    );
}
