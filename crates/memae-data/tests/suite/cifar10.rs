//! CIFAR-10 in its binary version, and everything that can be wrong with it.

use std::fs::{self, File};
use std::path::{MAIN_SEPARATOR, Path};

use memae_data::dataset::{Cifar10, SourceError, read_cifar10_batch};
use memae_data::format::FileError;
use memae_data::protocol::OneClassConfig;
use memae_data::sample::{ImageShape, LabeledImages};
use proptest::prelude::*;

const NAMES: [&str; 6] = [
    "data_batch_1.bin",
    "data_batch_2.bin",
    "data_batch_3.bin",
    "data_batch_4.bin",
    "data_batch_5.bin",
    "test_batch.bin",
];

/// Pixels that tell an image, a channel, a row and a column from every other.
fn pixels(image: usize) -> Vec<u8> {
    let value = |channel: usize, y: usize, x: usize| image * 83 + channel * 101 + y * 7 + x * 3;
    let mut pixels = Vec::new();
    for channel in 0..3 {
        for y in 0..32 {
            pixels.extend((0..32).map(|x| value(channel, y, x) as u8));
        }
    }
    pixels
}

/// A file of images of some classes; image i of the file is the image `first + i`.
fn batch(first: usize, labels: &[u8]) -> Vec<u8> {
    let records = labels.iter().zip(first..);
    records
        .flat_map(|(&label, image)| [vec![label], pixels(image)].concat())
        .collect()
}

/// Ten training images, two in a batch, and three test images.
fn write(folder: &Path) {
    for (index, name) in NAMES.iter().enumerate() {
        let labels: &[u8] = match index {
            5 => &[9, 0, 4],
            _ => &[2 * index as u8, 2 * index as u8 + 1],
        };
        fs::write(folder.join(name), batch(2 * index, labels)).expect("writable");
    }
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    write(folder.path());
    folder
}

/// The message without the folder's name, which changes from run to run.
fn message(folder: &Path) -> String {
    let error = Cifar10::from_folder(folder).expect_err("damaged");
    let message = error.to_string();
    assert!(!message.contains('\n'), "{message}");
    message.replace(&format!("{}{MAIN_SEPARATOR}", folder.display()), "")
}

/// The message on one batch of these bytes.
fn batch_message(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("batch.bin");
    fs::write(&path, bytes).expect("writable");
    let message = read_cifar10_batch(&path).expect_err("damaged").to_string();
    assert!(!message.contains('\n'), "{message}");
    message.replace(&path.display().to_string(), "batch.bin")
}

#[test]
fn all_batches_are_read_in_order() {
    let folder = folder();
    let cifar = Cifar10::from_folder(folder.path()).expect("intact");
    assert_eq!(cifar.train.labels(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert_eq!(cifar.test.labels(), [9, 0, 4]);
    assert_eq!(cifar.train.shape().to_string(), "3x32x32");
    for image in 0..10 {
        assert_eq!(cifar.train.pixels(image), pixels(image), "image {image}");
    }
    for image in 0..3 {
        assert_eq!(
            cifar.test.pixels(image),
            pixels(10 + image),
            "image {image}"
        );
    }
    let second = read_cifar10_batch(folder.path().join(NAMES[1])).expect("intact");
    assert_eq!(second, cifar.train.select(&[2, 3]));
}

#[test]
fn a_batch_has_the_size_of_the_data_set() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join(NAMES[0]);
    let labels: Vec<u8> = (0..10_000).map(|index| (index % 10) as u8).collect();
    let bytes = batch(0, &labels);
    assert_eq!(bytes.len(), 30_730_000);
    fs::write(&path, bytes).expect("writable");
    let images = read_cifar10_batch(&path).expect("intact");
    assert_eq!(images.labels(), labels);
    assert_eq!(images.pixels(9_999), pixels(9_999));
}

#[test]
fn the_folder_of_the_archive_is_found() {
    let outer = tempfile::tempdir().expect("temporary folder");
    let inner = outer.path().join("cifar-10-batches-bin");
    fs::create_dir(&inner).expect("writable");
    write(&inner);
    assert_eq!(
        Cifar10::from_folder(outer.path()).expect("intact"),
        Cifar10::from_folder(&inner).expect("intact")
    );
    fs::remove_file(inner.join(NAMES[5])).expect("written before");
    assert_eq!(
        message(outer.path()),
        "cifar-10-batches-bin: the test batch not found, expected one of: test_batch.bin"
    );
}

#[test]
fn it_goes_through_the_one_class_protocol_by_name() {
    let folder = folder();
    let cifar = Cifar10::from_folder(folder.path()).expect("intact");
    let normal = cifar.classes.label("deer").expect("known");
    let data = OneClassConfig::new(normal)
        .apply(&cifar.train, &cifar.test)
        .expect("deer in both");
    assert_eq!(data.train.labels(), [4]);
    assert_eq!(data.anomalous, [true, true, false]);
    let error = cifar.classes.label("zebra").expect_err("no such class");
    assert_eq!(
        error.to_string(),
        "class `zebra`: not found, expected one of: airplane, automobile, bird, cat, deer, dog, frog, horse, ship, truck"
    );
}

#[test]
fn names_of_classes_are_read() {
    let folder = folder();
    let names = folder.path().join("batches.meta.txt");
    fs::write(&names, "a\nb\nc d\ne\nf\ng\r\nh\ni\nj\nk\n\n").expect("writable");
    let cifar = Cifar10::from_folder(folder.path()).expect("intact");
    assert_eq!(
        cifar.classes.names(),
        ["a", "b", "c d", "e", "f", "g", "h", "i", "j", "k"]
    );
    assert_eq!(cifar.classes.label("c d").expect("known"), 2);

    for (text, found) in [
        ("", 0),
        ("a\nb\n", 2),
        ("a\na\nc\nd\ne\nf\ng\nh\ni\nj\n", 9),
        ("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n", 11),
    ] {
        fs::write(&names, text).expect("writable");
        assert_eq!(
            message(folder.path()),
            format!(
                "batches.meta.txt: found {found} different class names, expected 10, one in a line"
            )
        );
    }
    fs::write(&names, "a\n".repeat(40_000)).expect("writable");
    assert_eq!(
        message(folder.path()),
        "batches.meta.txt: found a file of 80000 bytes or more, expected at most 65536"
    );
    fs::write(&names, [0xff, b'\n']).expect("writable");
    assert_eq!(
        message(folder.path()),
        "batches.meta.txt: cannot be read: stream did not contain valid UTF-8"
    );
}

#[test]
fn a_missing_folder_says_so() {
    let folder = folder();
    for path in [folder.path().join("absent"), folder.path().join(NAMES[0])] {
        let error = Cifar10::from_folder(&path).expect_err("no folder");
        assert_eq!(
            error.to_string(),
            format!(
                "{}: no such folder, expected the folder with the six batches of CIFAR-10 in its binary version",
                path.display()
            )
        );
    }
}

#[test]
fn a_missing_batch_is_named_before_any_is_read() {
    for (index, name) in NAMES.iter().enumerate() {
        let folder = folder();
        // Damage in the first one does not show.
        fs::write(folder.path().join(NAMES[0]), b"damaged").expect("writable");
        fs::remove_file(folder.path().join(name)).expect("written before");
        let content = match index {
            5 => "the test batch",
            _ => "a training batch",
        };
        assert_eq!(
            message(folder.path()),
            format!(
                "{}: {content} not found, expected one of: {name}",
                folder.path().display()
            )
        );
    }
    let error = read_cifar10_batch("absent.bin").expect_err("no such file");
    assert!(
        matches!(error, SourceError::File(FileError::Read { .. })),
        "{error}"
    );
    let folder = folder();
    let error = read_cifar10_batch(folder.path()).expect_err("a folder");
    assert!(
        matches!(error, SourceError::File(FileError::NotRegular { .. })),
        "{error}"
    );
}

#[test]
fn every_damaged_batch_of_a_folder_is_named() {
    for name in NAMES {
        let folder = folder();
        let whole = fs::read(folder.path().join(name)).expect("written before");
        fs::write(folder.path().join(name), &whole[..4000]).expect("writable");
        assert_eq!(
            message(folder.path()),
            format!(
                "{name}: found 4000 bytes, expected a multiple of 3073, the size of a record: \
                 record 1 is cut off after 927 bytes"
            )
        );
    }
}

#[test]
fn lengths_that_are_no_records_are_errors() {
    assert_eq!(
        batch_message(&[]),
        "batch.bin: found an empty file, expected records of 3073 bytes"
    );
    let whole = batch(0, &[1, 2, 3]);
    for (length, record, after) in [
        (1, 0, 1),
        (3072, 0, 3072),
        (3074, 1, 1),
        (6145, 1, 3072),
        (9218, 2, 3072),
    ] {
        assert_eq!(
            batch_message(&whole[..length]),
            format!(
                "batch.bin: found {length} bytes, expected a multiple of 3073, the size of a record: \
                 record {record} is cut off after {after} bytes"
            )
        );
    }
    // Records of CIFAR-100 have one byte more.
    assert_eq!(
        batch_message(&vec![0; 3074 * 2]),
        "batch.bin: found 6148 bytes, expected a multiple of 3073, the size of a record: \
         record 2 is cut off after 2 bytes"
    );
}

#[test]
fn a_class_above_nine_is_an_error() {
    assert_eq!(
        batch_message(&batch(0, &[0, 9, 4, 10, 11])),
        "batch.bin: record 3, byte 9219: found class 10, expected 0 to 9"
    );
    assert_eq!(
        batch_message(&batch(0, &[255])),
        "batch.bin: record 0, byte 0: found class 255, expected 0 to 9"
    );
}

#[test]
fn a_file_too_large_is_refused_before_it_is_read() {
    let folder = folder();
    let file = File::create(folder.path().join(NAMES[2])).expect("writable");
    file.set_len(1 << 30).expect("a sparse file");
    assert_eq!(
        message(folder.path()),
        "data_batch_3.bin: found more than 268435456 bytes, the most that a file may have"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn batches_are_read_as_they_were_written(labels in proptest::collection::vec(0u8..10, 1..8), first in 0usize..97) {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("batch.bin");
        fs::write(&path, batch(first, &labels)).expect("writable");
        let all = (first..first + labels.len()).flat_map(pixels).collect();
        let shape = ImageShape { channels: 3, height: 32, width: 32 };
        let expected = LabeledImages::new(shape, all, labels).expect("sizes agree");
        prop_assert_eq!(read_cifar10_batch(&path).expect("intact"), expected);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(
        mut bytes in prop_oneof![Just(0), Just(3073), Just(6146), 0usize..6200]
            .prop_flat_map(|length| proptest::collection::vec(any::<u8>(), length)),
    ) {
        // Classes about the highest one, so that files of both kinds come up.
        bytes.chunks_mut(3073).for_each(|record| record[0] %= 12);
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("batch.bin");
        fs::write(&path, &bytes).expect("writable");
        let whole = !bytes.is_empty() && bytes.len() % 3073 == 0;
        let known = bytes.chunks(3073).all(|record| record[0] <= 9);
        prop_assert_eq!(read_cifar10_batch(&path).is_ok(), whole && known);
    }
}
