use memae_data::sample::ImageShape;

use crate::network::NetworkConfigError;

/// Why a model file was not written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelFileError {
    /// It is no regular file, is larger than any detector, or the system refused.
    #[cfg(feature = "files")]
    #[error(transparent)]
    File(#[from] memae_data::format::FileError),
    /// The file could not be written.
    #[error("{path}: can't be written: {reason}")]
    Write {
        /// The file.
        path: String,
        /// What went wrong.
        reason: String,
    },
    /// Not a safetensors file, or a damaged one.
    #[error("{path}: not a whole safetensors file: {reason}")]
    Format {
        /// The file.
        path: String,
        /// What the reader said.
        reason: String,
    },
    /// A safetensors file with other settings than expected, or with none.
    #[error(
        "{path}: header metadata `memae`: found {found}, expected the settings of a saved detector"
    )]
    Header {
        /// The file.
        path: String,
        /// What was found.
        found: String,
    },
    /// A file of another version.
    #[error(
        "{path}: header metadata `memae`: found version {found}, expected one from 1 to {expected}; a later memae may have written it"
    )]
    Version {
        /// The file.
        path: String,
        /// Version found.
        found: u32,
        /// The latest version that is read.
        expected: u32,
    },
    /// Settings that make no network.
    #[error("{path}: header metadata `memae`: {source}")]
    Network {
        /// The file.
        path: String,
        /// What is wrong with them.
        source: NetworkConfigError,
    },
    /// Tensors that are not those of the network in the header.
    #[error("{path}: tensors don't fit the network in the header: {reason}")]
    Tensors {
        /// The file.
        path: String,
        /// Names of missing, extra or wrongly shaped tensors.
        reason: String,
    },
    /// A network for samples of another kind.
    #[error("{path}: found a detector of kind {found:?}, expected one of kind {expected:?}")]
    OtherKind {
        /// The file.
        path: String,
        /// Kind found, as the file has it.
        found: String,
        /// Kind expected.
        expected: &'static str,
    },
    /// A detector of a kind that is not known.
    #[error(
        "{path}: found a detector of kind {found:?}, expected one of image, video stream, vector, motion, appearance and motion"
    )]
    UnknownKind {
        /// The file.
        path: String,
        /// Kind found, as the file has it.
        found: String,
    },
    /// A network for images of another shape than the caller has.
    #[error("{path}: found a network for {found} images, expected one for {expected}")]
    OtherInput {
        /// The file.
        path: String,
        /// Input of the network in the file.
        found: ImageShape,
        /// Input expected.
        expected: ImageShape,
    },
}
