use std::io;

use crate::format::image_file::MAX_SIDE;

/// The longest line of text that is read, in bytes; programs write about fifty.
pub(super) const MAX_LINE: usize = 1 << 10;

/// What is wrong with a stream in YUV4MPEG2.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Y4mError {
    /// The system could not read on.
    #[error("frame {frame}, counted from 0: cannot be read: {error}")]
    Read {
        /// The frame that was to be read.
        frame: usize,
        /// What the system said.
        error: io::Error,
    },
    /// The stream does not begin as it should.
    #[error("bytes 0 to 8: found {found:?}, expected YUV4MPEG2")]
    Magic {
        /// The first bytes.
        found: String,
    },
    /// A line of text is longer than any is.
    #[error(
        "{place}: found more than {MAX_LINE} bytes without an end of the line, expected no more"
    )]
    LongLine {
        /// Which line.
        place: String,
    },
    /// The stream ends within its first line.
    #[error("header: found an end after {found} bytes, expected a line: the stream is cut short")]
    CutHeader {
        /// Bytes of the line.
        found: usize,
    },
    /// A parameter has a value that it can't have, or is missing.
    #[error("header: parameter {name}: found {found:?}, expected {expected}")]
    Parameter {
        /// Its letter.
        name: char,
        /// Its value.
        found: String,
        /// What it may be.
        expected: &'static str,
    },
    /// Frames of this kind are not read.
    #[error(
        "header: found {found:?}, which is not supported, expected frames of 8 bits (C420, C420jpeg, C420mpeg2, C420paldv, C422, \
         C411, C444 or Cmono), all of one kind"
    )]
    NotSupported {
        /// The parameter.
        found: String,
    },
    /// Frames are larger than frames may be.
    #[error(
        "header: found frames of {height}x{width}, expected sides of 1 to {MAX_SIDE}, and at most 2^29 bytes"
    )]
    FrameSize {
        /// Height found.
        height: u64,
        /// Width found.
        width: u64,
    },
    /// Something else is where a frame should begin.
    #[error("frame {frame}, counted from 0: found {found:?}, expected FRAME")]
    Marker {
        /// The frame that was to be read.
        frame: usize,
        /// What is there.
        found: String,
    },
    /// The stream ends within a frame.
    #[error(
        "frame {frame}, counted from 0: found {found} bytes, expected {expected}: the stream is cut short within it"
    )]
    CutFrame {
        /// The frame.
        frame: usize,
        /// Bytes of it that came.
        found: usize,
        /// Bytes of a whole one.
        expected: usize,
    },
    /// Frames are to be taken by their times, and the stream does not say how many a second there are.
    #[error(
        "header: parameter F: found no frame rate, expected one where frames are taken by a rate, a start or an end"
    )]
    NoRate,
}
