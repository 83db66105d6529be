//! What can be wrong with an IDX file.

use std::io;

/// What is wrong with an IDX file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdxError {
    /// The file does not begin as IDX files do.
    #[error("bytes 0 and 1: found {:02x} {:02x}, expected 00 00, the start of an IDX file", found[0], found[1])]
    Magic {
        /// The first two bytes.
        found: [u8; 2],
    },
    /// The values are no unsigned bytes.
    #[error("byte 2: found value type 0x{found:02x} ({}), expected 0x08 (unsigned byte)", type_name(*found))]
    ValueType {
        /// The type byte.
        found: u8,
    },
    /// There are no dimensions, or more than the format can hold.
    #[error("byte 3: found {found} dimensions, expected 1 to 255")]
    DimensionCount {
        /// Dimensions found.
        found: usize,
    },
    /// The number of dimensions is not that of the kind of file asked for.
    #[error("byte 3: found {}, expected {}", content(*found), content(*expected))]
    WrongDimensions {
        /// Dimensions found.
        found: usize,
        /// Dimensions expected.
        expected: usize,
    },
    /// A size is zero.
    #[error("size of dimension {dimension}: found 0, expected at least 1")]
    ZeroSize {
        /// Index of the dimension.
        dimension: usize,
    },
    /// A size does not fit the format.
    #[error("size of a dimension: found {found}, expected at most 4294967295")]
    SizeTooLarge {
        /// The size.
        found: usize,
    },
    /// The file claims more values than are allowed.
    #[error(
        "header: found sizes {}, expected at most {max_values} values",
        times(dimensions)
    )]
    TooLarge {
        /// The sizes claimed.
        dimensions: Vec<u32>,
        /// The limit.
        max_values: u64,
    },
    /// The file ends within its header.
    #[error("header: found {found} bytes, expected {expected}: the file is cut short")]
    TruncatedHeader {
        /// Bytes found.
        found: usize,
        /// Bytes that the header takes, as far as was read.
        expected: usize,
    },
    /// The values are not as many as the sizes say.
    #[error(
        "values: found {found}, expected sizes {}: the file is cut short",
        times(dimensions)
    )]
    Truncated {
        /// Values found.
        found: usize,
        /// Sizes in the header.
        dimensions: Vec<u32>,
    },
    /// There is something after the last value.
    #[error(
        "values: found more bytes after the last value, expected sizes {}",
        times(dimensions)
    )]
    Trailing {
        /// Sizes in the header.
        dimensions: Vec<u32>,
    },
    /// Values and sizes given to an array disagree.
    #[error("values: found {found}, expected sizes {}", times(dimensions))]
    ValueCount {
        /// Values found.
        found: usize,
        /// Sizes given.
        dimensions: Vec<u32>,
    },
    /// The bytes cannot be read or decompressed.
    #[error("{place}: {error}")]
    Io {
        /// Where reading stopped.
        place: &'static str,
        /// What the reader said.
        error: io::Error,
    },
}

/// Sizes as they are written in messages: `60000x28x28`.
fn times(sizes: &[u32]) -> String {
    let sizes: Vec<String> = sizes.iter().map(u32::to_string).collect();
    sizes.join("x")
}

fn type_name(value_type: u8) -> &'static str {
    match value_type {
        0x09 => "signed byte",
        0x0b => "16-bit integer",
        0x0c => "32-bit integer",
        0x0d => "32-bit float",
        0x0e => "64-bit float",
        _ => "unknown",
    }
}

fn content(dimensions: usize) -> String {
    match dimensions {
        1 => "1 dimension (labels)".to_string(),
        3 => "3 dimensions (images)".to_string(),
        _ => format!("{dimensions} dimensions"),
    }
}
