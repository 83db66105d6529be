use crate::sample::{ImageShape, SampleError};

/// The most pixels of a frame, and of its side: beyond them the place of a pixel is no `f32`.
pub(super) const MAX_PIXELS: usize = 1 << 27;
const MAX_SIDE: usize = 1 << 16;

/// Why there is no motion to be had. Each message is one line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MotionError {
    /// A setting is out of range.
    #[error("{setting}: found {found}, expected {expected}")]
    Setting {
        /// Its name.
        setting: &'static str,
        /// What it was.
        found: f64,
        /// What it may be.
        expected: &'static str,
    },
    /// Frames without pixels, or with too many.
    #[error(
        "frames of {height}x{width}: expected at least one pixel, at most {MAX_PIXELS}, and sides of at most {MAX_SIDE}"
    )]
    Size {
        /// Rows asked for.
        height: usize,
        /// Pixels in a row asked for.
        width: usize,
    },
    /// A frame has more or fewer pixels than its size says.
    #[error("frame: found {found} pixels, expected {height}x{width}")]
    Pixels {
        /// Pixels of the frame.
        found: usize,
        /// Rows expected.
        height: usize,
        /// Pixels in a row expected.
        width: usize,
    },
    /// A frame is not of the size that the frames before it have, or not grey.
    #[error("frame: found the shape {found}, expected {expected}")]
    Shape {
        /// The shape of the frame.
        found: ImageShape,
        /// The shape of those before it.
        expected: ImageShape,
    },
    /// A pixel is not a number from 0 to 1.
    #[error("frame, row {row}, column {column}: found {found}, expected a number from 0 to 1")]
    Value {
        /// Row of the pixel, from 0.
        row: usize,
        /// Its column, from 0.
        column: usize,
        /// What it was.
        found: f32,
    },
    /// The way from videos to motion does not say which size frames are brought to.
    #[error("size: found none, expected a height and a width that frames are brought to")]
    NoSize,
    /// Frames come more often or more rarely than they should: what they show would be of another speed.
    #[error("{path}: found {found:.2} frames a second, expected about {expected:.2}")]
    Rate {
        /// The video.
        path: String,
        /// Its frames a second.
        found: f64,
        /// Those expected.
        expected: f64,
    },
    /// Frames of a video could not be had.
    #[error(transparent)]
    Sample(#[from] SampleError),
}

/// An error unless the setting is in its range.
pub(super) fn check(
    fits: bool,
    setting: &'static str,
    found: f64,
    expected: &'static str,
) -> Result<(), MotionError> {
    match fits {
        true => Ok(()),
        false => Err(MotionError::Setting {
            setting,
            found,
            expected,
        }),
    }
}

/// An error unless frames have pixels, and not too many.
pub(super) fn check_size(height: usize, width: usize) -> Result<(), MotionError> {
    let sides = height.max(width) <= MAX_SIDE;
    match height.checked_mul(width) {
        Some(1..=MAX_PIXELS) if sides => Ok(()),
        _ => Err(MotionError::Size { height, width }),
    }
}
