//! What can be wrong with an .npy file.

use std::io;

/// The longest header that is read, in bytes; those of plain arrays take about a hundred.
pub(super) const MAX_HEADER: u32 = 1 << 16;

/// What is wrong with an .npy file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NpyError {
    /// The file does not begin as .npy files do.
    #[error("bytes 0 to 5: found {found:02x?}, expected \\x93NUMPY, the start of an .npy file")]
    Magic {
        /// The first bytes, six where there are as many.
        found: Vec<u8>,
    },
    /// The version of the format is unknown.
    #[error("bytes 6 and 7: found version {}.{}, expected 1.0, 2.0 or 3.0", found.0, found.1)]
    Version {
        /// Major and minor version.
        found: (u8, u8),
    },
    /// The header claims to be longer than any header of such an array.
    #[error("header: found a length of {found} bytes, expected at most {MAX_HEADER}")]
    HeaderTooLong {
        /// The length claimed.
        found: u32,
    },
    /// The file ends within its header.
    #[error("header: found {found} bytes, expected {expected}: the file is cut short")]
    TruncatedHeader {
        /// Bytes found.
        found: usize,
        /// Bytes that the header takes, as far as was read.
        expected: usize,
    },
    /// The header is not the dictionary that it should be.
    #[error("header: character {at}: found {found}, expected {expected}")]
    Syntax {
        /// Index of the character within the header's text.
        at: usize,
        /// What is there.
        found: String,
        /// What should be there.
        expected: &'static str,
    },
    /// A key of the header is missing.
    #[error("header: found no key `{key}`, expected descr, fortran_order and shape")]
    MissingKey {
        /// The key.
        key: &'static str,
    },
    /// The values are of a type that is not read.
    #[error(
        "header: found values of type `{found}`, expected b1, i1 to i8, u1 to u8, f2, f4 or f8 with `<`, `>` or `|` before"
    )]
    ValueType {
        /// The type as it is written in the header.
        found: String,
    },
    /// The file claims more values than are allowed.
    #[error(
        "header: found shape {}, expected at most {max_values} values",
        tuple(shape)
    )]
    TooLarge {
        /// The shape claimed.
        shape: Vec<u64>,
        /// The limit.
        max_values: u64,
    },
    /// The values are not as many as the shape says.
    #[error(
        "values: found {found}, expected shape {}: the file is cut short",
        tuple(shape)
    )]
    Truncated {
        /// Values found.
        found: u64,
        /// Shape in the header.
        shape: Vec<u64>,
    },
    /// There is something after the last value.
    #[error(
        "values: found more bytes after the last value, expected shape {}",
        tuple(shape)
    )]
    Trailing {
        /// Shape in the header.
        shape: Vec<u64>,
    },
    /// The array has another number of dimensions than asked for.
    #[error("header: found shape {}, expected {expected}", tuple(shape))]
    Shape {
        /// Shape in the header.
        shape: Vec<u64>,
        /// What was asked for.
        expected: &'static str,
    },
    /// The bytes cannot be read.
    #[error("{place}: {error}")]
    Io {
        /// Where reading stopped.
        place: &'static str,
        /// What the reader said.
        error: io::Error,
    },
}

/// A shape as Python writes it: `(3,)`, `(2, 3)`.
fn tuple(shape: &[u64]) -> String {
    match shape {
        [size] => format!("({size},)"),
        sizes => {
            let sizes: Vec<String> = sizes.iter().map(u64::to_string).collect();
            format!("({})", sizes.join(", "))
        }
    }
}
