#[cfg(feature = "files")]
use std::path::Path;

use burn::tensor::Device;
#[cfg(feature = "files")]
use memae_data::format::shown;
#[cfg(feature = "files")]
use memae_data::protocol::Calibration;
#[cfg(feature = "files")]
use memae_data::sample::Video;

#[cfg(feature = "files")]
use super::error::JointDetectorError;
use super::fitted::FittedJoint;
#[cfg(feature = "files")]
use super::networks::JointNetworks;
use super::networks::JointNetworksConfig;
use super::part_stream::PartFrame;
use super::parts::JointParts;
#[cfg(feature = "files")]
use super::parts::PartScores;
#[cfg(feature = "files")]
use super::scale::JointRule;
use super::scale::JointScale;
use super::verdict::{JointScore, JointVerdict};
use crate::artefact::{DetectorParts, Loaded, ModelFileError, Provenance, read_model};
#[cfg(feature = "files")]
use crate::artefact::{FittedState, load_model, save_model};
use crate::detect::motion::MotionScorer;
use crate::detect::threshold::DetectionThreshold;
use crate::detect::video::VideoDetector;

/// Share of the frames of normal videos that lie at or below the threshold of [`JointDetector::fit`].
#[cfg(feature = "files")]
const QUANTILE: f64 = 0.99;

/// A detector of what is not normal in videos by how it looks and by how it moves: motion does not see what stands still, and a network
/// of clips hardly what looks as usual and moves as nothing normal did.
///
/// Each part scores a frame on its own scale; by how rare such a score is among those of normal frames ([`RarityScale`](super::RarityScale)),
/// they are joined:
///
/// ```text
/// score = max(r_appearance, r_motion)   or   r_appearance + r_motion,   r = −log₁₀ P(S > s)
/// ```
///
/// It is one file and one stream. Nothing is taken from the video that is scored but its past and, as the layout of clips says, some
/// frames after the one that is scored.
///
/// ```
/// use burn::tensor::Device;
/// use memae_core::QueryUnit;
/// use memae_data::drawn::WalkwayConfig;
/// use memae_data::encode::{ClipLayout, ClipsConfig, JointPreprocessing, MotionConfig, MotionPreprocessing};
/// use memae_data::sample::{ClipShape, VideoConfig};
/// use memae_models::detect::{
///     JointDetector, JointParts, JointRule, MotionScorer, VideoDetector, VideoDetectorConfig,
/// };
/// use memae_models::network::{Variant, VideoAutoencoderConfig, VideoLayerConfig};
/// use memae_models::train::MotionMemoryConfig;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let device = Device::flex();
/// let videos = WalkwayConfig::default().with_size(60, 90).with_train(4, 30).generate()?.to_video_set()?;
/// let motion = MotionPreprocessing::new(&VideoConfig::default(), (60, 90), 10.0, &MotionConfig::default())?;
/// let clips = ClipsConfig::default().with_layout(ClipLayout::new(4)?).with_size(16, 24);
/// let way = JointPreprocessing::new(&clips, motion)?;
/// let (train, others) = videos.train.split_at(2);
/// let (normal, held_out) = others.split_at(1);
///
/// let shape = ClipShape { channels: 1, frames: 4, height: 16, width: 24 };
/// let layer = |channels| vec![VideoLayerConfig::new([3; 3], [2; 3], channels)];
/// let network = VideoAutoencoderConfig::new(shape, layer(4), layer(1))
///     .with_variant(Variant::MemAe, 10, QueryUnit::Position);
/// // A trained one comes from a `Trainer`.
/// let model = network.try_init(&device)?;
/// let config = VideoDetectorConfig::default();
/// let appearance = VideoDetector::fit(model, network, config, &clips.open(train)?, &device)?
///     .with_preprocessing(way.appearance().clone())?;
/// let (model, network) = MotionMemoryConfig::default().fit_videos(way.motion(), train, &device)?;
/// let motion = MotionScorer::new(model, network, way.motion().clone())?;
///
/// let parts = JointParts::new(appearance, motion)?;
/// let detector = JointDetector::fit(parts, JointRule::Maximum, normal, &device)?
///     .calibrate(held_out, 0.5, &device)?;
/// for verdict in detector.detect(&videos.test[0].video, &device)? {
///     let Some(score) = verdict.score else { continue };
///     if score.verdict.anomalous {
///         println!("frame {}: looks {:.1}, moves {:.1}", score.frame, score.appearance, score.motion);
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct JointDetector {
    parts: JointParts,
    scale: JointScale,
    threshold: DetectionThreshold,
    provenance: Provenance,
}

impl JointDetector {
    /// A detector that flags what is above this threshold.
    pub fn new(parts: JointParts, scale: JointScale, threshold: DetectionThreshold) -> Self {
        Self {
            parts,
            scale,
            threshold,
            provenance: Provenance::default(),
        }
    }

    /// What scores frames.
    pub fn parts(&self) -> &JointParts {
        &self.parts
    }

    /// How scores are joined.
    pub fn scale(&self) -> &JointScale {
        &self.scale
    }

    /// The same detector with where it comes from, which its file keeps.
    pub fn with_provenance(mut self, provenance: Provenance) -> Self {
        self.provenance = provenance;
        self
    }

    /// Where the detector comes from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// The same detector with another threshold.
    pub fn with_threshold(mut self, threshold: DetectionThreshold) -> Self {
        self.threshold = threshold;
        self
    }

    /// Rarity above which a frame is flagged.
    pub fn threshold(&self) -> f64 {
        self.threshold.value()
    }

    /// The threshold with where it comes from.
    pub fn detection_threshold(&self) -> &DetectionThreshold {
        &self.threshold
    }

    /// What is said after a frame, by what both parts say of it.
    pub fn verdict(&self, found: PartFrame) -> JointVerdict {
        let score = found.scores.map(|scores| {
            let [appearance, motion] = self.scale.rarities(scores.both());
            JointScore {
                frame: scores.frame,
                verdict: self.threshold.verdict(self.scale.score(scores.both())),
                appearance,
                motion,
                place: scores.motion.place,
            }
        });
        JointVerdict {
            frame: found.frame,
            score,
            cut: found.cut,
            camera: found.camera,
        }
    }

    /// Reads what [`save`](Self::save) wrote, from the bytes of the file; errors call it `name`.
    ///
    /// # Errors
    ///
    /// The bytes are damaged, or those of something else.
    pub fn from_bytes(bytes: Vec<u8>, name: &str, device: &Device) -> Result<Self, ModelFileError> {
        let loaded: Loaded<JointNetworksConfig, FittedJoint> = read_model(bytes, name, device)?;
        Self::from_loaded(loaded, name)
    }

    fn from_loaded(
        loaded: Loaded<JointNetworksConfig, FittedJoint>,
        name: &str,
    ) -> Result<Self, ModelFileError> {
        let header_error = |found: String| ModelFileError::Header {
            path: name.to_string(),
            found,
        };
        let Loaded { model, parts } = loaded;
        let preprocessing = parts.preprocessing.ok_or_else(|| {
            header_error("a detector that does not say how files become samples".to_string())
        })?;
        let motion = MotionScorer::new(
            model.motion,
            parts.network.motion,
            preprocessing.motion().clone(),
        );
        let motion = motion.map_err(|error| header_error(error.to_string()))?;
        let appearance = VideoDetector::from_loaded(Loaded {
            model: model.appearance,
            parts: DetectorParts {
                network: parts.network.appearance,
                fitted: parts.fitted.appearance,
                preprocessing: Some(preprocessing.appearance().clone()),
                provenance: Provenance::default(),
            },
        });
        let joint = JointParts::new(appearance, motion);
        let joint = joint.map_err(|error| header_error(error.to_string()))?;
        Ok(Self {
            parts: joint,
            scale: parts.fitted.scale,
            threshold: parts.fitted.threshold,
            provenance: parts.provenance,
        })
    }
}

#[cfg(feature = "files")]
impl JointDetector {
    /// What files call detectors of this kind.
    pub(in crate::detect) const KIND: &'static str =
        <FittedJoint as FittedState<JointNetworksConfig>>::KIND;

    /// Fits the scales on normal videos that neither part was trained on, and a threshold that 99 % of their frames lie at or below:
    /// [`calibrate`](Self::calibrate) by others.
    ///
    /// # Errors
    ///
    /// As of [`JointParts::video_scores`] and of [`JointScale::fit`]; no frame that is scored.
    pub fn fit(
        parts: JointParts,
        rule: JointRule,
        normal: &[Video],
        device: &Device,
    ) -> Result<Self, JointDetectorError> {
        let mut scores = Vec::new();
        for video in normal {
            let of_video = parts.video_scores(video, device)?;
            scores.extend(of_video.iter().map(PartScores::both));
        }
        let expected = parts.reach()?;
        if scores.is_empty() {
            return Err(JointDetectorError::NoFrames { expected });
        }
        let scale = JointScale::fit(rule, scores.iter().copied())?;
        let joined: Vec<f64> = scores.iter().map(|&both| scale.score(both)).collect();
        let threshold = DetectionThreshold::of_training(&joined, QUANTILE);
        let threshold = threshold.ok_or(JointDetectorError::NoFrames { expected })?;
        Ok(Self::new(parts, scale, threshold))
    }

    /// The same detector with a threshold that flags no more than `rate` of normal frames, by videos that nothing has looked at
    /// before ([`Calibration`]). Frames of one video are not exchangeable, so that it is the number of videos that counts.
    ///
    /// # Errors
    ///
    /// As of [`JointParts::video_scores`]; no frames that are scored; a rate that is not in (0, 1).
    pub fn calibrate(
        self,
        held_out: &[Video],
        rate: f64,
        device: &Device,
    ) -> Result<Self, JointDetectorError> {
        let (mut scores, mut groups) = (Vec::new(), Vec::new());
        for (number, video) in held_out.iter().enumerate() {
            let of_video = self.parts.video_scores(video, device)?;
            scores.extend(of_video.iter().map(|found| self.scale.score(found.both())));
            groups.resize(scores.len(), number);
        }
        let calibration = Calibration::in_groups(&scores, &groups)?;
        let threshold = DetectionThreshold::held_out(calibration, rate)?;
        Ok(self.with_threshold(threshold))
    }

    /// What is said after each frame of a video, in order.
    ///
    /// # Errors
    ///
    /// The video does not go the detector's way: it can't be decoded, or has too few frames a second; a score that is no number.
    pub fn detect(
        &self,
        video: &Video,
        device: &Device,
    ) -> Result<Vec<JointVerdict>, JointDetectorError> {
        let mut verdicts = Vec::new();
        self.parts
            .visit(video, device, |found| verdicts.push(self.verdict(found)))?;
        Ok(verdicts)
    }

    /// Saves everything in one safetensors file, the tensors of the parts as `appearance.…` and `motion.…`, under the names that PyTorch
    /// would give them, settings and threshold as JSON in the header's metadata (key `memae`).
    ///
    /// The file is written beside `path` and renamed, so that a crash leaves the old one or none.
    ///
    /// # Errors
    ///
    /// The file can't be written, or its header would be longer than is read, 16 MiB: then the old one stays.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), ModelFileError> {
        let (appearance, motion) = (self.parts.appearance(), self.parts.motion());
        let networks = JointNetworks {
            appearance: appearance.model.clone(),
            motion: motion.model.clone(),
        };
        let parts = DetectorParts {
            network: JointNetworksConfig {
                appearance: appearance.network.clone(),
                motion: motion.network.clone(),
            },
            fitted: FittedJoint {
                appearance: appearance.fitted().clone(),
                scale: self.scale.clone(),
                threshold: self.threshold.clone(),
            },
            preprocessing: Some(self.parts.preprocessing().clone()),
            provenance: self.provenance.clone(),
        };
        save_model(path.as_ref(), &networks, parts)
    }

    /// Loads what [`save`](Self::save) wrote.
    ///
    /// # Errors
    ///
    /// The file can't be read, is damaged, or holds something else.
    pub fn load(path: impl AsRef<Path>, device: &Device) -> Result<Self, ModelFileError> {
        let path = path.as_ref();
        Self::from_loaded(load_model(path, device)?, &shown(path))
    }
}
