//! .npy and .mat files that NumPy and SciPy wrote (`fixtures/arrays.py`), and what damage does to them.

use std::fmt::Display;
use std::path::PathBuf;

use memae_data::dataset::read_frame_labels;
use memae_data::format::{
    FileError, MatLimits, MatValue, NpyLimits, read_mat, read_npy, read_npy_vector,
};
use proptest::prelude::*;
use serde::Deserialize;
use tempfile::TempDir;

#[derive(Deserialize)]
struct NpyCase {
    name: String,
    file: String,
    shape: Vec<usize>,
    values: Vec<f64>,
}

#[derive(Deserialize)]
struct MatCase {
    name: String,
    file: String,
    frames: Option<Vec<usize>>,
    labels: Option<Vec<Vec<bool>>>,
}

fn bytes(hexadecimal: &str) -> Vec<u8> {
    (0..hexadecimal.len() / 2)
        .map(|index| u8::from_str_radix(&hexadecimal[2 * index..][..2], 16).expect("two digits"))
        .collect()
}

fn npy_cases() -> Vec<NpyCase> {
    serde_json::from_str(include_str!("../fixtures/npy.json")).expect("written by the script")
}

fn mat_cases() -> Vec<MatCase> {
    serde_json::from_str(include_str!("../fixtures/mat.json")).expect("written by the script")
}

/// A file of these bytes, and the folder that goes with it.
fn file(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("writable");
    (folder, path)
}

/// The message without the folder's name, which changes from run to run.
fn message(folder: &TempDir, error: impl Display) -> String {
    let message = error.to_string();
    assert!(!message.contains('\n'), "{message}");
    let folder = format!("{}{}", folder.path().display(), std::path::MAIN_SEPARATOR);
    message.replace(&folder, "")
}

#[test]
fn npy_files_are_read_as_numpy_wrote_them() {
    let cases = npy_cases();
    assert_eq!(cases.len(), 27);
    for case in cases {
        let (_folder, path) = file("array.npy", &bytes(&case.file));
        let array = read_npy(&path, NpyLimits::default()).expect("whole");
        assert_eq!(array.shape(), case.shape, "{}", case.name);
        assert_eq!(array.values(), case.values, "{}", case.name);

        let vector = read_npy_vector(&path, NpyLimits::default());
        let row = case.shape.iter().filter(|&&size| size != 1).count() <= 1;
        assert_eq!(vector.is_ok(), row, "{}", case.name);
    }
}

#[test]
fn npy_files_that_end_anywhere_are_errors() {
    for case in npy_cases() {
        let whole = bytes(&case.file);
        for end in 0..whole.len() {
            let (_folder, path) = file("array.npy", &whole[..end]);
            let array = read_npy(&path, NpyLimits::default());
            assert!(array.is_err(), "{}, {end} bytes", case.name);
        }
        let (folder, path) = file("array.npy", &[&whole[..], b"x"].concat());
        let error = read_npy(&path, NpyLimits::default()).expect_err("too long");
        let message = message(&folder, error);
        assert!(
            message.contains("more bytes after the last value"),
            "{message}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn damaged_npy_files_neither_panic_nor_fill_memory(
        case in 0usize..27, changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut damaged = bytes(&npy_cases()[case].file);
        for (place, byte) in changes {
            // Mostly in the header, which is the part that can lie.
            let place = place.index(damaged.len()).min(place.index(160));
            damaged[place] = byte;
        }
        let (folder, path) = file("array.npy", &damaged);
        match read_npy(&path, NpyLimits::default().with_max_values(1 << 10)) {
            Ok(array) => prop_assert!(array.values().len() <= 1 << 10),
            Err(error) => prop_assert!(message(&folder, error).starts_with("array.npy: ")),
        }
        let _ = read_frame_labels(&path);
    }

    #[test]
    fn damaged_mat_files_neither_panic_nor_fill_memory(
        case in 0usize..18, changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut damaged = bytes(&mat_cases()[case].file);
        for (place, byte) in changes {
            // The first 124 bytes are text that nothing depends on.
            let place = 124 + place.index(damaged.len() - 124);
            damaged[place] = byte;
        }
        let (folder, path) = file("array.mat", &damaged);
        if let Err(error) = read_mat(&path, MatLimits::default().with_max_values(1 << 10)) {
            prop_assert!(message(&folder, error).starts_with("array.mat: "));
        }
        if let Err(error) = read_frame_labels(&path) {
            prop_assert!(message(&folder, error).starts_with("array.mat: "));
        }
    }
}

/// An .npy file of version 1 with this header.
fn npy(header: &str, values: &[u8]) -> Vec<u8> {
    let length = u16::try_from(header.len()).expect("a short header");
    let start = [&b"\x93NUMPY\x01\x00"[..], &length.to_le_bytes()].concat();
    [&start, header.as_bytes(), values].concat()
}

#[test]
fn damaged_npy_files_say_what_is_wrong() {
    let read = |bytes: &[u8]| {
        let (folder, path) = file("a.npy", bytes);
        message(
            &folder,
            read_npy(&path, NpyLimits::default()).expect_err("damaged"),
        )
    };
    let of_header = |header: &str| read(&npy(header, &[]));

    assert_eq!(
        read(b"PK\x03\x04zip"),
        "a.npy: bytes 0 to 5: found [50, 4b, 03, 04, 7a, 69], expected \\x93NUMPY, the start of an .npy file"
    );
    assert_eq!(
        read(b""),
        "a.npy: bytes 0 to 5: found [], expected \\x93NUMPY, the start of an .npy file"
    );
    assert_eq!(
        read(b"\x93NUMPY\x04\x00"),
        "a.npy: bytes 6 and 7: found version 4.0, expected 1.0, 2.0 or 3.0"
    );
    assert_eq!(
        read(b"\x93NUMPY\x02\x00\xff\xff\xff\xff"),
        "a.npy: header: found a length of 4294967295 bytes, expected at most 65536"
    );
    assert_eq!(
        read(b"\x93NUMPY\x01\x00\x40\x00{'descr'"),
        "a.npy: header: found 18 bytes, expected 74: the file is cut short"
    );
    assert_eq!(
        of_header("{'descr': '<f8', 'shape': (3,), }"),
        "a.npy: header: found no key `fortran_order`, expected descr, fortran_order and shape"
    );
    assert_eq!(
        of_header("{'descr': '<c16', 'fortran_order': False, 'shape': (3,), }"),
        "a.npy: header: found values of type `<c16`, expected b1, i1 to i8, u1 to u8, f2, f4 or f8 with `<`, `>` or `|` before"
    );
    assert_eq!(
        of_header("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (3,), }"),
        "a.npy: header: found values of type `several named fields`, expected b1, i1 to i8, u1 to u8, f2, f4 or f8 with `<`, `>` or `|` before"
    );
    assert_eq!(
        of_header("{'descr': '<f8', 'fortran_order': None"),
        "a.npy: header: character 34: found `N`, expected True or False"
    );
    assert_eq!(
        of_header("{'descr': '<f8', 'size': 3}"),
        "a.npy: header: character 17: found the key `size`, expected descr, fortran_order and shape, each once"
    );
    assert_eq!(
        of_header("{'descr': '<f8', 'fortran_order': False, 'shape': (-3,)}"),
        "a.npy: header: character 51: found `-`, expected a size below 2^64"
    );
    // 2³² · 2³² wraps to 0 in 64 bits.
    assert_eq!(
        of_header("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)}"),
        "a.npy: header: found shape (4294967296, 4294967296), expected at most 16777216 values"
    );
    assert_eq!(
        of_header("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}"),
        "a.npy: header: character 70: found `9`, expected a size below 2^64"
    );
    assert_eq!(
        read(&npy(
            "{'descr': '<u2', 'fortran_order': False, 'shape': (3,)}",
            &[1, 0, 2]
        )),
        "a.npy: values: found 1, expected shape (3,): the file is cut short"
    );
    let nested = format!("{{'shape': {}", "(".repeat(60_000));
    assert_eq!(
        of_header(&nested),
        "a.npy: header: character 11: found `(`, expected a size below 2^64"
    );

    let matrix = npy(
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3)}",
        &[0; 6],
    );
    let (folder, path) = file("a.npy", &matrix);
    let error = read_npy_vector(&path, NpyLimits::default()).expect_err("a matrix");
    assert_eq!(
        message(&folder, error),
        "a.npy: header: found shape (2, 3), expected a single row of values"
    );
    let error = read_npy(folder.path().join("b.npy"), NpyLimits::default()).expect_err("absent");
    assert!(matches!(error, FileError::Read { .. }));
}

#[test]
fn floats_of_half_precision_are_read_exactly() {
    // One, the smallest above 0, the largest, infinity, and what is no number.
    let patterns = [0x3c00u16, 0xc100, 0x0001, 0x7bff, 0xfc00, 0x7e00];
    for order in ['<', '>'] {
        let header = format!("{{'descr': '{order}f2', 'fortran_order': False, 'shape': (6,)}}");
        let bytes = patterns.map(|pattern| match order {
            '<' => pattern.to_le_bytes(),
            _ => pattern.to_be_bytes(),
        });
        let (_folder, path) = file("a.npy", &npy(&header, &bytes.concat()));
        let values = read_npy_vector(&path, NpyLimits::default()).expect("whole");
        assert_eq!(
            values[..5],
            [1.0, -2.5, f64::powi(2.0, -24), 65504.0, f64::NEG_INFINITY]
        );
        assert!(values[5].is_nan());
    }
}

/// Labels whose flags say that imaginary parts follow, one array and a cell with one.
#[test]
fn numbers_with_imaginary_parts_are_no_labels() {
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect();
    // Flags, sizes, a name of one letter, and six bytes twice: 0, 1, 0, and 1 above each as the imaginary part.
    let array = |flags: u32, name: u8| -> Vec<u8> {
        let head: Vec<u8> = words(&[6, 8, flags, 0, 5, 8, 1, 3]);
        let part: Vec<u8> = [words(&[2, 3]), vec![0, 1, 0, 0, 0, 0, 0, 0]].concat();
        let parts = 1 + usize::from(flags & 0x800 != 0);
        let content = [head, vec![1, 0, 1, 0, name, 0, 0, 0], part.repeat(parts)].concat();
        [words(&[14, content.len() as u32]), content].concat()
    };
    let cell = |flags: u32| -> Vec<u8> {
        let head: Vec<u8> = words(&[6, 8, 1, 0, 5, 8, 1, 1]);
        let content = [head, vec![1, 0, 1, 0, b'c', 0, 0, 0], array(flags, b'x')].concat();
        [words(&[14, content.len() as u32]), content].concat()
    };
    let read = |variable: &[u8]| {
        let start = [&[b' '; 124][..], &[0, 1, b'I', b'M']].concat();
        let (folder, path) = file("a.mat", &[&start, variable].concat());
        match read_frame_labels(&path) {
            Ok(labels) => {
                assert_eq!(labels.of_videos(&[3]), Ok(vec![vec![false, true, false]]));
                "labels".to_string()
            }
            Err(error) => message(&folder, error),
        }
    };
    assert_eq!(read(&array(9, b'a')), "labels");
    assert_eq!(read(&cell(9)), "labels");
    let found = read(&array(0x809, b'a'));
    assert!(
        found.starts_with("a.mat: frame labels: found only `a` (complex), expected"),
        "{found}"
    );
    let found = read(&cell(0x809));
    assert!(
        found.starts_with(
            "a.mat: frame labels: found something else (complex) in cell 1 of `c`, expected"
        ),
        "{found}"
    );
}

#[test]
fn mat_files_are_read_as_scipy_wrote_them() {
    let cases = mat_cases();
    assert_eq!(cases.len(), 18);
    for case in cases {
        let (_folder, path) = file("labels.mat", &bytes(&case.file));
        let labels = read_frame_labels(&path);
        match case.labels {
            Some(expected) => {
                let frames = case.frames.expect("labels have frames");
                let labels = labels.unwrap_or_else(|error| panic!("{}: {error}", case.name));
                assert_eq!(labels.of_videos(&frames), Ok(expected), "{}", case.name);
            }
            None => assert!(labels.is_err(), "{}", case.name),
        }
    }
}

#[test]
fn mat_files_give_names_sizes_and_values() {
    let cases = mat_cases();
    let case = cases
        .iter()
        .find(|case| case.name == "masks in cells, compressed")
        .expect("made");
    let (folder, path) = file("a.mat", &bytes(&case.file));
    let variables = read_mat(&path, MatLimits::default()).expect("whole");
    assert_eq!(variables.len(), 1);
    assert_eq!(variables[0].name, "volLabel");
    let MatValue::Cells(masks) = &variables[0].value else {
        panic!("{:?}", variables[0].value);
    };
    assert_eq!(masks.len(), 6);
    let MatValue::Array(mask) = &masks[2] else {
        panic!("{:?}", masks[2]);
    };
    assert_eq!(mask.dimensions, [5, 7]);
    assert_eq!(mask.values.iter().position(|&value| value == 1.0), Some(34));

    let limit = |values| {
        message(
            &folder,
            read_mat(&path, MatLimits::default().with_max_values(values)).unwrap_err(),
        )
    };
    assert_eq!(
        limit(34),
        "a.mat: variable `volLabel`: cell 1: found size 5x7, expected at most 34 values"
    );
    assert_eq!(
        limit(209),
        "a.mat: variable `volLabel`: found more than 209 values up to here, expected no more in the file"
    );
    assert!(read_mat(&path, MatLimits::default().with_max_values(210)).is_ok());
}

#[test]
fn mat_files_that_end_anywhere_are_errors() {
    for case in mat_cases() {
        let whole = bytes(&case.file);
        let (_folder, path) = file("a.mat", &whole[..128]);
        assert_eq!(
            read_mat(&path, MatLimits::default()).expect("no variables"),
            []
        );
        // A file of several variables may end after one of them.
        if case.name.starts_with("several") {
            continue;
        }
        for end in (0..128).chain(129..whole.len()) {
            let (folder, path) = file("a.mat", &whole[..end]);
            let Err(error) = read_mat(&path, MatLimits::default()) else {
                panic!("{}: {end} of {} bytes", case.name, whole.len());
            };
            assert!(message(&folder, error).starts_with("a.mat: "));
        }
    }
}

#[test]
fn damaged_mat_files_say_what_is_wrong() {
    let read = |bytes: &[u8]| {
        let (folder, path) = file("a.mat", bytes);
        message(&folder, read_frame_labels(&path).expect_err("damaged"))
    };
    let expected = "expected a MATLAB 5.0 MAT-file, as `save -v7` or `save -v6` writes";
    assert_eq!(
        read(b"MATLAB 7.3 MAT-file, Platform: GLNXA64"),
        format!("a.mat: header: found version 7.3 (HDF5), {expected}")
    );
    assert_eq!(
        read(b"{}"),
        format!("a.mat: header: found something else, {expected}")
    );
    let cases = mat_cases();
    let case = |name: &str| {
        let case = cases.iter().find(|case| case.name == name).expect("made");
        bytes(&case.file)
    };
    assert_eq!(
        read(&case("a row")[..100]),
        "a.mat: header: the file is cut short"
    );
    assert_eq!(
        read(&case("a row")[..160]),
        "a.mat: variable 1: the file is cut short"
    );
    assert_eq!(
        read(&case("a row")[..196]),
        "a.mat: variable `labels`: the file is cut short"
    );
    assert_eq!(
        read(&case("a row")[..128]),
        "a.mat: frame labels: found no variable, expected a row of labels, masks, or cells with a mask for each frame, \
         labels for each video, or first and last frames for each video"
    );
    assert!(read(&case("text")).contains("found only `note` (char)"));
    assert!(read(&case("several")).contains("found the variables a, b"));

    // The size of the only array, which comes after the header, its tag and the flags.
    let mut row = case("a row");
    row[160..164].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f]);
    assert_eq!(
        read(&row),
        "a.mat: variable `labels`: found size 2147483647x23, expected at most 16777216 values"
    );
    row[160..164].copy_from_slice(&[2, 0, 0, 0]);
    assert_eq!(
        read(&row),
        "a.mat: variable `labels`: found 23 values, expected as many as the dimensions ask for"
    );
    row[160..164].copy_from_slice(&[0, 0, 0, 0x80]);
    assert_eq!(
        read(&row),
        "a.mat: variable 1: found a dimension of -2147483648, expected 0 or more"
    );
}

/// The same file with its numbers in the other order of bytes.
#[test]
fn mat_files_of_either_order_of_bytes_are_read() {
    let words = |words: &[u32]| {
        words
            .iter()
            .flat_map(|word| word.to_be_bytes())
            .collect::<Vec<u8>>()
    };
    let mut file_bytes = vec![b' '; 124];
    file_bytes.extend([1, 0, b'M', b'I']);
    // An array of 8 + 8 flags, 8 + 8 sizes, 4 + 4 name, 8 + 8 values.
    file_bytes.extend(words(&[14, 56, 6, 8, 6, 0, 5, 8, 1, 3]));
    file_bytes.extend([0, 1, 0, 1, b'a', 0, 0, 0]); // a short element: one byte of type 1
    file_bytes.extend(words(&[3, 6]));
    file_bytes.extend([0, 1, 0, 0, 0, 1, 0, 0]); // three 16-bit numbers and padding
    let (_folder, path) = file("a.mat", &file_bytes);
    let labels = read_frame_labels(&path).expect("whole");
    assert_eq!(labels.of_videos(&[3]), Ok(vec![vec![true, false, true]]));
}
