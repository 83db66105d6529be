use crate::format::image_file::EXTENSIONS;

/// Why the images in a folder are not the frames of a video.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameFilesError {
    /// There are no images.
    #[error("found no {content}, expected images that end in {}", EXTENSIONS.map(|e| format!(".{e}")).join(", "))]
    Empty {
        /// What was looked for.
        content: &'static str,
    },
    /// A number is missing.
    #[error(
        "number {missing} is missing: found {after} after {before}, expected consecutive numbers"
    )]
    Gap {
        /// The first number that is missing.
        missing: u64,
        /// The file before the gap.
        before: String,
        /// The file after the gap.
        after: String,
    },
    /// Two files have the same number.
    #[error("found {first} and {second}, expected one file of number {number}")]
    Repeated {
        /// The number.
        number: u64,
        /// A file.
        first: String,
        /// Another file.
        second: String,
    },
    /// Names differ in something else than a number.
    #[error("found {first} and {second}, expected names that differ in one number")]
    Names {
        /// A file.
        first: String,
        /// Another file.
        second: String,
    },
}
