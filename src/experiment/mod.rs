//! Experiments with figures and pictures.
//!
//! On digits, one class is normal: a plain autoencoder beside MemAE, trained on that class and tested on
//! all. [`DigitSource`] gives the images, [`Experiment`] trains and tests, [`Outcome`] holds every figure
//! and draws the pictures. [`Trial`] trains and tests one network on samples of any kind. For videos see
//! [`video`].

mod error;
mod outcome;
mod pictures;
mod prototypes;
mod replace_file;
mod report;
mod run;
mod source;
mod trial;
pub mod video;

pub use error::{ExperimentError, check_writable};
pub use outcome::{Auc, ModelOutcome, Outcome};
pub use report::{MemAeReport, ModelReport, Report};
pub use run::Experiment;
pub(crate) use run::clear;
pub use source::{DigitImages, DigitSource};
pub use trial::{EpochScores, Trial, TrialOutcome};
