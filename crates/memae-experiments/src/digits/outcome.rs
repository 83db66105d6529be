use burn::tensor::Device;
use memae_data::protocol::OneClass;
use memae_models::detect::Detector;
use memae_models::network::Variant;
use memae_models::score::Evaluation;
use memae_models::train::{TrainConfig, TrainHistory};
use serde::{Deserialize, Serialize};

use super::prototypes::Prototypes;

/// Area under the ROC curve by each score rule, in `[0, 1]`; 0.5 is chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Auc {
    /// By reconstruction error, as in the paper.
    pub reconstruction: f64,
    /// By the distance between query and read; `None` without a memory.
    pub read_distance: Option<f64>,
    /// By the sum of both; `None` without a memory.
    pub sum: Option<f64>,
    /// By the distance between the encodings of an image and of its reconstruction.
    pub encoding_distance: f64,
    /// By the sum of all three; `None` without a memory.
    pub sum_of_three: Option<f64>,
}

/// One trained and tested network.
#[derive(Debug, Clone)]
pub struct ModelOutcome {
    /// Its form.
    pub variant: Variant,
    /// The network with its threshold, ready to be saved.
    pub detector: Detector,
    /// Figures of every epoch.
    pub history: TrainHistory,
    /// Time that training took, in seconds.
    pub seconds: f64,
    /// Scores and memory usage on the training images.
    pub training: Evaluation,
    /// Scores and memory usage on the test images.
    pub test: Evaluation,
    /// How well the scores tell anomalies from normal test images.
    pub auc: Auc,
}

/// Both networks of an [`Experiment`](super::Experiment).
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The plain autoencoder.
    pub ae: ModelOutcome,
    /// The same network with memory.
    pub memae: ModelOutcome,
    /// The images that they were trained and tested on.
    pub split: OneClass,
    pub(super) prototypes: Prototypes,
    pub(super) train: TrainConfig,
    pub(super) device: Device,
}
