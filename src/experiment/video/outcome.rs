use std::path::Path;

use burn::tensor::Device;
use memae_models::detect::VideoDetector;
use memae_models::network::{Variant, VideoAutoencoderConfig};
use memae_models::train::{TrainConfig, TrainHistory};
use serde::{Deserialize, Serialize};

use super::{FrameAucs, PixelFigures, RuleOutcome, VideoData, VideoReport, pictures, table};
use crate::experiment::ExperimentError;

/// AUC of the test videos after an epoch, by the mean error.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct EpochAuc {
    /// Epoch, from 1.
    pub epoch: usize,
    /// The AUC by each protocol.
    pub auc: FrameAucs,
}

/// One network, tested.
#[derive(Debug, Clone)]
pub struct VideoModelOutcome {
    /// What it is called: its form, or the file of its weights.
    pub name: String,
    /// The network with its rule and threshold, ready to be saved.
    pub detector: VideoDetector,
    /// Figures of every epoch; none for given weights.
    pub history: TrainHistory,
    /// Time that training took, in seconds.
    pub seconds: f64,
    /// AUC after each epoch; empty unless asked for.
    pub curve: Vec<EpochAuc>,
    /// By the detector's own rule and smoothing.
    pub detected: RuleOutcome,
    /// By every rule compared.
    pub rules: Vec<RuleOutcome>,
    /// Pixel-level figures; `None` without masks.
    pub pixels: Option<PixelFigures>,
    /// Training clips that rules and threshold were fitted on.
    pub fit_clips: usize,
}

/// All networks of a [`VideoExperiment`](super::VideoExperiment).
#[derive(Debug, Clone)]
pub struct VideoOutcome {
    /// The networks, in the order they were asked for.
    pub models: Vec<VideoModelOutcome>,
    /// The clips that they were trained and tested on.
    pub data: VideoData,
    pub(super) network: VideoAutoencoderConfig,
    /// `None` where no network was trained.
    pub(super) train: Option<TrainConfig>,
    pub(super) device: Device,
}

impl VideoOutcome {
    /// Every figure, with the settings.
    pub fn report(&self, device: &str) -> VideoReport {
        VideoReport::new(self, device)
    }

    /// Writes pictures and detectors into a folder, which is made if need be: `scores.png`, `roc.png`,
    /// `training.png`, `curve.png`, and for each network `worst_frames_NAME.png`, `scores_NAME.csv`
    /// (every frame by every rule) and `NAME.safetensors`. Each file is written beside its place and
    /// renamed. The ROC needs labels, the training a network that was trained, the curve one that was
    /// tested after every epoch.
    ///
    /// # Errors
    ///
    /// The folder or a file can't be written; a frame can't be read.
    pub fn save(&self, folder: impl AsRef<Path>) -> Result<(), ExperimentError> {
        let folder = folder.as_ref();
        std::fs::create_dir_all(folder).map_err(|error| ExperimentError::Write {
            path: folder.display().to_string(),
            reason: error.to_string(),
        })?;
        // What took long to make comes first.
        for model in &self.models {
            let file = format!("{}.safetensors", model.file_name());
            model.detector.save(folder.join(file))?;
            let file = format!("scores_{}.csv", model.file_name());
            table::save_scores(&self.data, model, &folder.join(file))?;
        }
        pictures::save_all(self, folder)
    }
}

impl VideoModelOutcome {
    /// The name in lower case, without what file names may not have.
    pub(super) fn file_name(&self) -> String {
        let letters = self.name.chars().map(|letter| match letter {
            letter if letter.is_alphanumeric() => letter.to_ascii_lowercase(),
            _ => '_',
        });
        letters.collect()
    }
}

/// The form that settings describe.
pub(super) fn variant_of(network: &VideoAutoencoderConfig) -> Variant {
    use memae_core::addressing::Shrinkage;
    match &network.memory {
        None => Variant::Ae,
        Some(memory) if memory.shrinkage == Shrinkage::Off => Variant::MemAeNonSparse,
        Some(_) => Variant::MemAe,
    }
}
