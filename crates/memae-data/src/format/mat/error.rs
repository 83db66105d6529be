//! What can be wrong with a .mat file.

use std::io;

/// What is wrong with a .mat file. Variables are counted from 1, cells as well.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MatError {
    /// The file is of another version of the format.
    #[error(
        "header: found {found}, expected a MATLAB 5.0 MAT-file, as `save -v7` or `save -v6` writes"
    )]
    Version {
        /// What the file seems to be.
        found: &'static str,
    },
    /// The file ends too early.
    #[error("{place}: the file is cut short")]
    Truncated {
        /// Where it ends.
        place: String,
    },
    /// A part is not what the format asks for.
    #[error("{place}: found {found}, expected {expected}")]
    Syntax {
        /// Where it is.
        place: String,
        /// What is there.
        found: String,
        /// What should be there.
        expected: &'static str,
    },
    /// An array claims more values than are allowed.
    #[error(
        "{place}: found size {}, expected at most {max_values} values",
        times(dimensions)
    )]
    TooLarge {
        /// Where it is.
        place: String,
        /// The size claimed.
        dimensions: Vec<u32>,
        /// The limit.
        max_values: u64,
    },
    /// All arrays together have more values than are allowed.
    #[error(
        "{place}: found more than {max_values} values up to here, expected no more in the file"
    )]
    TooManyValues {
        /// Where the limit was passed.
        place: String,
        /// The limit.
        max_values: u64,
    },
    /// What is kept of a file would take more memory than a read may take, whatever it is made of.
    #[error(
        "{place}: found more than {most} bytes of {what} up to here, expected no more in the file"
    )]
    OverBudget {
        /// Where the limit was passed.
        place: String,
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        most: u64,
    },
    /// The bytes cannot be read or decompressed.
    #[error("{place}: {error}")]
    Io {
        /// Where reading stopped.
        place: String,
        /// What the reader said.
        error: io::Error,
    },
}

fn times(dimensions: &[u32]) -> String {
    let sizes: Vec<String> = dimensions.iter().map(u32::to_string).collect();
    sizes.join("x")
}
