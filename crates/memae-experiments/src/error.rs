use std::path::Path;

use memae_data::dataset::SourceError;
use memae_data::drawn::{RoadError, WalkwayError};
use memae_data::encode::ClipLayoutError;
use memae_data::encode::{ClipsError, MotionError};
use memae_data::format::FileError;
use memae_data::format::shown;
use memae_data::metrics::MetricError;
use memae_data::metrics::VideoMetricError;
use memae_data::protocol::{CalibrationError, ProtocolError};
use memae_data::sample::ClipShape;
use memae_data::sample::SampleError;
use memae_data::synthetic::SyntheticError;
use memae_models::artefact::ModelFileError;
use memae_models::detect::DetectorError;
use memae_models::detect::{JointDetectorError, StreamError, VideoDetectorError};
use memae_models::network::NetworkConfigError;
use memae_models::score::RuleError;
use memae_models::train::TrainError;
use memae_models::weights::WeightsError;
use memae_pictures::PictureError;

/// Why an experiment did not end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExperimentError {
    /// The images or videos.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Frames, masks or tables.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// Clips of the videos.
    #[error(transparent)]
    Clips(#[from] ClipsError),
    /// The embedded walkway.
    #[error(transparent)]
    Walkway(#[from] WalkwayError),
    /// The drawn road.
    #[error(transparent)]
    Road(#[from] RoadError),
    /// A data set that can't be both trained and tested on.
    #[error("{source_name}: found {train} training videos and {test} test videos, expected both")]
    Videos {
        /// The data set.
        source_name: String,
        /// Training videos found.
        train: usize,
        /// Test videos found.
        test: usize,
    },
    /// The split into normal and anomalous.
    #[error(transparent)]
    Protocol(#[from] ProtocolError),
    /// The threshold.
    #[error(transparent)]
    Calibration(#[from] CalibrationError),
    /// Nothing to measure promises by.
    #[error("found no splits, or no scores of training samples, expected some of both")]
    NothingToMeasure,
    /// Fewer normal samples than a set is to have.
    #[error("found {found} normal samples, expected at least {expected} to draw a set of")]
    TooFewNormal {
        /// Normal samples there are.
        found: usize,
        /// Samples of a set.
        expected: usize,
    },
    /// The network.
    #[error(transparent)]
    Network(#[from] NetworkConfigError),
    /// Training.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// Scoring.
    #[error(transparent)]
    Detector(#[from] DetectorError),
    /// Scoring clips.
    #[error(transparent)]
    VideoDetector(#[from] VideoDetectorError),
    /// Appearance and motion joined.
    #[error(transparent)]
    JointDetector(#[from] JointDetectorError),
    /// The motion in videos.
    #[error(transparent)]
    Motion(#[from] MotionError),
    /// Videos whose motion is to be changed.
    #[error(transparent)]
    Synthetic(#[from] SyntheticError),
    /// A score rule for clips.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// Clips of another shape than the network's input.
    #[error("{which} clips are {found}, expected {expected} as the network's input")]
    ClipShape {
        /// Training or test.
        which: &'static str,
        /// Shape of the clips.
        found: ClipShape,
        /// Shape of the input.
        expected: ClipShape,
    },
    /// Test samples of another shape than the network's input.
    #[error("test {name}s are {found}, expected {expected} as the network's input")]
    SampleShape {
        /// What a sample is called.
        name: &'static str,
        /// Shape of the samples, as it is written.
        found: String,
        /// Shape of the input.
        expected: String,
    },
    /// Forms of a network that can't be compared.
    #[error("experiment: the forms to train are {found}, expected at least one, each once")]
    Variants {
        /// What was found.
        found: String,
    },
    /// No clips to fit score rules on.
    #[error("experiment: score rules are to be fitted on 0 clips, expected at least 1")]
    FitClips,
    /// Metrics of the scores.
    #[error(transparent)]
    Metric(#[from] MetricError),
    /// Metrics of the scores of videos.
    #[error(transparent)]
    VideoMetric(#[from] VideoMetricError),
    /// A picture.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// A saved model.
    #[error(transparent)]
    ModelFile(#[from] ModelFileError),
    /// Weights that PyTorch saved.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// A network that the experiment can't compare.
    #[error("experiment: the network has no memory, expected one to compare with the plain form")]
    NoMemory,
    /// Scores of clips, or labels, that do not fit.
    #[error("{path}: {reason}")]
    ClipScores {
        /// The file.
        path: String,
        /// What was found, and what expected.
        reason: String,
    },
    /// A frame of a stream.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// A video in which no frame has a score.
    #[error("{path}: found {found} frames, expected at least {expected}, those of a clip")]
    ShortVideo {
        /// The video.
        path: String,
        /// Frames found.
        found: usize,
        /// Frames in a clip.
        expected: usize,
    },
    /// Scores of a stream that are not those of the same clips.
    #[error("compare: found {found} scores, expected {expected}, one for each clip")]
    StreamScores {
        /// Scores of the stream.
        found: usize,
        /// Clips in the videos.
        expected: usize,
    },
    /// The frames of a clip.
    #[error(transparent)]
    ClipLayout(#[from] ClipLayoutError),
    /// A folder for a training in which others have files.
    #[error(
        "{folder}: holds {file}, which no training wrote; expected an empty folder, one that an earlier training left, \
         or none"
    )]
    ForeignFile {
        /// The folder.
        folder: String,
        /// A file in it.
        file: String,
    },
    /// A file that can't be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// A result that would be written over what it was made of.
    #[error("{path}: found a file that is read, expected another one to write to")]
    OutputIsInput {
        /// The file.
        path: String,
    },
    /// The list of the files of an earlier training.
    #[error("{path}: not a list of files of a training: {reason}")]
    Manifest {
        /// The list.
        path: String,
        /// What was found.
        reason: String,
    },
    /// A folder or file for results.
    #[error("{path}: can't be written: {reason}")]
    Write {
        /// The folder or file.
        path: String,
        /// What the system said.
        reason: String,
    },
}

impl ExperimentError {
    pub(crate) fn write(path: &Path, reason: impl ToString) -> Self {
        ExperimentError::Write {
            path: shown(path),
            reason: reason.to_string(),
        }
    }

    /// Whether the experiment was stopped from outside rather than by a fault.
    pub fn is_interruption(&self) -> bool {
        matches!(self, ExperimentError::Train(TrainError::Interrupted { .. }))
    }
}
