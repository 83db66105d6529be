use burn::tensor::Device;
use memae_models::detect::VideoDetector;
use memae_models::network::VideoAutoencoderConfig;
use memae_models::train::{TrainConfig, TrainHistory};

use super::frame_aucs::EpochAuc;
use super::pixels::PixelFigures;
use super::rules::RuleOutcome;
use super::source::VideoData;

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
