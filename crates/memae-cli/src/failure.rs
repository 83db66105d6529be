//! Why a command could not do its work.

use std::io;
use std::path::{Path, PathBuf};

use burn::data::dataset::DatasetError;
use memae::artefact::ModelFileError;
use memae::data::dataset::SourceError;
use memae::data::encode::{ClipsError, MotionError, TableEncoderError};
use memae::data::format::{AddressError, FileError, shown};
use memae::data::metrics::{MetricError, VideoMetricError};
use memae::data::protocol::CalibrationError;
use memae::data::sample::{ImagesError, SampleError, VectorsError};
use memae::detect::{
    DetectorError, FileVerdictError, JointDetectorError, MotionDetectorError, StreamError,
    VideoDetectorError,
};
use memae::device::DeviceError;
use memae::network::NetworkConfigError;
use memae::train::TrainError;
use memae_pictures::PictureError;
use memae_report::ReportError;

/// Why a command could not do its work, in one line.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Device(#[from] DeviceError),
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error(transparent)]
    Sample(#[from] SampleError),
    #[error(transparent)]
    Images(#[from] ImagesError),
    #[error(transparent)]
    Vectors(#[from] VectorsError),
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    #[error(transparent)]
    Clips(#[from] ClipsError),
    #[error(transparent)]
    Encoder(#[from] TableEncoderError),
    #[error(transparent)]
    Network(#[from] NetworkConfigError),
    #[error(transparent)]
    Train(#[from] TrainError),
    #[error(transparent)]
    Detector(#[from] DetectorError),
    #[error(transparent)]
    Video(#[from] VideoDetectorError),
    #[error(transparent)]
    Motion(#[from] MotionError),
    #[error(transparent)]
    MotionDetector(#[from] MotionDetectorError),
    #[error(transparent)]
    JointDetector(#[from] JointDetectorError),
    #[error(transparent)]
    Stream(#[from] StreamError),
    #[error(transparent)]
    Verdict(#[from] FileVerdictError),
    #[error(transparent)]
    Model(#[from] ModelFileError),
    #[error(transparent)]
    Calibration(#[from] CalibrationError),
    #[error(transparent)]
    Metric(#[from] MetricError),
    #[error(transparent)]
    Pixels(#[from] VideoMetricError),
    #[error(transparent)]
    Picture(#[from] PictureError),
    #[error(transparent)]
    Report(#[from] ReportError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Address(#[from] AddressError),
    #[error("standard output: {0}")]
    Output(io::Error),
    #[error("{}: {error}", shown(path))]
    Write { path: PathBuf, error: io::Error },
    /// The reader of standard output has seen enough: no fault, but the end of what goes on for ever.
    #[error("standard output: nobody reads it any more")]
    NobodyReads,
    /// What was asked for can't be had; says what was found and what was expected.
    #[error("{0}")]
    Other(String),
}

impl Failure {
    pub(crate) fn writing(path: &Path) -> impl Fn(io::Error) -> Self {
        move |error| Self::Write {
            path: path.to_path_buf(),
            error,
        }
    }

    pub(crate) fn is_interruption(&self) -> bool {
        matches!(self, Self::Train(TrainError::Interrupted { .. }))
    }
}
