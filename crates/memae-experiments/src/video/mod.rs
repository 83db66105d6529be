//! Experiments on videos: the forms of one network trained on normal videos and tested on labelled ones,
//! with every score rule and protocol, figures and pictures.
//!
//! [`VideoSource`] gives the videos, [`VideoExperiment`] trains and tests, [`VideoOutcome`] holds every
//! figure and draws the pictures. [`StreamExperiment`] scores videos frame by frame with a saved detector;
//! [`ClipScoreFiles`] takes the AUC of scores that come from elsewhere.

mod candidate;
mod clip_scores;
mod frame_aucs;
mod outcome;
mod pictures;
mod pixels;
mod report;
mod rules;
mod run;
mod save;
mod score_table;
mod scores;
mod settings;
mod source;
mod stream;
mod test;
mod train;
mod watched;
mod weights;

pub use clip_scores::ClipScoreFiles;
pub use frame_aucs::{EpochAuc, FrameAucs};
pub use outcome::{VideoModelOutcome, VideoOutcome};
pub use pixels::PixelFigures;
pub use report::{VideoModelReport, VideoReport};
pub use rules::{RuleOutcome, rules};
pub use settings::VideoExperiment;
pub use source::{VideoData, VideoSource};
pub use stream::{StreamComparison, StreamExperiment, StreamOutcome, StreamedScore};
pub use weights::VideoWeights;
