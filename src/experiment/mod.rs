//! One-class experiments on digits: a plain autoencoder beside MemAE, trained on one class and
//! tested on all, with figures and pictures.
//!
//! [`DigitSource`] gives the images, [`Experiment`] trains and tests, [`Outcome`] holds every figure
//! and draws the pictures.

mod error;
mod outcome;
mod pictures;
mod prototypes;
mod report;
mod run;
mod source;

pub use error::{ExperimentError, check_writable};
pub use outcome::{Auc, ModelOutcome, Outcome};
pub use report::{MemAeReport, ModelReport, Report};
pub use run::Experiment;
pub use source::{DigitImages, DigitSource};
