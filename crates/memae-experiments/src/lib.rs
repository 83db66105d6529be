//! Experiments with figures and pictures: what memae's examples run.
//!
//! [`digits`] sets a plain autoencoder beside MemAE, trained on one digit and tested on all; [`video`] trains and tests the
//! forms of one network on videos; [`motion`] sets memories of motion beside what needs none, [`joint`] both together beside each; [`promise`] counts what thresholds flag. [`Trial`] trains and tests one network on samples of any kind.

#![forbid(unsafe_code)]

pub mod baselines;
pub mod digits;
mod error;
pub mod joint;
pub mod motion;
mod output;
pub mod paper_tables;
pub mod promise;
mod training_folder;
mod trial;
pub mod video;

pub use error::ExperimentError;
pub use output::{check_output, check_writable};
pub use trial::{EpochScores, Trial, TrialOutcome};
