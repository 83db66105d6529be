//! The commands and the options that all of them share.

use burn::tensor::Device;
use clap::{Args, Parser, Subcommand};

use crate::failure::Failure;
use crate::{compare, completions, eval, inspect, recalibrate, score, suspects, train};

/// Learns from normal pictures, videos or rows of a table, and tells which new ones are not normal.
///
/// Exit codes: 0 all went well; 1 an error, or wrong usage; 2 some input was left out, and said so; 3 anomalies were found, with
/// --fail-on-anomaly (3 wins over 2); 130 after Ctrl-C.
#[derive(Parser)]
#[command(name = "memae", version, propagate_version = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) shared: Shared,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What all commands take.
#[derive(Args)]
pub(crate) struct Shared {
    /// Device, among those compiled in
    #[arg(long, global = true, value_name = "NAME", env = "MEMAE_DEVICE", default_value = memae::device::names()[0])]
    device: String,
    /// Say nothing but results and errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

impl Shared {
    pub(crate) fn device(&self) -> Result<Device, Failure> {
        Ok(memae::device::by_name(&self.device)?)
    }
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Learn what is normal, and write a detector
    Train(Box<train::Options>),
    /// Score pictures, videos or rows with a detector
    Score(score::Options),
    /// Measure how well a detector tells normal from anomalous
    Eval(eval::Options),
    /// Show what is in a detector's file
    Inspect(inspect::Options),
    /// Show how two detectors differ, in settings and on files
    Compare(compare::Options),
    /// Choose a new threshold by new normal samples, without training
    Recalibrate(recalibrate::Options),
    /// List the normal samples of the training that look least normal
    Suspects(suspects::Options),
    /// Write completions for a shell, or the manual's pages
    Completions(completions::Options),
}
