//! What the detector's file says of where it comes from.

use memae::MemoryUsage;
use memae::artefact::{Provenance, Suspect};
use memae::data::protocol::NormalParts;
use memae::detect::Verdict;
use memae::train::TrainConfig;

use super::options::Options;
use crate::command_line::command;
use crate::failure::Failure;

/// Suspects that are kept.
const MAX_SUSPECTS: usize = 50;

/// Name of the figure that says what the threshold does to samples that only the training watched.
pub(crate) const FLAGGED: &str = "share of select above the threshold";

/// What is known of a training after it.
pub(super) struct Facts {
    /// What was trained on, in a line.
    pub(super) data: String,
    pub(super) suspects: Vec<Suspect>,
    /// How many of the part `select` are above the threshold, and how many there are.
    pub(super) flagged: (usize, usize),
    /// How the samples trained on read the memory.
    pub(super) usage: Option<MemoryUsage>,
}

pub(super) fn provenance(
    options: &Options,
    training: &TrainConfig,
    parts: &NormalParts,
    facts: Facts,
) -> Result<Provenance, Failure> {
    let (flagged, selected) = facts.flagged;
    let provenance = Provenance::default()
        .with_command(command())
        .with_data(facts.data)
        .with_seed(options.seed)
        .with_samples("train", parts.train.len() as u64)
        .with_samples("select", parts.select.len() as u64)
        .with_samples("calibrate", parts.calibrate.len() as u64)
        .with_suspects(facts.suspects)
        .with_figure(FLAGGED, flagged as f64 / selected as f64);
    let provenance = match &facts.usage {
        Some(usage) => provenance.with_memory(usage),
        None => provenance,
    };
    let provenance = provenance.with_training(training);
    provenance.map_err(|error| Failure::Other(format!("settings of the training: {error}")))
}

/// The samples that look least normal, the worst first; `named` gives a sample with its score its name.
pub(super) fn suspects(
    verdicts: &[Verdict],
    named: impl Fn(usize, f64) -> Suspect,
) -> Vec<Suspect> {
    let mut order: Vec<usize> = (0..verdicts.len()).collect();
    order.sort_by(|&a, &b| {
        verdicts[b]
            .score
            .total_cmp(&verdicts[a].score)
            .then(a.cmp(&b))
    });
    order.truncate(MAX_SUSPECTS);
    let suspect = |index: usize| named(index, verdicts[index].score);
    order.into_iter().map(suspect).collect()
}
