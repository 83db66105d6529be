use std::ops::Range;
#[cfg(feature = "files")]
use std::path::Path;

use burn::tensor::Device;
use memae_data::encode::{PixelRange, VideoPreprocessing};
use memae_data::sample::ClipShape;
use serde::{Deserialize, Serialize};

use super::error::VideoDetectorError;
use super::fitted::FittedDetector;
#[cfg(feature = "files")]
use crate::artefact::{DetectorParts, load_model, save_model};
use crate::artefact::{FittedState, Loaded, ModelFileError, Provenance, read_model};
use crate::detect::threshold::{DetectionThreshold, Verdict};
use crate::network::{VideoAutoencoder, VideoAutoencoderConfig};
use crate::samples::{ClipCut, Samples};
use crate::score::{
    ClipScoreRule, FittedRule, RuleError, RuleFit, Smoother, Smoothing, check_finite, fit_rules,
    score_clips,
};

/// Values of clips scored at once.
const MAX_BATCH_VALUES: usize = 1 << 22;

/// Clips scored at once, unless they are large.
const MAX_BATCH_SIZE: usize = 16;

/// Settings of a [`VideoDetector`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VideoDetectorConfig {
    /// How clips are scored.
    pub rule: ClipScoreRule,
    /// How scores are smoothed over time.
    pub smoothing: Smoothing,
    /// Share of the training clips that lie at or below the threshold, in `(0, 1]`.
    pub quantile: f64,
}

impl Default for VideoDetectorConfig {
    /// Mean error of all pixels, not smoothed, flagged above what 99 % of the training clips have.
    fn default() -> Self {
        Self {
            rule: ClipScoreRule::MeanError,
            smoothing: Smoothing::Off,
            quantile: 0.99,
        }
    }
}

/// A trained network for clips with its score rule, smoothing and threshold, all fitted on training
/// clips alone: nothing is taken from the video that is scored, so that a live camera gets the same
/// scores as a file.
///
/// A score of 0 is the mean of the training clips and 1 their spread above it, before smoothing.
///
/// # Example
///
/// ```
/// use burn::data::dataset::DatasetError;
/// use burn::tensor::Device;
/// use memae_core::QueryUnit;
/// use memae_data::sample::ImageShape;
/// use memae_models::detect::{GapPolicy, VideoDetector, VideoDetectorConfig};
/// use memae_data::sample::ClipShape;
/// use memae_models::network::{Variant, VideoAutoencoderConfig, VideoLayerConfig};
/// use memae_models::samples::Samples;
/// use memae_models::score::{ClipScoreRule, Smoothing};
///
/// /// A bright column that moves to the right.
/// fn frame(number: usize) -> Vec<f32> {
///     (0..48).map(|i| if i % 8 == number % 8 { 1.0 } else { -1.0 }).collect()
/// }
///
/// struct Video;
///
/// impl Samples for Video {
///     type Shape = ClipShape;
///
///     fn shape(&self) -> ClipShape {
///         ClipShape { channels: 1, frames: 4, height: 6, width: 8 }
///     }
///
///     fn len(&self) -> usize {
///         20
///     }
///
///     fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
///         Ok((index..index + 4).flat_map(frame).collect())
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let device = Device::flex();
/// let layer = |channels| vec![VideoLayerConfig::new([3; 3], [2; 3], channels)];
/// let network = VideoAutoencoderConfig::new(Video.shape(), layer(4), layer(1))
///     .with_variant(Variant::MemAe, 10, QueryUnit::Position);
/// // A trained one comes from a `Trainer`.
/// let model = network.try_init(&device)?;
///
/// let config = VideoDetectorConfig {
///     rule: ClipScoreRule::WorstPixels { share: 0.02 },
///     smoothing: Smoothing::Mean { scores: 5 },
///     ..VideoDetectorConfig::default()
/// };
/// let detector = VideoDetector::fit(model, network, config, &Video, &device)?;
///
/// let mut stream = detector.stream(GapPolicy::Refuse, &device);
/// let shape = ImageShape { channels: 1, height: 6, width: 8 };
/// for number in 0..3 {
///     assert!(stream.push(number, shape, &frame(number as usize))?.is_none());
/// }
/// let score = stream.push(3, shape, &frame(3))?.expect("a clip is complete");
/// assert_eq!(score.frame, 2); // the middle of frames 0 to 3
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct VideoDetector {
    /// The network, for inference.
    pub model: VideoAutoencoder,
    /// Its settings.
    pub network: VideoAutoencoderConfig,
    fitted: FittedDetector,
    preprocessing: Option<VideoPreprocessing>,
    provenance: Provenance,
}

impl VideoDetector {
    /// Fits rule and threshold on training clips, all of which are taken to be normal.
    ///
    /// A network rebuilds what it was trained on a little better than other normal clips: fitted on
    /// normal videos that it was not trained on, the threshold is less eager.
    ///
    /// Smoothing goes from clip to clip within each of their
    /// [sequences](Samples::sequences): clips should start one frame after another, as they do
    /// in a stream.
    ///
    /// # Errors
    ///
    /// A setting out of range; clips of another shape, none, or one that can't be read; clips that don't
    /// begin at every frame where scores are smoothed; a rule that needs a memory which the network lacks;
    /// a model that is not that of the settings; weights so large that a score is no number.
    pub fn fit(
        model: VideoAutoencoder,
        network: VideoAutoencoderConfig,
        config: VideoDetectorConfig,
        training: &impl Samples<Shape = ClipShape>,
        device: &Device,
    ) -> Result<Self, VideoDetectorError> {
        config.validate()?;
        check_shape(training.shape(), &network)?;
        let batch_size = batch_size(&network);
        let rules = std::slice::from_ref(&config.rule);
        let mut fits = fit_rules(&model, rules, training, batch_size, device)?;
        // One rule in, one out.
        let fit = fits.pop().ok_or(RuleError::NoClips)?;
        Self::from_fit(model, network, config, fit, &training.sequences())
    }

    /// The same from a rule that is fitted already; `sequences` are those of the training clips.
    ///
    /// # Errors
    ///
    /// As [`fit`](Self::fit), but for clips that can't be read.
    ///
    /// # Panics
    ///
    /// Panics if a sequence reaches past the scores.
    pub fn from_fit(
        model: VideoAutoencoder,
        network: VideoAutoencoderConfig,
        config: VideoDetectorConfig,
        fit: RuleFit,
        sequences: &[Range<usize>],
    ) -> Result<Self, VideoDetectorError> {
        config.validate()?;
        check_model(&model, &network)?;
        check_shape(fit.rule.shape(), &network)?;
        check_stride(fit.clip_cut, config.smoothing)?;
        check_finite(&fit.training_scores)?;
        let smoothed = smooth(config.smoothing, &fit.training_scores, sequences);
        let threshold = DetectionThreshold::of_training(&smoothed, config.quantile)
            .ok_or(RuleError::NoClips)?;
        let network_frames = network.input.frames;
        Ok(Self {
            model,
            network,
            fitted: FittedDetector {
                rule: fit.rule,
                smoothing: config.smoothing,
                threshold,
                scored_frame: match fit.clip_cut {
                    Some(cut) => cut.layout.scored_frame(),
                    None => network_frames / 2,
                },
                frame_step: fit.clip_cut.map_or(1, |cut| cut.layout.frame_step()),
                pixels: fit.clip_cut.map(|cut| cut.range),
            },
            preprocessing: None,
            provenance: Provenance::default(),
        })
    }

    /// The same detector with the way from videos to the clips that it was trained on, which its file keeps.
    ///
    /// # Errors
    ///
    /// Clips of another shape than the network takes, with pixels scaled or frames apart in another way than those trained
    /// on, or that score another of their frames.
    pub fn with_preprocessing(
        mut self,
        preprocessing: VideoPreprocessing,
    ) -> Result<Self, VideoDetectorError> {
        let problem = self
            .fitted
            .preprocessing_problem(&self.network, &preprocessing);
        if let Some(problem) = problem {
            return Err(VideoDetectorError::Preprocessing { problem });
        }
        self.preprocessing = Some(preprocessing);
        Ok(self)
    }

    /// The same detector with where it comes from, which its file keeps.
    pub fn with_provenance(mut self, provenance: Provenance) -> Self {
        self.provenance = provenance;
        self
    }

    /// The way from videos to clips; `None` if it was not said, as in files of version 1.
    pub fn preprocessing(&self) -> Option<&VideoPreprocessing> {
        self.preprocessing.as_ref()
    }

    /// Where the detector comes from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// What its file keeps of what was fitted.
    #[cfg(feature = "files")]
    pub(in crate::detect) fn fitted(&self) -> &FittedDetector {
        &self.fitted
    }

    /// How clips are scored.
    pub fn rule(&self) -> &FittedRule {
        &self.fitted.rule
    }

    /// How scores are smoothed over time.
    pub fn smoothing(&self) -> Smoothing {
        self.fitted.smoothing
    }

    /// What the levels of pixels are to the network; `None` if training clips were not made of pixels.
    pub fn pixels(&self) -> Option<PixelRange> {
        self.fitted.pixels
    }

    /// The frame of a clip that is scored, counted from 0: that of the training clips, or the middle one.
    pub fn scored_frame(&self) -> usize {
        self.fitted.scored_frame
    }

    /// Frames of the video from one frame of a clip to the next, as the training clips had them.
    pub fn frame_step(&self) -> usize {
        self.fitted.frame_step
    }

    /// Score above which a frame is flagged.
    pub fn threshold(&self) -> f64 {
        self.fitted.threshold.value()
    }

    /// The threshold with where it comes from.
    pub fn detection_threshold(&self) -> &DetectionThreshold {
        &self.fitted.threshold
    }

    /// The same detector with another threshold.
    pub fn with_threshold(mut self, threshold: DetectionThreshold) -> Self {
        self.fitted.threshold = threshold;
        self
    }

    /// Scores clips, smoothed within each of their [sequences](Samples::sequences), and flags those
    /// above the threshold.
    ///
    /// # Errors
    ///
    /// Clips of another shape than those trained on, with pixels scaled or frames apart in another way, or one that can't
    /// be read; clips that don't begin at every frame where scores are smoothed; weights so large that a
    /// score is no number.
    pub fn detect(
        &self,
        clips: &impl Samples<Shape = ClipShape>,
        device: &Device,
    ) -> Result<Vec<Verdict>, VideoDetectorError> {
        let scores = self.scores(clips, device)?.into_iter();
        Ok(scores.map(|score| self.verdict(score)).collect())
    }

    /// Smoothed scores.
    pub(super) fn scores(
        &self,
        clips: &impl Samples<Shape = ClipShape>,
        device: &Device,
    ) -> Result<Vec<f64>, VideoDetectorError> {
        check_shape(clips.shape(), &self.network)?;
        check_stride(clips.clip_cut(), self.fitted.smoothing)?;
        if let Some(cut) = clips.clip_cut()
            && cut.layout.frame_step() != self.fitted.frame_step
        {
            return Err(VideoDetectorError::FrameStep {
                found: cut.layout.frame_step(),
                expected: self.fitted.frame_step,
            });
        }
        if let (Some(cut), Some(expected)) = (clips.clip_cut(), self.fitted.pixels)
            && cut.range != expected
        {
            return Err(VideoDetectorError::PixelRange {
                found: cut.range,
                expected,
            });
        }
        let rules = std::slice::from_ref(&self.fitted.rule);
        let batch_size = batch_size(&self.network);
        let scores = score_clips(&self.model, rules, clips, batch_size, device)?.concat();
        Ok(smooth(self.fitted.smoothing, &scores, &clips.sequences()))
    }

    pub(super) fn verdict(&self, score: f64) -> Verdict {
        self.fitted.threshold.verdict(score)
    }

    pub(super) fn smoother(&self) -> Smoother {
        Smoother::new(self.fitted.smoothing)
    }

    /// Reads what [`save`](Self::save) wrote, from the bytes of the file; errors call it `name`.
    ///
    /// # Errors
    ///
    /// The bytes are damaged, or those of something else.
    pub fn from_bytes(bytes: Vec<u8>, name: &str, device: &Device) -> Result<Self, ModelFileError> {
        read_model(bytes, name, device).map(Self::from_loaded)
    }

    pub(in crate::detect) fn from_loaded(
        loaded: Loaded<VideoAutoencoderConfig, FittedDetector>,
    ) -> Self {
        Self {
            model: loaded.model,
            network: loaded.parts.network,
            fitted: loaded.parts.fitted,
            preprocessing: loaded.parts.preprocessing,
            provenance: loaded.parts.provenance,
        }
    }
}

#[cfg(feature = "files")]
impl VideoDetector {
    /// What files call detectors of this kind.
    pub(in crate::detect) const KIND: &'static str =
        <FittedDetector as FittedState<VideoAutoencoderConfig>>::KIND;

    /// Saves everything in one safetensors file: weights under the names that PyTorch would give
    /// them, settings, rule and threshold as JSON in the header's metadata (key `memae`).
    ///
    /// The file is written beside `path` and renamed, so that a crash leaves the old one or none.
    ///
    /// # Errors
    ///
    /// The file can't be written, or its header would be longer than is read, 16 MiB: then the old one stays.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), ModelFileError> {
        let parts = DetectorParts {
            network: self.network.clone(),
            fitted: self.fitted.clone(),
            preprocessing: self.preprocessing.clone(),
            provenance: self.provenance.clone(),
        };
        save_model(path.as_ref(), &self.model, parts)
    }

    /// Loads what [`save`](Self::save) wrote.
    ///
    /// # Errors
    ///
    /// The file can't be read, is damaged, or holds something else.
    pub fn load(path: impl AsRef<Path>, device: &Device) -> Result<Self, ModelFileError> {
        load_model(path.as_ref(), device).map(Self::from_loaded)
    }
}

impl VideoDetectorConfig {
    /// Checks every setting.
    ///
    /// # Errors
    ///
    /// The first setting that is out of range.
    pub fn validate(&self) -> Result<(), VideoDetectorError> {
        self.rule.validate()?;
        if let Some((found, expected)) = self.smoothing.problem() {
            return Err(VideoDetectorError::OutOfRange {
                name: "smoothing",
                found,
                expected,
            });
        }
        match self.quantile > 0.0 && self.quantile <= 1.0 {
            true => Ok(()),
            false => Err(VideoDetectorError::OutOfRange {
                name: "quantile",
                found: self.quantile,
                expected: "a number above 0 and at most 1",
            }),
        }
    }
}

/// Smooths the scores of each sequence by itself.
fn smooth(smoothing: Smoothing, scores: &[f64], sequences: &[Range<usize>]) -> Vec<f64> {
    let sequences = sequences.iter().cloned();
    sequences
        .flat_map(|sequence| smoothing.apply(&scores[sequence]))
        .collect()
}

fn batch_size(network: &VideoAutoencoderConfig) -> usize {
    (MAX_BATCH_VALUES / network.input.len().max(1)).clamp(1, MAX_BATCH_SIZE)
}

fn check_shape(
    found: ClipShape,
    network: &VideoAutoencoderConfig,
) -> Result<(), VideoDetectorError> {
    let expected = network.input;
    match found == expected {
        true => Ok(()),
        false => Err(VideoDetectorError::ClipShape { found, expected }),
    }
}

fn check_stride(cut: Option<ClipCut>, smoothing: Smoothing) -> Result<(), VideoDetectorError> {
    match cut.map(|cut| cut.layout.stride()) {
        Some(stride) if stride != 1 && smoothing != Smoothing::Off => {
            Err(VideoDetectorError::Stride { stride })
        }
        _ => Ok(()),
    }
}

fn check_model(
    model: &VideoAutoencoder,
    network: &VideoAutoencoderConfig,
) -> Result<(), VideoDetectorError> {
    let about = |dims: &[usize], has_memory: bool| {
        let dims: Vec<String> = dims.iter().map(ToString::to_string).collect();
        let memory = if has_memory { "a memory" } else { "no memory" };
        format!("{} and has {memory}", dims.join("x"))
    };
    let ClipShape {
        channels,
        frames,
        height,
        width,
    } = network.input;
    let found = about(model.input_dims(), model.memory.is_some());
    let expected = about(&[channels, frames, height, width], network.memory.is_some());
    match found == expected {
        true => Ok(()),
        false => Err(VideoDetectorError::Model { found, expected }),
    }
}
