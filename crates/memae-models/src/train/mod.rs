//! Training on normal samples, images, clips or vectors, through burn-train.
//!
//! [`TrainConfig`] holds the settings, [`Trainer`] runs them: warm-up without memory, first items
//! from encodings, then training with the memory.

mod batch;
mod config;
mod error;
mod figures;
mod history;
mod last_step;
mod launch;
mod learner;
mod loader;
mod progress;
mod trainer;

pub use batch::{ImageBatch, ImageBatcher};
pub use config::{InitialItems, TrainConfig, TrainConfigError};
pub use error::TrainError;
pub use figures::{BatchFigures, Figure, FigureMetric};
pub use history::{EpochFigures, Phase, TrainHistory};
pub use learner::{TrainingModel, TrainingOutput};
pub use progress::ProgressDisplay;
pub use trainer::{Trained, Trainer};

/// Re-export: the handle that stops a training from another thread.
pub use burn::train::Interrupter;
