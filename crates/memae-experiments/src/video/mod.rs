//! Experiments on videos: the forms of one network trained on normal videos and tested on labelled ones,
//! with every score rule and protocol, figures and pictures.
//!
//! [`VideoSource`] gives the videos, [`VideoExperiment`] trains and tests, [`VideoOutcome`] holds every
//! figure and draws the pictures.

mod outcome;
mod pictures;
mod report;
mod run;
mod score_table;
mod score_table;
mod scoring;
mod source;
mod watched;

pub use outcome::{EpochAuc, VideoModelOutcome, VideoOutcome};
pub use report::{VideoModelReport, VideoReport};
pub use run::{VideoExperiment, VideoWeights};
pub use scoring::{FrameAucs, PixelFigures, RuleOutcome, rules};
pub use source::{VideoData, VideoSource};
