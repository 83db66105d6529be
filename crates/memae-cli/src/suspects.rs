//! `memae suspects`: what was given as normal and does not look so.

use std::path::PathBuf;

use clap::Args;
use memae::data::format::shown;
use memae::detect::AnyDetector;

use crate::exit::Outcome;
use crate::failure::Failure;
use crate::print::{line, note};
use crate::shared::Shared;

#[derive(Args)]
pub(crate) struct Options {
    /// The detector's file
    #[arg(value_name = "DETECTOR")]
    detector: PathBuf,
    /// How many to list; a detector's file has the first 50 at most
    #[arg(long, short = 'n', default_value_t = 20)]
    most: usize,
}

pub(crate) fn run(options: &Options, shared: &Shared) -> Result<Outcome, Failure> {
    let detector = AnyDetector::load(&options.detector, &shared.device()?)?;
    let suspects = &detector.provenance().suspects;
    if suspects.is_empty() {
        return Err(Failure::Other(format!(
            "{}: found no list of samples of the training, expected a detector that `memae train` wrote",
            shown(&options.detector)
        )));
    }
    let threshold = detector.detection_threshold();
    line("normalized       score  sample")?;
    for suspect in suspects.iter().take(options.most) {
        let verdict = threshold.verdict(suspect.score);
        let mut name = shown(&suspect.name);
        if let Some(place) = &suspect.place {
            name = format!("{name}: {}", shown(place));
        }
        line(format_args!(
            "{:>10.4}  {:>10.4}  {name}",
            verdict.normalized, suspect.score
        ))?;
    }
    if options.most > suspects.len() && !shared.quiet {
        note(format_args!(
            "no more than these {} are in the file",
            suspects.len()
        ));
    }
    Ok(Outcome::default())
}
