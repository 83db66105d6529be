#[cfg(feature = "files")]
use std::path::Path;

use burn::tensor::Device;
#[cfg(feature = "files")]
use memae_data::encode::MotionError;
use memae_data::encode::{MotionFrame, MotionPreprocessing};
#[cfg(feature = "files")]
use memae_data::protocol::Calibration;
#[cfg(feature = "files")]
use memae_data::sample::Video;

use super::error::MotionDetectorError;
use super::fitted::FittedMotion;
use super::scorer::MotionScorer;
use super::verdict::{MotionScore, MotionVerdict};
#[cfg(feature = "files")]
use crate::artefact::{DetectorParts, FittedState, load_model, save_model};
use crate::artefact::{Loaded, ModelFileError, Provenance, read_model};
use crate::detect::threshold::DetectionThreshold;
use crate::network::VectorAutoencoderConfig;

/// Share of the frames of normal videos that lie at or below the threshold of [`MotionDetector::fit`].
#[cfg(feature = "files")]
const QUANTILE: f64 = 0.99;

/// A detector of motion that is not normal: what moves where nothing did, faster, larger, or in another direction.
///
/// The query of each place of a frame, how fast what is there moves in each direction ([`MotionField`](memae_data::encode::MotionField)), goes through an
/// autoencoder of vectors, as a rule a [memory alone](VectorAutoencoderConfig::memory_alone); a place is as far from normal as the query from its
/// reconstruction, and a frame as its worst place:
///
/// ```text
/// score = max over places of ‖q − q̂‖
/// ```
///
/// in heights of the frame a second. Nothing is taken from the video that is scored but its past, so that a live camera gets the
/// same scores as a file. It does not see what stands still.
///
/// ```
/// use burn::tensor::Device;
/// use memae_data::drawn::WalkwayConfig;
/// use memae_data::encode::{MotionConfig, MotionPreprocessing};
/// use memae_data::sample::VideoConfig;
/// use memae_models::detect::{MotionDetector, MotionScorer};
/// use memae_models::train::MotionMemoryConfig;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let device = Device::flex();
/// let videos = WalkwayConfig::default().with_size(60, 90).with_train(3, 20).generate()?.to_video_set()?;
/// let way = MotionPreprocessing::new(&VideoConfig::default(), (60, 90), 10.0, &MotionConfig::default())?;
/// let (train, held_out) = videos.train.split_at(2);
/// let (model, network) = MotionMemoryConfig::default().fit_videos(&way, train, &device)?;
/// let scorer = MotionScorer::new(model, network, way)?;
/// let detector = MotionDetector::fit(scorer, train, &device)?.calibrate(held_out, 0.5, &device)?;
///
/// for verdict in detector.detect(&videos.test[0].video, &device)? {
///     let Some(score) = verdict.score else { continue };
///     if score.verdict.anomalous {
///         println!("frame {}: {:.3} at {}", verdict.frame, score.verdict.score, score.place);
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct MotionDetector {
    scorer: MotionScorer,
    fitted: FittedMotion,
    provenance: Provenance,
}

impl MotionDetector {
    /// A detector that flags what is above this threshold.
    pub fn new(scorer: MotionScorer, threshold: DetectionThreshold) -> Self {
        Self {
            scorer,
            fitted: FittedMotion { threshold },
            provenance: Provenance::default(),
        }
    }

    /// What scores are made by.
    pub fn scorer(&self) -> &MotionScorer {
        &self.scorer
    }

    /// The same detector with where it comes from, which its file keeps.
    pub fn with_provenance(mut self, provenance: Provenance) -> Self {
        self.provenance = provenance;
        self
    }

    /// The same detector with another threshold.
    pub fn with_threshold(mut self, threshold: DetectionThreshold) -> Self {
        self.fitted.threshold = threshold;
        self
    }

    /// The way from videos to motion.
    pub fn preprocessing(&self) -> &MotionPreprocessing {
        self.scorer.preprocessing()
    }

    /// Where the detector comes from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// Score above which a frame is flagged, in heights of the frame a second.
    pub fn threshold(&self) -> f64 {
        self.fitted.threshold.value()
    }

    /// The threshold with where it comes from.
    pub fn detection_threshold(&self) -> &DetectionThreshold {
        &self.fitted.threshold
    }

    /// What is said of a frame whose motion is known, as this detector's [way](Self::preprocessing) gives it.
    ///
    /// # Errors
    ///
    /// A score that is no number.
    ///
    /// # Panics
    ///
    /// Panics if the motion has other places than the detector's.
    pub fn verdict(
        &self,
        frame: u64,
        motion: &MotionFrame,
        device: &Device,
    ) -> Result<MotionVerdict, MotionDetectorError> {
        let distances = match &motion.field {
            Some(field) => Some(self.scorer.distances(frame, field, device)?),
            None => None,
        };
        Ok(MotionVerdict {
            frame,
            score: distances.map(|distances| MotionScore {
                verdict: self.fitted.threshold.verdict(distances.score),
                place: distances.place,
                distances: distances.distances,
            }),
            cut: motion.cut,
            camera: motion.camera,
        })
    }

    /// Reads what [`save`](Self::save) wrote, from the bytes of the file; errors call it `name`.
    ///
    /// # Errors
    ///
    /// The bytes are damaged, or those of something else.
    pub fn from_bytes(bytes: Vec<u8>, name: &str, device: &Device) -> Result<Self, ModelFileError> {
        let loaded: Loaded<VectorAutoencoderConfig, FittedMotion> =
            read_model(bytes, name, device)?;
        Self::from_loaded(loaded, name)
    }

    fn from_loaded(
        loaded: Loaded<VectorAutoencoderConfig, FittedMotion>,
        name: &str,
    ) -> Result<Self, ModelFileError> {
        let parts = loaded.parts;
        let preprocessing = parts.preprocessing.ok_or_else(|| ModelFileError::Header {
            path: name.to_string(),
            found: "a detector that does not say how files become samples".to_string(),
        })?;
        let scorer = MotionScorer::new(loaded.model, parts.network, preprocessing);
        let scorer = scorer.map_err(|error| ModelFileError::Header {
            path: name.to_string(),
            found: error.to_string(),
        })?;
        Ok(Self {
            scorer,
            fitted: parts.fitted,
            provenance: parts.provenance,
        })
    }
}

#[cfg(feature = "files")]
impl MotionDetector {
    /// What files call detectors of this kind.
    pub(in crate::detect) const KIND: &'static str =
        <FittedMotion as FittedState<VectorAutoencoderConfig>>::KIND;

    /// Fits a threshold that 99 % of the frames of normal videos lie at or below: [`calibrate`](Self::calibrate) by others, whose
    /// motion the model has not seen.
    ///
    /// # Errors
    ///
    /// As of [`MotionScorer::video_scores`]; no frame that is scored.
    pub fn fit(
        scorer: MotionScorer,
        normal: &[Video],
        device: &Device,
    ) -> Result<Self, MotionDetectorError> {
        let mut scores = Vec::new();
        for video in normal {
            scores.extend(scorer.video_scores(video, device)?.into_iter().flatten());
        }
        let threshold = DetectionThreshold::of_training(&scores, QUANTILE);
        let expected = scorer.preprocessing().layout()?.frames() + 1;
        let threshold = threshold.ok_or(MotionDetectorError::NoFrames { expected })?;
        Ok(Self::new(scorer, threshold))
    }

    /// The same detector with a threshold that flags no more than `rate` of normal frames, by videos that nothing has looked at
    /// before ([`Calibration`]). Frames of one video are not exchangeable, so that it is the number of videos that counts.
    ///
    /// # Errors
    ///
    /// As of [`MotionScorer::video_scores`]; no frames that are scored; a rate that is not in (0, 1).
    pub fn calibrate(
        self,
        held_out: &[Video],
        rate: f64,
        device: &Device,
    ) -> Result<Self, MotionDetectorError> {
        let (mut scores, mut groups) = (Vec::new(), Vec::new());
        for (number, video) in held_out.iter().enumerate() {
            let of_video = self.scorer.video_scores(video, device)?;
            scores.extend(of_video.into_iter().flatten());
            groups.resize(scores.len(), number);
        }
        let calibration = Calibration::in_groups(&scores, &groups)?;
        let threshold = DetectionThreshold::held_out(calibration, rate)?;
        Ok(self.with_threshold(threshold))
    }

    /// What is said of each frame of a video, in order.
    ///
    /// # Errors
    ///
    /// The video does not go the detector's way: it can't be decoded, or has too few frames a second; a score that is no number.
    pub fn detect(
        &self,
        video: &Video,
        device: &Device,
    ) -> Result<Vec<MotionVerdict>, MotionDetectorError> {
        let frames = self.preprocessing().frames(video)?;
        let numbered = (0..).zip(frames);
        numbered
            .map(|(number, motion): (u64, Result<_, MotionError>)| {
                self.verdict(number, &motion?, device)
            })
            .collect()
    }

    /// Saves everything in one safetensors file: items and weights under the names that PyTorch would give them, settings and
    /// threshold as JSON in the header's metadata (key `memae`).
    ///
    /// The file is written beside `path` and renamed, so that a crash leaves the old one or none.
    ///
    /// # Errors
    ///
    /// The file can't be written, or its header would be longer than is read, 16 MiB: then the old one stays.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), ModelFileError> {
        let parts = DetectorParts {
            network: self.scorer.network.clone(),
            fitted: self.fitted.clone(),
            preprocessing: Some(self.preprocessing().clone()),
            provenance: self.provenance.clone(),
        };
        save_model(path.as_ref(), &self.scorer.model, parts)
    }

    /// Loads what [`save`](Self::save) wrote.
    ///
    /// # Errors
    ///
    /// The file can't be read, is damaged, or holds something else.
    pub fn load(path: impl AsRef<Path>, device: &Device) -> Result<Self, ModelFileError> {
        let path = path.as_ref();
        let loaded = load_model(path, device)?;
        Self::from_loaded(loaded, &memae_data::format::shown(path))
    }
}
