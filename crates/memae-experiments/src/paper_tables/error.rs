use memae_data::encode::{ClipLayoutError, TableEncoderError};
use memae_data::format::FileError;
use memae_data::metrics::MetricError;
use memae_data::protocol::ProtocolError;
use memae_models::train::TrainError;
use memae_pictures::PictureError;

use super::results::ResultsError;
use super::schedule::RunError;
use crate::ExperimentError;
use crate::baselines::BaselineError;

/// Why a table or one of its runs could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// The data set.
    #[error(transparent)]
    File(#[from] FileError),
    /// A run on data of another kind.
    #[error("found data of another kind than the run needs")]
    OtherData,
    /// The split into normal and anomalous.
    #[error(transparent)]
    Protocol(#[from] ProtocolError),
    /// Tables as vectors.
    #[error(transparent)]
    Encoder(#[from] TableEncoderError),
    /// Clips of videos.
    #[error(transparent)]
    ClipLayout(#[from] ClipLayoutError),
    /// Training and scoring, and what is written.
    #[error(transparent)]
    Experiment(#[from] ExperimentError),
    /// A baseline.
    #[error(transparent)]
    Baseline(#[from] BaselineError),
    /// Figures of scores.
    #[error(transparent)]
    Metric(#[from] MetricError),
    /// Test videos without labels.
    #[error("test videos: found no frame labels, expected those of at least one video")]
    NoFrameLabels,
    /// A run in a process of its own.
    #[error(transparent)]
    Run(RunError),
    /// The file of results.
    #[error(transparent)]
    Results(#[from] ResultsError),
    /// A picture.
    #[error(transparent)]
    Picture(#[from] PictureError),
}

impl From<RunError> for TableError {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Interrupted => {
                ExperimentError::from(TrainError::Interrupted { checkpoint: None }).into()
            }
            error => TableError::Run(error),
        }
    }
}

impl TableError {
    /// Whether the table was stopped from outside rather than by a fault.
    pub fn is_interruption(&self) -> bool {
        matches!(self, TableError::Experiment(error) if error.is_interruption())
    }
}
