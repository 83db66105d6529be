use std::ops::Range;

use crate::format::shown;
use crate::sample::SampleError;

/// Why no anomalies can be made of samples. Each message is one line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SyntheticError {
    /// A share is not a number between 0 and 1.
    #[error("{name}: found {found}, expected a number between 0 and 1, both excluded")]
    Share {
        /// Which share.
        name: &'static str,
        /// Its value.
        found: f64,
    },
    /// There is nothing to swap.
    #[error(
        "swapped columns: found {columns} columns, expected at least 2, as a row of one column is as normal as its values"
    )]
    TooFewColumns {
        /// Columns given.
        columns: usize,
    },
    /// Nothing to swap with.
    #[error("swapped columns: found {found} rows, expected at least 2")]
    TooFewRows {
        /// Rows given.
        found: usize,
    },
    /// Columns that are not those of the rows.
    #[error(
        "swapped columns: found a column of the values {found:?}, expected ranges within {width} values, none of them empty"
    )]
    ColumnRange {
        /// The range found.
        found: Range<usize>,
        /// Values of a row.
        width: usize,
    },
    /// Motion can't be changed by so much, or so little.
    #[error("{name}: found a factor of {found}, expected {least} to {most}")]
    Factor {
        /// Which change.
        name: &'static str,
        /// Its factor.
        found: f64,
        /// The least that it can be.
        least: f64,
        /// The most that it can be.
        most: f64,
    },
    /// In a single frame nothing moves.
    #[error("{}: found {found} frame, expected at least 2", shown(video))]
    TooFewFrames {
        /// The changed video.
        video: String,
        /// Its frames.
        found: usize,
    },
    /// Frames of a changed video do not fit the memory that they may take.
    #[error(
        "{}: found more than {most} bytes of frames, expected a shorter part of the video, or smaller frames",
        shown(video)
    )]
    TooManyBytes {
        /// The changed video.
        video: String,
        /// The limit.
        most: usize,
    },
    /// Frames are missing within a video.
    #[error(
        "{}: found a gap after {after} frames, expected a part of the video without one",
        shown(video)
    )]
    Gap {
        /// The changed video.
        video: String,
        /// Frames of the normal video that come before the gap.
        after: usize,
    },
    /// Frames of the normal video could not be had.
    #[error(transparent)]
    Sample(#[from] SampleError),
}
