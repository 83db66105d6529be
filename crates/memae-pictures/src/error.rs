use std::path::{Path, PathBuf};

/// Why a picture could not be made.
///
/// Every message is one line that says what was found and what is expected; those that come from saving name the
/// file.
///
/// ```
/// use memae_pictures::{ImageStack, PictureError};
///
/// let error = ImageStack::new(2, 28, 28, vec![0.0; 1568]).unwrap_err();
/// assert!(matches!(error, PictureError::Channels { found: 2 }));
/// assert_eq!(error.to_string(), "image stack: found 2 channels, expected 1 (grey) or 3 (colour)");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// An image stack has neither one channel nor three.
    #[error("image stack: found {found} channels, expected 1 (grey) or 3 (colour)")]
    Channels {
        /// Channels given.
        found: usize,
    },
    /// The height or the width of an image stack is zero, or an image has more values than memory can address.
    #[error(
        "image stack: found images of {height}x{width}, expected a height and a width of at least 1 that fit in memory"
    )]
    Size {
        /// Height given.
        height: usize,
        /// Width given.
        width: usize,
    },
    /// The values of an image stack do not make up whole images.
    #[error(
        "image stack: found {found} values, expected a multiple of {per_image} (channels x height x width)"
    )]
    Values {
        /// Values given.
        found: usize,
        /// Values in one image.
        per_image: usize,
    },
    /// Two parts of a picture do not belong together.
    #[error("{}: {what}: found {found}, expected {expected}", .file.display())]
    Mismatch {
        /// The picture's file.
        file: PathBuf,
        /// Which part, such as `read_shares`.
        what: String,
        /// Its length or shape.
        found: String,
        /// The length or shape that fits the other parts.
        expected: String,
    },
    /// An error map holds a negative value.
    #[error("{}: {what}: found {found} at position {position}, expected errors of 0 or more", .file.display())]
    Negative {
        /// The picture's file.
        file: PathBuf,
        /// Which error maps.
        what: String,
        /// The value.
        found: f32,
        /// Where in the values it stands.
        position: usize,
    },
    /// A number cannot be drawn.
    #[error("{}: {what}: found {found:?}, expected {expected}", .file.display())]
    Number {
        /// The picture's file.
        file: PathBuf,
        /// Which number, such as `mean of point 2 of "MemAE" in panel 0 ("AUC")`.
        what: String,
        /// The number.
        found: f64,
        /// What it may be.
        expected: &'static str,
    },
    /// The picture would be empty.
    #[error("{}: nothing to draw: found no {what}, expected at least one", .file.display())]
    Nothing {
        /// The picture's file.
        file: PathBuf,
        /// What there is none of.
        what: &'static str,
    },
    /// Text or a chart could not be drawn.
    #[error("{}: cannot be drawn: {reason}", .file.display())]
    Drawing {
        /// The picture's file.
        file: PathBuf,
        /// What went wrong.
        reason: String,
    },
    /// The file could not be written; whatever was there before is untouched.
    #[error("{}: cannot be written: {source}; expected a folder that can be written to, with room for the file", .file.display())]
    Write {
        /// The picture's file.
        file: PathBuf,
        /// The error of the file system or of the PNG encoder.
        source: std::io::Error,
    },
}

/// Checks that `what` has the `expected` length.
pub(super) fn check_length(
    file: &Path,
    what: impl Into<String>,
    found: usize,
    expected: usize,
    reason: &str,
) -> Result<(), PictureError> {
    if found == expected {
        return Ok(());
    }
    Err(PictureError::Mismatch {
        file: file.to_path_buf(),
        what: what.into(),
        found: format!("length {found}"),
        expected: format!("{expected} ({reason})"),
    })
}

/// Checks that there is at least one of `what`.
pub(super) fn check_some(
    file: &Path,
    what: &'static str,
    count: usize,
) -> Result<(), PictureError> {
    if count > 0 {
        return Ok(());
    }
    Err(PictureError::Nothing {
        file: file.to_path_buf(),
        what,
    })
}

/// Checks that there are no more of `what` than can be told apart.
pub(super) fn check_most(
    file: &Path,
    what: &str,
    count: usize,
    most: usize,
) -> Result<(), PictureError> {
    if count <= most {
        return Ok(());
    }
    Err(PictureError::Mismatch {
        file: file.to_path_buf(),
        what: what.to_string(),
        found: count.to_string(),
        expected: format!("at most {most} (more cannot be told apart)"),
    })
}
