//! One digit is normal: a plain autoencoder beside MemAE, trained on that digit and tested on all ten.
//!
//! [`DigitSource`] gives the images, [`Experiment`] trains and tests, [`Outcome`] holds every figure and draws the pictures.

mod experiment;
mod outcome;
mod pictures;
mod prototypes;
mod report;
mod save;
mod source;

pub use experiment::Experiment;
pub use outcome::{Auc, ModelOutcome, Outcome};
pub use report::{MemAeReport, ModelReport, Report};
pub use source::{DigitImages, DigitSource};
