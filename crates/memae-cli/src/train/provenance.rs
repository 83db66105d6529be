//! What the detector's file says of where it comes from.

use memae::MemoryUsage;
use memae::artefact::{Provenance, Suspect};
use memae::data::protocol::{FoldsConfig, NormalParts};
use memae::detect::Verdict;
use serde::Serialize;

use super::division::Protocol;
use super::training::Training;
use crate::command_line::command;
use crate::failure::Failure;

/// Suspects that are kept.
const MAX_SUSPECTS: usize = 50;

/// Name of the figure that says what the threshold does to samples that only the training watched.
pub(crate) const FLAGGED: &str = "share of select above the threshold";

/// Name of the number of samples that the threshold was chosen by.
pub(crate) const CALIBRATE: &str = "calibrate";
/// The same where they are those that were trained on, each scored by the network of another fold.
pub(crate) const CALIBRATE_BY_FOLDS: &str = "calibrate by folds";

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

/// Settings of a training, with what it was divided by where that is folds.
#[derive(Serialize)]
struct Settings<'a, C> {
    #[serde(flatten)]
    config: &'a C,
    #[serde(skip_serializing_if = "Option::is_none")]
    folds: Option<FoldsConfig>,
}

pub(super) fn provenance(
    training: &Training<'_>,
    config: &impl Serialize,
    parts: &NormalParts,
    facts: Facts,
) -> Result<Provenance, Failure> {
    let options = training.options;
    let (flagged, selected) = facts.flagged;
    let (folds, calibrated_by) = match training.protocol() {
        Protocol::Parts(_) => (None, (CALIBRATE, parts.calibrate.len())),
        // All that is trained on is scored, fold by fold.
        Protocol::Folds(folds) => (Some(folds), (CALIBRATE_BY_FOLDS, parts.train.len())),
    };
    let provenance = Provenance::default()
        .with_command(command())
        .with_data(facts.data)
        .with_seed(options.seed)
        .with_samples("train", parts.train.len() as u64)
        .with_samples("select", parts.select.len() as u64)
        .with_samples(calibrated_by.0, calibrated_by.1 as u64)
        .with_suspects(facts.suspects)
        .with_figure(FLAGGED, flagged as f64 / selected as f64);
    let provenance = match &facts.usage {
        Some(usage) => provenance.with_memory(usage),
        None => provenance,
    };
    let provenance = provenance.with_training(&Settings { config, folds });
    provenance.map_err(|error| Failure::Other(format!("settings of the training: {error}")))
}

/// The samples that look least normal, the worst first, by their scores; `named` gives a sample with its score its name.
pub(super) fn suspects(scores: &[f64], named: impl Fn(usize, f64) -> Suspect) -> Vec<Suspect> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
    order.truncate(MAX_SUSPECTS);
    let suspect = |index: usize| named(index, scores[index]);
    order.into_iter().map(suspect).collect()
}

pub(super) fn scores_of(verdicts: &[Verdict]) -> Vec<f64> {
    verdicts.iter().map(|verdict| verdict.score).collect()
}
