use std::fs;
use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::decode::UNSIGNED_BYTE;
use super::decode::decode_uncompressed;
use super::*;
use crate::format::FileError;

fn array() -> IdxArray {
    IdxArray::new(vec![2, 3, 5], (0..30).collect()).expect("sizes agree")
}

fn plain(array: &IdxArray) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode_idx(&mut bytes, array).expect("memory takes everything");
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory takes everything");
    encoder.finish().expect("memory takes everything")
}

fn header(sizes: &[u32]) -> Vec<u8> {
    let mut bytes = vec![0, 0, UNSIGNED_BYTE, sizes.len() as u8];
    bytes.extend(sizes.iter().flat_map(|size| size.to_be_bytes()));
    bytes
}

/// Reads `bytes` as a file, by its name without the folder in messages.
fn read(bytes: &[u8], limits: IdxLimits) -> Result<IdxArray, String> {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("f");
    fs::write(&path, bytes).expect("temporary file");
    read_idx(&path, limits).map_err(|error| {
        let prefix = format!("{}: ", path.display());
        let message = error.to_string();
        assert!(!message.contains('\n'), "{message}");
        message
            .strip_prefix(&prefix)
            .expect("names the file")
            .to_string()
    })
}

fn error(bytes: &[u8]) -> String {
    read(bytes, IdxLimits::default()).expect_err("damaged")
}

#[test]
fn plain_and_compressed_files_come_back() {
    let folder = tempfile::tempdir().expect("temporary folder");
    for name in ["a-idx3-ubyte", "a-idx3-ubyte.gz"] {
        let path = folder.path().join(name);
        write_idx(&path, &array()).expect("writable");
        assert_eq!(
            read_idx(&path, IdxLimits::default()).expect("intact"),
            array()
        );
    }
    let names = fs::read_dir(folder.path())
        .expect("temporary folder")
        .count();
    assert_eq!(names, 2, "temporary files are left behind");
}

#[test]
fn compression_is_told_by_content_not_by_name() {
    assert_eq!(
        read(&gzip(&plain(&array())), IdxLimits::default()),
        Ok(array())
    );
    // gzip allows several members in one file.
    let bytes = plain(&array());
    let members = [gzip(&bytes[..20]), gzip(&bytes[20..])].concat();
    assert_eq!(read(&members, IdxLimits::default()), Ok(array()));
}

#[test]
fn writing_replaces_a_file_whole() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("labels");
    fs::write(&path, [9; 1000]).expect("temporary file");
    let labels = IdxArray::new(vec![2], vec![1, 2]).expect("sizes agree");
    write_idx(&path, &labels).expect("writable");
    assert_eq!(
        fs::read(&path).expect("written"),
        [0, 0, 8, 1, 0, 0, 0, 2, 1, 2]
    );
}

#[test]
fn writing_to_no_folder_is_an_error() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("absent").join("labels");
    let error = write_idx(&path, &array()).expect_err("no such folder");
    assert!(matches!(error, FileError::Write { .. }), "{error}");
    assert!(error.to_string().starts_with(&path.display().to_string()));
}

#[test]
fn reading_a_missing_file_or_a_folder_is_an_error() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let error = read_idx(folder.path().join("absent"), IdxLimits::default()).expect_err("no file");
    assert!(matches!(error, FileError::Read { .. }), "{error}");
    let error = read_idx(folder.path(), IdxLimits::default()).expect_err("a folder");
    assert!(matches!(error, FileError::NotRegular { .. }), "{error}");
}

#[test]
fn a_wrong_start_is_an_error() {
    assert_eq!(
        error(b"PK\x03\x04"),
        "bytes 0 and 1: found 50 4b, expected 00 00, the start of an IDX file"
    );
    assert_eq!(
        error(&[0, 0, 0x0d, 1, 0, 0, 0, 1, 0, 0, 0, 0]),
        "byte 2: found value type 0x0d (32-bit float), expected 0x08 (unsigned byte)"
    );
    assert_eq!(
        error(&[0, 0, 8, 0]),
        "byte 3: found 0 dimensions, expected 1 to 255"
    );
}

#[test]
fn a_wrong_number_of_dimensions_names_the_content() {
    let labels = IdxArray::new(vec![2], vec![1, 2]).expect("sizes agree");
    assert_eq!(
        read(&plain(&labels), IdxLimits::default().with_dimensions(3)),
        Err("byte 3: found 1 dimension (labels), expected 3 dimensions (images)".to_string())
    );
    assert_eq!(
        read(&plain(&array()), IdxLimits::default().with_dimensions(1)),
        Err("byte 3: found 3 dimensions (images), expected 1 dimension (labels)".to_string())
    );
}

#[test]
fn a_zero_size_is_an_error() {
    assert_eq!(
        error(&header(&[2, 0, 5])),
        "size of dimension 1: found 0, expected at least 1"
    );
}

#[test]
fn a_file_cut_short_is_an_error() {
    assert_eq!(
        error(&[]),
        "header: found 0 bytes, expected 4: the file is cut short"
    );
    assert_eq!(
        error(&[0, 0, 8]),
        "header: found 3 bytes, expected 4: the file is cut short"
    );
    assert_eq!(
        error(&plain(&array())[..13]),
        "header: found 13 bytes, expected 16: the file is cut short"
    );
    assert_eq!(
        error(&plain(&array())[..45]),
        "values: found 29, expected sizes 2x3x5: the file is cut short"
    );
    let compressed = gzip(&plain(&array()));
    assert!(error(&compressed[..compressed.len() - 3]).starts_with("values: "));
    assert!(error(&compressed[..12]).starts_with("header: "));
}

#[test]
fn bytes_after_the_values_are_an_error() {
    let mut bytes = plain(&array());
    bytes.push(0);
    let message = "values: found more bytes after the last value, expected sizes 2x3x5";
    assert_eq!(error(&bytes), message);
    assert_eq!(error(&gzip(&bytes)), message);

    let mut compressed = gzip(&plain(&array()));
    compressed.extend(b"more");
    assert!(error(&compressed).starts_with("values: "));
}

#[test]
fn a_wrong_checksum_is_an_error() {
    let mut compressed = gzip(&plain(&array()));
    let checksum = compressed.len() - 8;
    compressed[checksum] ^= 1;
    assert!(error(&compressed).starts_with("values: "));
}

#[test]
fn a_claim_beyond_the_limit_is_refused_before_reading() {
    assert_eq!(
        error(&header(&[1 << 31, 28, 28])),
        "header: found sizes 2147483648x28x28, expected at most 268435456 values"
    );
    // 2⁶⁴ values would wrap to none.
    assert_eq!(
        error(&header(&[1 << 31, 1 << 31, 4])),
        "header: found sizes 2147483648x2147483648x4, expected at most 268435456 values"
    );
    let limits = IdxLimits::default().with_max_values(29);
    assert!(read(&plain(&array()), limits).is_err());
    assert!(read(&plain(&array()), limits.with_max_values(30)).is_ok());
}

#[test]
fn a_claim_within_the_limit_takes_no_memory_that_is_not_filled() {
    let limits = IdxLimits::default().with_max_values(u64::MAX);
    assert_eq!(
        read(&header(&[1 << 31, 28, 28]), limits),
        Err("values: found 0, expected sizes 2147483648x28x28: the file is cut short".to_string())
    );
}

/// Counts what is taken from an endless stream of zeros.
struct Endless {
    start: Vec<u8>,
    given: usize,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        for byte in buffer.iter_mut() {
            *byte = self.start.get(self.given).copied().unwrap_or(0);
            self.given += 1;
        }
        Ok(buffer.len())
    }
}

#[test]
fn a_stream_longer_than_its_header_says_is_left_after_one_byte() {
    let start = header(&[2, 3, 5]);
    let mut stream = Endless { start, given: 0 };
    let error = decode_uncompressed(&mut stream, IdxLimits::default()).expect_err("endless");
    assert!(matches!(error, IdxError::Trailing { .. }));
    assert_eq!(stream.given, 16 + 30 + 1);
}

#[test]
fn arrays_have_sizes_that_agree() {
    let message = |sizes: Vec<usize>, count| {
        IdxArray::new(sizes, vec![0; count])
            .expect_err("sizes disagree")
            .to_string()
    };
    assert_eq!(
        message(vec![2, 3], 5),
        "values: found 5, expected sizes 2x3"
    );
    assert_eq!(
        message(vec![], 1),
        "byte 3: found 0 dimensions, expected 1 to 255"
    );
    assert_eq!(
        message(vec![1; 256], 1),
        "byte 3: found 256 dimensions, expected 1 to 255"
    );
    assert_eq!(
        message(vec![0], 0),
        "size of dimension 0: found 0, expected at least 1"
    );
    #[cfg(target_pointer_width = "64")]
    assert_eq!(
        message(vec![1 << 32], 1),
        "size of a dimension: found 4294967296, expected at most 4294967295"
    );
}

proptest! {
    #[test]
    fn every_array_comes_back(sizes in proptest::collection::vec(1usize..7, 1..5), fill: u8) {
        let count = sizes.iter().product();
        let values = (0..count).map(|index| (index as u8).wrapping_mul(fill)).collect();
        let array = IdxArray::new(sizes, values).unwrap();
        let plain_back = decode_uncompressed(&plain(&array)[..], IdxLimits::default()).unwrap();
        prop_assert_eq!(&plain_back, &array);
        prop_assert_eq!(read(&gzip(&plain(&array)), IdxLimits::default()), Ok(array));
    }

    #[test]
    fn any_bytes_are_an_array_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes, IdxLimits::default());
    }

    /// Random bytes seldom pass the first checks; these have a header that nearly does.
    #[test]
    fn any_header_is_an_array_or_an_error(
        dimensions in 0u8..6,
        rest in proptest::collection::vec(prop_oneof![Just(0u8), 0u8..4, any::<u8>()], 0..64),
    ) {
        let mut bytes = vec![0, 0, UNSIGNED_BYTE, dimensions];
        bytes.extend(rest);
        if let Ok(array) = decode_uncompressed(&bytes[..], IdxLimits::default()) {
            prop_assert_eq!(plain(&array), bytes);
        }
    }

    #[test]
    fn a_file_with_one_byte_changed_never_panics(at in 0usize..46, flip in 1u8..) {
        let mut bytes = plain(&array());
        bytes[at] ^= flip;
        let read_back = read(&bytes, IdxLimits::default());
        prop_assert_eq!(read_back.is_ok(), at >= 16, "only values may change unnoticed");
    }

    #[test]
    fn a_compressed_file_with_one_byte_changed_never_gives_other_values(at in any::<prop::sample::Index>(), flip in 1u8..) {
        let mut bytes = gzip(&plain(&array()));
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        // The gzip header holds a time and a system that carry no meaning here; everything else is covered by checks.
        if let Ok(read_back) = read(&bytes, IdxLimits::default()) {
            prop_assert_eq!(read_back, array());
        }
    }

    #[test]
    fn a_file_cut_anywhere_is_an_error(at in 0usize..46) {
        prop_assert!(read(&plain(&array())[..at], IdxLimits::default()).is_err());
    }

    #[test]
    fn a_compressed_file_cut_anywhere_is_an_error(at in any::<prop::sample::Index>()) {
        let bytes = gzip(&plain(&array()));
        prop_assert!(read(&bytes[..at.index(bytes.len())], IdxLimits::default()).is_err());
    }
}
