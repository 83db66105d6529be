use std::path::Path;

use burn::tensor::Device;
use memae_data::{ImageShape, LabeledImages};
use serde::{Deserialize, Serialize};

use super::{Evaluation, ScoreRule, ScoreScale, Scores, evaluate};
use crate::file::{ModelFileError, load_model, save_model};
use crate::network::{ImageAutoencoder, ImageAutoencoderConfig};

/// Images scored at once.
const BATCH_SIZE: usize = 128;

/// Settings of a [`Detector`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DetectorConfig {
    /// How images are scored.
    pub rule: ScoreRule,
    /// Share of the training images that lie at or below the threshold, in `(0, 1]`.
    pub quantile: f64,
}

impl Default for DetectorConfig {
    /// Reconstruction error, flagged above what 99 % of the training images have.
    fn default() -> Self {
        Self {
            rule: ScoreRule::Reconstruction,
            quantile: 0.99,
        }
    }
}

/// Why images were not scored.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DetectorError {
    /// Images of another shape than the network's input.
    #[error("images are {found}, the detector expects {expected}")]
    ImageShape {
        /// Shape of the images.
        found: ImageShape,
        /// Shape that the detector was trained on.
        expected: ImageShape,
    },
    /// A rule that needs a memory, for a network without.
    #[error("the score rule is the {}, which needs a memory; the network has none", rule.name())]
    NoMemory {
        /// The rule.
        rule: ScoreRule,
    },
    /// No images to fit on.
    #[error("no training images given, expected at least 1")]
    NoImages,
    /// A score that is no number, as weights out of all bounds give it.
    #[error("image {image} scores {found}, expected a finite number")]
    Score {
        /// Position of the image, from 0.
        image: usize,
        /// The score found.
        found: f64,
    },
    /// A quantile out of range.
    #[error("quantile is {found}, expected a number above 0 and at most 1")]
    Quantile {
        /// The value found.
        found: f64,
    },
}

/// What a [`Detector`] says of one image.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Anomaly score.
    pub score: f64,
    /// Whether the score is above the threshold.
    pub anomalous: bool,
}

/// A trained network with its score rule and threshold, both fitted on training images alone.
#[derive(Debug, Clone)]
pub struct Detector {
    /// The network, for inference.
    pub model: ImageAutoencoder,
    /// Its settings.
    pub network: ImageAutoencoderConfig,
    fitted: Fitted,
}

/// What was fitted on training images; saved beside the weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fitted {
    pub(crate) rule: ScoreRule,
    pub(crate) scale: ScoreScale,
    pub(crate) threshold: f64,
}

impl Detector {
    /// Fits scale and threshold of the scores on training images.
    ///
    /// A network rebuilds what it was trained on a little better than other normal images: fitted on
    /// held-out normal images the threshold is less eager.
    ///
    /// # Errors
    ///
    /// Images of another shape, or none; a rule that needs a memory which the network lacks; a
    /// quantile outside (0, 1].
    pub fn fit(
        model: ImageAutoencoder,
        network: ImageAutoencoderConfig,
        config: DetectorConfig,
        training: &LabeledImages,
        device: &Device,
    ) -> Result<Self, DetectorError> {
        check_shape(training, &network)?;
        let training = evaluate(&model, training, BATCH_SIZE, device);
        Self::from_training(model, network, config, &training)
    }

    /// The same from an evaluation of the training images that is there already.
    ///
    /// # Errors
    ///
    /// No scores; a rule that needs a memory which the network lacks; a quantile outside (0, 1].
    pub fn from_training(
        model: ImageAutoencoder,
        network: ImageAutoencoderConfig,
        config: DetectorConfig,
        training: &Evaluation,
    ) -> Result<Self, DetectorError> {
        if !(config.quantile > 0.0 && config.quantile <= 1.0) {
            return Err(DetectorError::Quantile {
                found: config.quantile,
            });
        }
        let scale = ScoreScale::fit(&training.scores);
        let mut sorted = finite_scores(&training.scores, config.rule, &scale)?;
        if sorted.is_empty() {
            return Err(DetectorError::NoImages);
        }
        sorted.sort_by(f64::total_cmp);
        // Without the last bit, which makes 0.55 · 100 more than 55.
        let rank = config.quantile * sorted.len() as f64 * (1.0 - f64::EPSILON);
        let rank = rank.ceil() as usize;
        let threshold = sorted[rank.clamp(1, sorted.len()) - 1];
        Ok(Self {
            model,
            network,
            fitted: Fitted {
                rule: config.rule,
                scale,
                threshold,
            },
        })
    }

    /// How images are scored.
    pub fn rule(&self) -> ScoreRule {
        self.fitted.rule
    }

    /// Spread of the scores on training images.
    pub fn scale(&self) -> ScoreScale {
        self.fitted.scale
    }

    /// Score above which an image is flagged.
    pub fn threshold(&self) -> f64 {
        self.fitted.threshold
    }

    /// Scores images and flags those above the threshold.
    ///
    /// # Errors
    ///
    /// Images of another shape than those trained on; weights so large that a score is no number.
    pub fn detect(
        &self,
        images: &LabeledImages,
        device: &Device,
    ) -> Result<Vec<Verdict>, DetectorError> {
        let scores = self.evaluate(images, device)?.scores;
        let scores = finite_scores(&scores, self.fitted.rule, &self.fitted.scale)?;
        Ok(scores
            .into_iter()
            .map(|score| Verdict {
                score,
                anomalous: score > self.fitted.threshold,
            })
            .collect())
    }

    /// Both scores of images, and how they use the memory; for errors pixel by pixel see
    /// [`error_maps`](super::error_maps).
    ///
    /// # Errors
    ///
    /// Images of another shape than those trained on.
    pub fn evaluate(
        &self,
        images: &LabeledImages,
        device: &Device,
    ) -> Result<Evaluation, DetectorError> {
        check_shape(images, &self.network)?;
        Ok(evaluate(&self.model, images, BATCH_SIZE, device))
    }

    /// Saves everything in one safetensors file: weights under the names that PyTorch would give
    /// them, settings and threshold as JSON in the header's metadata (key `memae`).
    ///
    /// The file is written beside `path` and renamed, so that a crash leaves the old one or none.
    ///
    /// # Errors
    ///
    /// The file can't be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), ModelFileError> {
        save_model(
            path.as_ref(),
            &self.model,
            &self.network,
            Some(&self.fitted),
        )
    }

    /// Loads what [`save`](Self::save) wrote.
    ///
    /// # Errors
    ///
    /// The file can't be read, is damaged, holds other tensors than its settings say, or holds a
    /// network without a threshold.
    pub fn load(path: impl AsRef<Path>, device: &Device) -> Result<Self, ModelFileError> {
        let path = path.as_ref();
        let loaded = load_model(path, device)?;
        let fitted = loaded.fitted.ok_or_else(|| ModelFileError::Header {
            path: path.display().to_string(),
            found: "a network without score rule and threshold".to_string(),
        })?;
        Ok(Self {
            model: loaded.model,
            network: loaded.network,
            fitted,
        })
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
                path: path.display().to_string(),
                found: detector.network.input,
                expected: images,
            }),
        }
    }
}

/// Scores by a rule; one that is no number would pass for normal, so it is an error.
fn finite_scores(
    scores: &Scores,
    rule: ScoreRule,
    scale: &ScoreScale,
) -> Result<Vec<f64>, DetectorError> {
    let scores = scores
        .by_rule(rule, scale)
        .ok_or(DetectorError::NoMemory { rule })?;
    match scores.iter().position(|score| !score.is_finite()) {
        Some(image) => Err(DetectorError::Score {
            image,
            found: scores[image],
        }),
        None => Ok(scores),
    }
}

fn check_shape(
    images: &LabeledImages,
    network: &ImageAutoencoderConfig,
) -> Result<(), DetectorError> {
    match images.shape() == network.input {
        true => Ok(()),
        false => Err(DetectorError::ImageShape {
            found: images.shape(),
            expected: network.input,
        }),
    }
}
