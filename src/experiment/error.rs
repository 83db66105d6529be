use std::path::Path;

use memae_data::{MetricError, ProtocolError, SourceError};
use memae_models::ModelFileError;
use memae_models::detect::DetectorError;
use memae_models::network::NetworkConfigError;
use memae_models::picture::PictureError;
use memae_models::train::TrainError;

/// Why an experiment did not end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExperimentError {
    /// The images.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The split into normal and anomalous.
    #[error(transparent)]
    Protocol(#[from] ProtocolError),
    /// The network.
    #[error(transparent)]
    Network(#[from] NetworkConfigError),
    /// Training.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// Scoring.
    #[error(transparent)]
    Detector(#[from] DetectorError),
    /// Metrics of the scores.
    #[error(transparent)]
    Metric(#[from] MetricError),
    /// A picture.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// A saved model.
    #[error(transparent)]
    ModelFile(#[from] ModelFileError),
    /// A network that the experiment can't compare.
    #[error("experiment: the network has no memory, expected one to compare with the plain form")]
    NoMemory,
    /// A folder or file for results.
    #[error("{path}: can't be written: {reason}")]
    Write {
        /// The folder or file.
        path: String,
        /// What the system said.
        reason: String,
    },
}

/// Makes a folder if need be and checks that files can be written there, so that a long run does not
/// fail at its end.
///
/// # Errors
///
/// The folder can't be made or written.
pub fn check_writable(folder: impl AsRef<Path>) -> Result<(), ExperimentError> {
    let folder = folder.as_ref();
    std::fs::create_dir_all(folder)
        .and_then(|()| tempfile::tempfile_in(folder).map(|_| ()))
        .map_err(|error| ExperimentError::Write {
            path: folder.display().to_string(),
            reason: error.to_string(),
        })
}

impl ExperimentError {
    /// Whether the experiment was stopped from outside rather than by a fault.
    pub fn is_interruption(&self) -> bool {
        matches!(self, ExperimentError::Train(TrainError::Interrupted))
    }
}
