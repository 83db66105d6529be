//! What is said on the command line.

use std::path::PathBuf;

use clap::Args;

use crate::train::{Groups, rate};

#[derive(Args)]
pub(crate) struct Options {
    /// The detector's file
    #[arg(value_name = "DETECTOR")]
    pub(super) detector: PathBuf,
    /// New normal samples, which nothing was trained on
    #[arg(
        value_name = "NORMAL",
        required_unless_present = "threshold",
        conflicts_with = "threshold"
    )]
    pub(super) normal: Vec<PathBuf>,
    /// The file to write [default: the detector's own]
    #[arg(long, short, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
    /// Share of normal samples that may be flagged [default: that of the old threshold, or 0.01]
    #[arg(long, value_parser = rate, conflicts_with = "threshold")]
    pub(super) rate: Option<f64>,
    /// Pictures: what belongs together [default: as in the training]
    #[arg(long, value_enum, conflicts_with = "threshold")]
    pub(super) groups: Option<Groups>,
    /// Anomalous samples: the threshold becomes the one of the best F1, which promises no rate
    #[arg(long, value_name = "PATH", num_args = 1.., conflicts_with_all = ["threshold", "rate", "groups"])]
    pub(super) anomalous: Vec<PathBuf>,
    /// A threshold given by hand
    #[arg(long, value_name = "SCORE", allow_negative_numbers = true)]
    pub(super) threshold: Option<f64>,
}
