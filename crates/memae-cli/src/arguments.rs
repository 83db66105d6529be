//! The commands.

use clap::{Parser, Subcommand};

use crate::shared::Shared;
use crate::{compare, completions, eval, inspect, recalibrate, score, suspects, train, watch};

/// Learns from normal pictures, videos or rows of a table, and tells which new ones are not normal.
///
/// Exit codes: 0 all went well; 1 an error, or wrong usage; 2 some input was left out, and said so; 3 anomalies were found, with
/// --fail-on-anomaly (3 wins over 2); 130 after Ctrl-C, except of `watch`, which Ctrl-C ends with 0 or 2.
#[derive(Parser)]
#[command(name = "memae", version, propagate_version = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) shared: Shared,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Learn what is normal, and write a detector
    Train(Box<train::Options>),
    /// Score pictures, videos or rows with a detector
    Score(score::Options),
    /// Score pictures and frames as they arrive
    Watch(watch::Options),
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
