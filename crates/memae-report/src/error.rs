use std::path::PathBuf;

/// Why a report, or a part of one, could not be made.
///
/// Every message is one line that says what was found and what is expected; the one that comes from saving names the
/// file.
///
/// ```
/// use memae_report::{Picture, ReportError};
///
/// let error = Picture::grey(3, 2, &[0; 5]).unwrap_err();
/// assert!(matches!(error, ReportError::Pixels { found: 5, .. }));
/// assert_eq!(error.to_string(), "picture of 3x2: found 5 bytes, expected 6 (1 for each pixel)");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The bytes of a picture are not as many as its size says, or it has no pixels.
    #[error(
        "picture of {width}x{height}: found {found} bytes, expected {} ({channels} for each pixel)",
        expected_bytes(*.width, *.height, *.channels)
    )]
    Pixels {
        /// Width given.
        width: u32,
        /// Height given.
        height: u32,
        /// Bytes of a pixel.
        channels: u32,
        /// Bytes given.
        found: usize,
    },
    /// A picture could not be written as PNG.
    #[error("picture of {width}x{height}: cannot be written as PNG: {reason}")]
    Png {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
        /// What went wrong.
        reason: String,
    },
    /// The coordinates of a curve are not equally many.
    #[error("{curve}: found {x} and {y} coordinates, expected as many of one as of the other")]
    Lengths {
        /// Which curve.
        curve: &'static str,
        /// Horizontal coordinates given.
        x: usize,
        /// Vertical coordinates given.
        y: usize,
    },
    /// A curve has too few points for a line.
    #[error("{curve}: found {found} points, expected at least 2")]
    Points {
        /// Which curve.
        curve: &'static str,
        /// Points given.
        found: usize,
    },
    /// A coordinate of a curve is no rate.
    #[error("{curve}: found {found} at point {point}, expected a rate in [0, 1]")]
    Rate {
        /// Which curve.
        curve: &'static str,
        /// The coordinate.
        found: f64,
        /// Where it stands.
        point: usize,
    },
    /// A template could not be filled in.
    #[error("report: cannot be written as HTML: {reason}")]
    Html {
        /// What went wrong.
        reason: String,
    },
    /// The file could not be written; whatever was there before is untouched.
    #[error("{}: cannot be written: {source}; expected a folder that can be written to, with room for the file", .file.display())]
    Write {
        /// The report's file.
        file: PathBuf,
        /// The error of the file system.
        source: std::io::Error,
    },
}

fn expected_bytes(width: u32, height: u32, channels: u32) -> String {
    if width == 0 || height == 0 {
        return "a picture of at least 1x1".to_string();
    }
    (u128::from(width) * u128::from(height) * u128::from(channels)).to_string()
}
