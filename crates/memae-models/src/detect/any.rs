//! Detectors of whatever kind a file holds, which take files as they are.

use std::fmt;
use std::path::Path;

use burn::tensor::Device;
use memae_data::encode::{ClipsError, TableEncoderError};
use memae_data::format::shown;
use memae_data::sample::{Images, ImagesError, SampleError};

use super::detector::Detector;
use super::error::DetectorError;
use super::joint::{JointDetector, JointDetectorError};
use super::motion::{MotionDetector, MotionDetectorError};
use super::threshold::{DetectionThreshold, Verdict};
use super::video::{VideoDetector, VideoDetectorError};
use crate::artefact::{ModelFileError, Provenance, kind_of_file};
use crate::network::{
    AutoencoderConfig, ImageAutoencoderConfig, VectorAutoencoderConfig, VideoAutoencoderConfig,
};
use crate::samples::Tiled;

/// A detector of any kind, as a file holds it: for programs that learn from the file what it takes.
///
/// What lies at a path goes the way that the detector was trained with ([`Detector::preprocessing`]) and is scored; what can't go
/// that way is an error, not another score.
///
/// ```
/// use burn::tensor::Device;
/// use memae_data::drawn::DigitsConfig;
/// use memae_data::sample::{FrameColour, ImagePreprocessing};
/// use memae_models::detect::{AnyDetector, Detector, DetectorConfig, Place};
/// use memae_models::network::{ImageAutoencoderConfig, Variant};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let (path, picture) = (folder.path().join("nines.safetensors"), folder.path().join("picture.pgm"));
/// # std::fs::write(&picture, [&b"P5 60 40 255\n"[..], &[9; 2400]].concat())?;
/// # let device = Device::flex();
/// # let digits = DigitsConfig::default().with_train_per_class(5).with_test_per_class(1).generate();
/// # let network = ImageAutoencoderConfig::mnist(Variant::MemAe);
/// # let model = network.init(&device);
/// let preprocessing = ImagePreprocessing::default()
///     .with_colour(FrameColour::Grey)
///     .with_size(28, 28);
/// Detector::fit(model, network, DetectorConfig::default(), &digits.train, &device)?
///     .with_preprocessing(preprocessing)?
///     .save(&path)?;
///
/// let detector = AnyDetector::load(&path, &device)?;
/// let verdicts = detector.detect_file(&picture, &device)?;
/// assert_eq!(verdicts[0].place, Place::Image);
/// println!("{}: {:.2}", verdicts[0].place, verdicts[0].verdict.normalized);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum AnyDetector {
    /// Of images.
    Image(Box<Detector<ImageAutoencoderConfig>>),
    /// Of videos.
    Video(Box<VideoDetector>),
    /// Of rows of a table.
    Table(Box<Detector<VectorAutoencoderConfig>>),
    /// Of the motion in videos.
    Motion(Box<MotionDetector>),
    /// Of how videos look, and of the motion in them.
    Joint(Box<JointDetector>),
}

/// Where in a file something was scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Place {
    /// The file is an image.
    Image,
    /// A frame of a video, counted from 0.
    Frame(usize),
    /// A row of a table, by the line of the file that it begins in, counted from 1.
    Line(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Image => f.write_str("image"),
            Self::Frame(frame) => write!(f, "frame {frame}"),
            Self::Line(line) => write!(f, "line {line}"),
        }
    }
}

/// A verdict with where it is from.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct PlacedVerdict {
    /// Where in the file.
    pub place: Place,
    /// What the detector says.
    pub verdict: Verdict,
}

/// Why a file was not scored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileVerdictError {
    /// The detector does not say how files become samples.
    #[error(
        "{path}: found a detector of kind {kind} that does not say how files become samples, expected one that does; it is \
             of the first version of files, or was saved without a preprocessing"
    )]
    NoPreprocessing {
        /// The file that was to be scored.
        path: String,
        /// The kind of the detector.
        kind: &'static str,
    },
    /// Pixels are asked of a detector of something else.
    #[error(
        "{path}: found a detector of kind {kind}, expected one of images, which have anomalous pixels"
    )]
    NoImages {
        /// The file that was to be scored.
        path: String,
        /// The kind of the detector.
        kind: &'static str,
    },
    /// The file can't be read, or is no image, video or table.
    #[error(transparent)]
    Sample(#[from] SampleError),
    /// The samples can't be scored, as those of another shape than the network takes.
    #[error("{path}: {error}")]
    Detector {
        /// The file.
        path: String,
        /// What is wrong with it.
        error: Box<DetectorError>,
    },
    /// The pixels are none of an image.
    #[error("{path}: {error}")]
    Images {
        /// The file.
        path: String,
        /// What is wrong with them.
        error: ImagesError,
    },
    /// The video gives no clips.
    #[error(transparent)]
    Clips(#[from] ClipsError),
    /// The clips can't be scored.
    #[error("{path}: {error}")]
    Video {
        /// The file.
        path: String,
        /// What is wrong with them.
        error: Box<VideoDetectorError>,
    },
    /// The motion in the video can't be scored; what is wrong with it names the file.
    #[error("{error}")]
    Motion {
        /// The file.
        path: String,
        /// What is wrong with it.
        error: Box<MotionDetectorError>,
    },
    /// Appearance and motion in the video can't be scored.
    #[error("{path}: {error}")]
    Joint {
        /// The file.
        path: String,
        /// What is wrong with it.
        error: Box<JointDetectorError>,
    },
    /// The table is not like the one that was trained on; what is wrong with it names the file.
    #[error("{error}")]
    Table {
        /// The file.
        path: String,
        /// What is wrong with it.
        error: Box<TableEncoderError>,
    },
}

impl FileVerdictError {
    /// Where the name of the file is not in what is wrong with it, it goes before that.
    fn of_joint(error: JointDetectorError, path: &Path) -> Self {
        match error {
            JointDetectorError::Video(error) => Self::Sample(error),
            JointDetectorError::Motion(error) => Self::Motion {
                path: shown(path),
                error: Box::new(error),
            },
            other => Self::Joint {
                path: shown(path),
                error: Box::new(other),
            },
        }
    }
}

impl AnyDetector {
    /// Loads a detector of whatever kind.
    ///
    /// # Errors
    ///
    /// The file can't be read, is damaged, of a later version, or holds something else.
    pub fn load(path: impl AsRef<Path>, device: &Device) -> Result<Self, ModelFileError> {
        let path = path.as_ref();
        let kind = kind_of_file(path)?;
        match kind.as_str() {
            ImageAutoencoderConfig::KIND => {
                Detector::load_as(path, device).map(|detector| Self::Image(Box::new(detector)))
            }
            VideoDetector::KIND => {
                VideoDetector::load(path, device).map(|detector| Self::Video(Box::new(detector)))
            }
            VectorAutoencoderConfig::KIND => {
                Detector::load_as(path, device).map(|detector| Self::Table(Box::new(detector)))
            }
            MotionDetector::KIND => {
                MotionDetector::load(path, device).map(|detector| Self::Motion(Box::new(detector)))
            }
            JointDetector::KIND => {
                JointDetector::load(path, device).map(|detector| Self::Joint(Box::new(detector)))
            }
            _ => Err(ModelFileError::UnknownKind {
                path: shown(path),
                found: kind,
            }),
        }
    }

    /// Saves it, as [`Detector::save`] does.
    ///
    /// # Errors
    ///
    /// The file can't be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), ModelFileError> {
        match self {
            Self::Image(detector) => detector.save(path),
            Self::Video(detector) => detector.save(path),
            Self::Table(detector) => detector.save(path),
            Self::Motion(detector) => detector.save(path),
            Self::Joint(detector) => detector.save(path),
        }
    }

    /// The same detector with another threshold.
    pub fn with_threshold(self, threshold: DetectionThreshold) -> Self {
        match self {
            Self::Image(detector) => Self::Image(Box::new(detector.with_threshold(threshold))),
            Self::Video(detector) => Self::Video(Box::new(detector.with_threshold(threshold))),
            Self::Table(detector) => Self::Table(Box::new(detector.with_threshold(threshold))),
            Self::Motion(detector) => Self::Motion(Box::new(detector.with_threshold(threshold))),
            Self::Joint(detector) => Self::Joint(Box::new(detector.with_threshold(threshold))),
        }
    }

    /// The same detector with where it comes from.
    pub fn with_provenance(self, provenance: Provenance) -> Self {
        match self {
            Self::Image(detector) => Self::Image(Box::new(detector.with_provenance(provenance))),
            Self::Video(detector) => Self::Video(Box::new(detector.with_provenance(provenance))),
            Self::Table(detector) => Self::Table(Box::new(detector.with_provenance(provenance))),
            Self::Motion(detector) => Self::Motion(Box::new(detector.with_provenance(provenance))),
            Self::Joint(detector) => Self::Joint(Box::new(detector.with_provenance(provenance))),
        }
    }

    /// Parameters of its network, those of the memory included.
    pub fn num_parameters(&self) -> usize {
        match self {
            Self::Image(detector) => detector.network.num_parameters(),
            Self::Video(detector) => detector.network.num_parameters(),
            Self::Table(detector) => detector.network.num_parameters(),
            Self::Motion(detector) => detector.scorer().network.num_parameters(),
            Self::Joint(detector) => {
                let parts = detector.parts();
                let of_clips = parts.appearance().network.num_parameters();
                of_clips + parts.motion().network.num_parameters()
            }
        }
    }

    /// What it takes: `image`, `video` or `table`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Image(_) => ImageAutoencoderConfig::KIND,
            Self::Video(_) | Self::Motion(_) | Self::Joint(_) => VideoAutoencoderConfig::KIND,
            Self::Table(_) => "table",
        }
    }

    /// The threshold with where it comes from.
    pub fn detection_threshold(&self) -> &DetectionThreshold {
        match self {
            Self::Image(detector) => detector.detection_threshold(),
            Self::Video(detector) => detector.detection_threshold(),
            Self::Table(detector) => detector.detection_threshold(),
            Self::Motion(detector) => detector.detection_threshold(),
            Self::Joint(detector) => detector.detection_threshold(),
        }
    }

    /// Where the detector comes from.
    pub fn provenance(&self) -> &Provenance {
        match self {
            Self::Image(detector) => detector.provenance(),
            Self::Video(detector) => detector.provenance(),
            Self::Table(detector) => detector.provenance(),
            Self::Motion(detector) => detector.provenance(),
            Self::Joint(detector) => detector.provenance(),
        }
    }

    /// Scores what lies at a path: an image; a video file or a folder of frames, each frame that a clip scores, or whose
    /// motion is known; a table, each row.
    ///
    /// # Errors
    ///
    /// The detector does not say how files become samples; the file can't be read, is of another kind, or gives samples of another
    /// shape than those trained on; a score that is no number.
    pub fn detect_file(
        &self,
        path: impl AsRef<Path>,
        device: &Device,
    ) -> Result<Vec<PlacedVerdict>, FileVerdictError> {
        let path = path.as_ref();
        let shown = || shown(path);
        let missing = || FileVerdictError::NoPreprocessing {
            path: shown(),
            kind: self.kind(),
        };
        match self {
            Self::Image(detector) => {
                let preprocessing = detector.preprocessing().ok_or_else(missing)?;
                let prepared = preprocessing.read(path)?;
                let images = Images::new(prepared.shape, prepared.pixels);
                let images = images.map_err(|error| FileVerdictError::Images {
                    path: shown(),
                    error,
                })?;
                let grids = preprocessing.tiles.map(|_| vec![prepared.grid]);
                let images = Tiled::new(images, grids);
                let verdicts = of_samples(detector.detect(&images, device), path)?;
                Ok(placed(std::iter::repeat(Place::Image), verdicts))
            }
            Self::Video(detector) => {
                let preprocessing = detector.preprocessing().ok_or_else(missing)?;
                let video = preprocessing.opening().open(path)?;
                let clips = preprocessing.clips().open(&[video])?;
                let verdicts = detector.detect(&clips, device);
                let verdicts = verdicts.map_err(|error| FileVerdictError::Video {
                    path: shown(),
                    error: Box::new(error),
                })?;
                let frames = (0..clips.len()).map(|clip| Place::Frame(clips.scored_by(clip)));
                Ok(placed(frames, verdicts))
            }
            Self::Table(detector) => {
                let preprocessing = detector.preprocessing().ok_or_else(missing)?;
                let table = preprocessing.reading.read(path)?;
                let rows = preprocessing.encoder.encode(&table);
                let rows = rows.map_err(|error| FileVerdictError::Table {
                    path: shown(),
                    error: Box::new(error),
                })?;
                let verdicts = of_samples(detector.detect(&rows, device), path)?;
                let lines = (0..table.rows()).map(|row| Place::Line(table.line(row)));
                Ok(placed(lines, verdicts))
            }
            Self::Motion(detector) => {
                let video = detector.preprocessing().opening().open(path)?;
                let verdicts = detector.detect(&video, device);
                let verdicts = verdicts.map_err(|error| FileVerdictError::Motion {
                    path: shown(),
                    error: Box::new(error),
                })?;
                let scored = verdicts.into_iter().filter_map(|verdict| {
                    Some(PlacedVerdict {
                        place: Place::Frame(usize::try_from(verdict.frame).ok()?),
                        verdict: verdict.score?.verdict,
                    })
                });
                Ok(scored.collect())
            }
            Self::Joint(detector) => {
                let video = detector.parts().preprocessing().opening().open(path)?;
                let verdicts = detector.detect(&video, device);
                let verdicts = verdicts.map_err(|error| FileVerdictError::of_joint(error, path))?;
                let scored = verdicts.into_iter().filter_map(|verdict| {
                    let score = verdict.score?;
                    Some(PlacedVerdict {
                        place: Place::Frame(usize::try_from(score.frame).ok()?),
                        verdict: score.verdict,
                    })
                });
                Ok(scored.collect())
            }
        }
    }
}

pub(super) fn of_samples<T>(
    found: Result<T, DetectorError>,
    path: &Path,
) -> Result<T, FileVerdictError> {
    found.map_err(|error| FileVerdictError::Detector {
        path: shown(path),
        error: Box::new(error),
    })
}

fn placed(places: impl Iterator<Item = Place>, verdicts: Vec<Verdict>) -> Vec<PlacedVerdict> {
    let placed = places.zip(verdicts);
    placed
        .map(|(place, verdict)| PlacedVerdict { place, verdict })
        .collect()
}
