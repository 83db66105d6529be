#[cfg(feature = "files")]
use std::path::Path;

use burn::tensor::Device;
#[cfg(feature = "files")]
use memae_data::format::shown;
#[cfg(feature = "files")]
use memae_data::sample::ImageShape;
use memae_data::sample::TileGrid;
use serde::{Deserialize, Serialize};

use super::batches::batch_size;
use super::error::DetectorError;
use super::fitted::{Fitted, SavedFitted};
use super::scored::{finite_scores, of_pictures, scored};
use super::threshold::{DetectionThreshold, Verdict};
#[cfg(feature = "files")]
use crate::artefact::{DetectorParts, load_model, save_model};
use crate::artefact::{Loaded, ModelFileError, Provenance, read_model};
use crate::network::{AutoencoderConfig, ImageAutoencoderConfig, Preprocessing, SampleShape};
use crate::samples::Samples;
use crate::score::{Evaluation, ScoreRule, ScoreScale};

/// The rule that needs every score there is.
const ALL_SCORES: ScoreRule = ScoreRule::SumOfThree;

/// Settings of a [`Detector`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DetectorConfig {
    /// How samples are scored.
    pub rule: ScoreRule,
    /// Share of the training samples that lie at or below the threshold, in `(0, 1]`.
    pub quantile: f64,
}

impl Default for DetectorConfig {
    /// Reconstruction error, flagged above what 99 % of the training samples have.
    fn default() -> Self {
        Self {
            rule: ScoreRule::Reconstruction,
            quantile: 0.99,
        }
    }
}

/// A trained network with its score rule and threshold, both fitted on training samples alone.
#[derive(Debug, Clone)]
pub struct Detector<N: AutoencoderConfig = ImageAutoencoderConfig> {
    /// The network, for inference.
    pub model: N::Network,
    /// Its settings.
    pub network: N,
    pub(super) fitted: Fitted,
    preprocessing: Option<N::Preprocessing>,
    provenance: Provenance,
}

impl<N: AutoencoderConfig> Detector<N> {
    /// Fits scale and threshold of the scores on training samples.
    ///
    /// A network rebuilds what it was trained on a little better than other normal samples: fitted on
    /// held-out normal samples the threshold is less eager. The scale is that of the samples; the threshold of tiles is one of
    /// pictures, as in [`detect`](Self::detect).
    ///
    /// # Errors
    ///
    /// Samples of another shape, none, one that can't be read, or one whose score is no finite number; a rule that needs
    /// a memory which the network lacks; a quantile outside (0, 1].
    pub fn fit(
        model: N::Network,
        network: N,
        config: DetectorConfig,
        training: &impl Samples<Shape = N::Shape>,
        device: &Device,
    ) -> Result<Self, DetectorError> {
        let pictures = training.pictures();
        let training = scored(&model, &network, None, training, device, ALL_SCORES)?;
        Self::fitted(model, network, config, &training, pictures.as_deref())
    }

    /// As [`fit`](Self::fit), by the way from raw input to the samples that the network was trained on, which the detector's file
    /// keeps: one with a mask ([`Region::of_mask`](memae_data::sample::Region::of_mask)) has a part in all scores, so that it is
    /// to be known before they are fitted. What lies outside the mask counts as rebuilt.
    ///
    /// # Errors
    ///
    /// As [`fit`](Self::fit) and [`with_preprocessing`](Self::with_preprocessing).
    pub fn fit_with_preprocessing(
        model: N::Network,
        network: N,
        preprocessing: N::Preprocessing,
        config: DetectorConfig,
        training: &impl Samples<Shape = N::Shape>,
        device: &Device,
    ) -> Result<Self, DetectorError> {
        if let Some(problem) = preprocessing.problem(network.input()) {
            return Err(DetectorError::Preprocessing { problem });
        }
        let pictures = training.pictures();
        let known = Some(&preprocessing);
        let training = scored(&model, &network, known, training, device, ALL_SCORES)?;
        let fitted = Self::fitted(model, network, config, &training, pictures.as_deref())?;
        Ok(Self {
            preprocessing: Some(preprocessing),
            ..fitted
        })
    }

    /// The same from an evaluation of the training samples that is there already.
    ///
    /// # Errors
    ///
    /// No scores, or one that is no finite number; a rule that needs a memory which the network lacks, or scores that the
    /// evaluation lacks; a quantile outside (0, 1].
    pub fn from_training(
        model: N::Network,
        network: N,
        config: DetectorConfig,
        training: &Evaluation,
    ) -> Result<Self, DetectorError> {
        Self::fitted(model, network, config, training, None)
    }

    fn fitted(
        model: N::Network,
        network: N,
        config: DetectorConfig,
        training: &Evaluation,
        pictures: Option<&[TileGrid]>,
    ) -> Result<Self, DetectorError> {
        if !(config.quantile > 0.0 && config.quantile <= 1.0) {
            return Err(DetectorError::Quantile {
                found: config.quantile,
            });
        }
        let name = N::Shape::NAME;
        let scale = ScoreScale::fit(&training.scores);
        let scores = finite_scores(&training.scores, config.rule, &scale, name)?;
        let scores = of_pictures(scores, pictures).into_iter();
        let scores: Vec<f64> = scores.map(|(score, _)| score).collect();
        let threshold = DetectionThreshold::of_training(&scores, config.quantile)
            .ok_or(DetectorError::NoSamples { name })?;
        Ok(Self {
            model,
            network,
            fitted: Fitted {
                rule: config.rule,
                scale,
                threshold,
                pixels: None,
            },
            preprocessing: None,
            provenance: Provenance::default(),
        })
    }

    /// The same detector with the way from raw input to the samples that it was trained on, which its file keeps.
    ///
    /// # Errors
    ///
    /// What comes out of it is not what the network takes; it has a mask, which
    /// [`fit_with_preprocessing`](Self::fit_with_preprocessing) takes.
    pub fn with_preprocessing(
        mut self,
        preprocessing: N::Preprocessing,
    ) -> Result<Self, DetectorError> {
        if let Some(problem) = preprocessing.problem(self.network.input()) {
            return Err(DetectorError::Preprocessing { problem });
        }
        let is_late = self.preprocessing.as_ref() != Some(&preprocessing);
        let inside = preprocessing.positions_inside(self.network.input(), None);
        if is_late && inside.is_some() {
            return Err(DetectorError::Preprocessing {
                problem:
                    "a preprocessing with a mask for scores that were fitted without, expected \
                          `Detector::fit_with_preprocessing`"
                        .to_string(),
            });
        }
        self.preprocessing = Some(preprocessing);
        Ok(self)
    }

    /// The same detector with where it comes from, which its file keeps.
    pub fn with_provenance(mut self, provenance: Provenance) -> Self {
        self.provenance = provenance;
        self
    }

    /// The way from raw input to samples; `None` if it was not said, as in files of version 1.
    pub fn preprocessing(&self) -> Option<&N::Preprocessing> {
        self.preprocessing.as_ref()
    }

    /// Where the detector comes from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// How samples are scored.
    pub fn rule(&self) -> ScoreRule {
        self.fitted.rule
    }

    /// Spread of the scores on training samples.
    pub fn scale(&self) -> ScoreScale {
        self.fitted.scale
    }

    /// Score above which a sample is flagged.
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

    /// How many samples [`detect`](Self::detect) scores at once. The memory reads what is scored at once by the way that is
    /// fastest for all of it, so that the last bits of a score depend on what stands beside it: the same samples in the same batches
    /// have the same scores to the bit, on the same device.
    pub fn batch_size(&self) -> usize {
        batch_size(self.network.input())
    }

    /// Scores samples and flags those above the threshold, a [batch](Self::batch_size) at a time.
    ///
    /// Of samples that are tiles ([`Samples::pictures`]) there is one verdict for each picture, whose score is the highest of its
    /// tiles: one anomalous place makes a picture anomalous. Its tiles are in batches of their own.
    ///
    /// # Errors
    ///
    /// Samples of another shape than those trained on, or one that can't be read; samples that are no tiles, where the preprocessing
    /// cuts some; weights so large that a score is no number.
    pub fn detect(
        &self,
        samples: &impl Samples<Shape = N::Shape>,
        device: &Device,
    ) -> Result<Vec<Verdict>, DetectorError> {
        let found = self.detect_tiles(samples, device)?.into_iter();
        Ok(found.map(|(verdict, _)| verdict).collect())
    }

    /// As [`detect`](Self::detect), with the number of the tile whose score it is, in its picture; 0 of samples that are no tiles.
    ///
    /// # Errors
    ///
    /// As [`detect`](Self::detect).
    pub fn detect_tiles(
        &self,
        samples: &impl Samples<Shape = N::Shape>,
        device: &Device,
    ) -> Result<Vec<(Verdict, usize)>, DetectorError> {
        let scores = self.scores(samples, device)?.into_iter();
        Ok(scores
            .map(|(score, tile)| (self.fitted.threshold.verdict(score), tile))
            .collect())
    }

    /// The score of each sample or picture, with the number of the tile that has it.
    pub(super) fn scores(
        &self,
        samples: &impl Samples<Shape = N::Shape>,
        device: &Device,
    ) -> Result<Vec<(f64, usize)>, DetectorError> {
        let Fitted { rule, scale, .. } = &self.fitted;
        let scores = self.scored(samples, device, *rule)?.scores;
        let scores = finite_scores(&scores, *rule, scale, N::Shape::NAME)?;
        Ok(of_pictures(scores, samples.pictures().as_deref()))
    }

    fn scored(
        &self,
        samples: &impl Samples<Shape = N::Shape>,
        device: &Device,
        rule: ScoreRule,
    ) -> Result<Evaluation, DetectorError> {
        let way = self.preprocessing.as_ref();
        scored(&self.model, &self.network, way, samples, device, rule)
    }

    /// All scores of samples, tile by tile, and how they use the memory; for errors pixel by pixel see
    /// [`anomaly_maps`](Detector::anomaly_maps).
    ///
    /// # Errors
    ///
    /// Samples of another shape than those trained on, or one that can't be read.
    pub fn evaluate(
        &self,
        samples: &impl Samples<Shape = N::Shape>,
        device: &Device,
    ) -> Result<Evaluation, DetectorError> {
        self.scored(samples, device, ALL_SCORES)
    }

    /// Reads what [`save`](Self::save) wrote of a network of this kind, from the bytes of the file; errors call it
    /// `name`. [`Detector::from_bytes`] is the same for images.
    ///
    /// # Errors
    ///
    /// The bytes are damaged, or those of a network of another kind, of other tensors than its settings say, or of a
    /// network without a threshold.
    pub fn from_bytes_as(
        bytes: Vec<u8>,
        name: &str,
        device: &Device,
    ) -> Result<Self, ModelFileError> {
        read_model(bytes, name, device).map(Self::from_loaded)
    }

    fn from_loaded(loaded: Loaded<N, SavedFitted>) -> Self {
        Self {
            model: loaded.model,
            network: loaded.parts.network,
            fitted: loaded.parts.fitted.fitted(),
            preprocessing: loaded.parts.preprocessing,
            provenance: loaded.parts.provenance,
        }
    }
}

#[cfg(feature = "files")]
impl<N: AutoencoderConfig> Detector<N> {
    /// Saves everything in one safetensors file: weights under the names that PyTorch would give
    /// them, settings and threshold as JSON in the header's metadata (key `memae`).
    ///
    /// The file is written beside `path` and renamed, so that a crash leaves the old one or none.
    ///
    /// # Errors
    ///
    /// The file can't be written, or its header would be longer than is read, 16 MiB: then the old one stays.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), ModelFileError> {
        let parts = DetectorParts {
            network: self.network.clone(),
            fitted: SavedFitted::new(&self.fitted),
            preprocessing: self.preprocessing.clone(),
            provenance: self.provenance.clone(),
        };
        save_model(path.as_ref(), &self.model, parts)
    }

    /// Loads what [`save`](Self::save) wrote of a network of this kind;
    /// [`Detector::load`] is the same for images.
    ///
    /// # Errors
    ///
    /// The file can't be read, is damaged, holds a network of another kind or other tensors than its
    /// settings say, or holds a network without a threshold.
    pub fn load_as(path: impl AsRef<Path>, device: &Device) -> Result<Self, ModelFileError> {
        load_model(path.as_ref(), device).map(Self::from_loaded)
    }
}

impl Detector {
    /// Reads what [`save`](Self::save) wrote of a network for images, from the bytes of the file; errors call it
    /// `name`.
    ///
    /// # Errors
    ///
    /// As [`from_bytes_as`](Self::from_bytes_as).
    pub fn from_bytes(bytes: Vec<u8>, name: &str, device: &Device) -> Result<Self, ModelFileError> {
        Self::from_bytes_as(bytes, name, device)
    }
}

#[cfg(feature = "files")]
impl Detector {
    /// Loads what [`save`](Self::save) wrote.
    ///
    /// # Errors
    ///
    /// The file can't be read, is damaged, holds no network for images or other tensors than its
    /// settings say, or holds a network without a threshold.
    pub fn load(path: impl AsRef<Path>, device: &Device) -> Result<Self, ModelFileError> {
        Self::load_as(path, device)
    }

    /// Loads what [`save`](Self::save) wrote, for images of this shape.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load); the network was made for images of another shape.
    pub fn load_for(
        path: impl AsRef<Path>,
        images: ImageShape,
        device: &Device,
    ) -> Result<Self, ModelFileError> {
        let path = path.as_ref();
        let detector = Self::load(path, device)?;
        match detector.network.input == images {
            true => Ok(detector),
            false => Err(ModelFileError::OtherInput {
                path: shown(path),
                found: detector.network.input,
                expected: images,
            }),
        }
    }
}
