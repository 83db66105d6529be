//! Training on normal samples, images, clips or vectors, through burn-train.
//!
//! [`TrainConfig`] holds the settings, [`Trainer`] runs them: warm-up without memory, first items
//! from encodings, then training with the memory.

mod checkpoint;
mod config;
mod error;
mod files;
mod last_step;
mod launch;
mod phases;
mod report;
mod run;
mod schedule;
mod step;
mod trainer;
mod watch;

pub use config::{InitialItems, TrainConfig, TrainConfigError};
pub use error::TrainError;
pub use report::{
    BatchFigures, EpochFigures, Figure, FigureMetric, Phase, ProgressDisplay, TrainHistory,
};
pub use step::{TrainingModel, TrainingOutput};
pub use trainer::{Trained, Trainer};

/// Re-export: the handle that stops a training from another thread.
pub use burn::train::Interrupter;
