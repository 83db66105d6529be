use super::layout::{CLASSES, HIGHEST_CLASS, MAX_BYTES, RECORD};

/// Why a file is none of the files of CIFAR-10.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Cifar10Error {
    /// The file is empty.
    #[error("found an empty file, expected records of {RECORD} bytes")]
    Empty,
    /// The file ends within a record.
    #[error(
        "found {found} bytes, expected a multiple of {RECORD}, the size of a record: record {} is cut off after {} bytes",
        found / RECORD as u64,
        found % RECORD as u64
    )]
    CutOff {
        /// Bytes of the file.
        found: u64,
    },
    /// The file is larger than allowed.
    #[error("found more than {MAX_BYTES} bytes, the most that a file may have")]
    TooLarge,
    /// A class is out of range.
    #[error("record {record}, byte {}: found class {found}, expected 0 to {HIGHEST_CLASS}", record * RECORD)]
    Label {
        /// Index of the record.
        record: usize,
        /// The class.
        found: u8,
    },
    /// There is not one name for each class.
    #[error("found {found} different class names, expected {}, one in a line", CLASSES.len())]
    ClassNames {
        /// Different names found.
        found: usize,
    },
}
