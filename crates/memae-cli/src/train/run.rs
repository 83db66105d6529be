//! The command.

use std::path::PathBuf;

use memae::train::Interrupter;

use super::options::Options;
use super::training::Training;
use super::{images, tables, videos};
use crate::exit::Outcome;
use crate::failure::Failure;
use crate::input::{InputKind, kind_of};
use crate::output_file::check_output;
use crate::shared::Shared;

pub(crate) fn run(options: &Options, shared: &Shared) -> Result<Outcome, Failure> {
    let read: Vec<PathBuf> = options
        .normal
        .iter()
        .chain(&options.parts.region_mask)
        .cloned()
        .collect();
    check_output(&options.out, &read)?;
    let kind = match options.kind {
        Some(kind) => kind,
        None => kind_of(&options.normal)?,
    };
    options.check(kind)?;
    let training = Training {
        options,
        shared,
        interrupter: interrupter()?,
    };
    match kind {
        InputKind::Images => images::train(&training),
        InputKind::Video => videos::train(&training),
        InputKind::Table => tables::train(&training),
    }
}

/// Stops the training after its present step on Ctrl-C; a second Ctrl-C ends the process.
fn interrupter() -> Result<Interrupter, Failure> {
    let interrupter = Interrupter::new();
    let handle = interrupter.clone();
    let set = ctrlc::set_handler(move || {
        if handle.should_stop() {
            std::process::exit(130);
        }
        handle.stop(Some("Ctrl-C"));
    });
    set.map_err(|error| Failure::Other(format!("Ctrl-C: {error}")))?;
    Ok(interrupter)
}
