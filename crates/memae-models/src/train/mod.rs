//! Training on normal samples, images, clips or vectors, through burn-train.
//!
//! [`TrainConfig`] holds the settings, [`Trainer`] runs them: warm-up without memory, first items
//! from encodings, then training with the memory. [`SampleMemoryConfig`] makes a memory of samples, without any
//! network, and [`MotionMemoryConfig`] one of motion.

mod best_epoch;
mod best_so_far;
mod checkpoint;
mod config;
mod epoch_draws;
mod error;
mod last_step;
mod launch;
mod motion_memory;
mod phases;
mod report;
mod run;
mod sample_memory;
mod schedule;
mod step;
mod trainer;
mod watch;

pub use best_epoch::{BestEpochConfig, EpochCriterion};
pub use config::{InitialItems, TrainConfig, TrainConfigError};
pub use error::{LastCheckpoint, TrainError};
pub use motion_memory::MotionMemoryConfig;
pub use report::{
    BatchFigures, EpochFigures, Figure, FigureMetric, Phase, ProgressDisplay, TrainHistory,
};
pub use sample_memory::{ItemChoice, SampleMemoryConfig};
pub use step::{TrainingModel, TrainingOutput};
pub use trainer::{Trained, Trainer};

/// Re-export: the handle that stops a training from another thread.
pub use burn::train::Interrupter;
