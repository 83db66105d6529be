//! What the detector's file says of where it comes from.

use memae::artefact::{Provenance, Suspect};
use memae::data::protocol::NormalParts;
use memae::detect::Verdict;
use memae::train::TrainConfig;

use super::options::Options;
use crate::command_line::command;
use crate::failure::Failure;

/// Suspects that are kept.
const MAX_SUSPECTS: usize = 50;

/// `names` has the name of each sample, and `verdicts` what the detector says of it.
pub(super) fn provenance(
    options: &Options,
    data: String,
    training: &TrainConfig,
    parts: &NormalParts,
    suspects: Vec<Suspect>,
) -> Result<Provenance, Failure> {
    let provenance = Provenance::default()
        .with_command(command())
        .with_data(data)
        .with_seed(options.seed)
        .with_samples("train", parts.train.len() as u64)
        .with_samples("select", parts.select.len() as u64)
        .with_samples("calibrate", parts.calibrate.len() as u64)
        .with_suspects(suspects)
        .with_training(training);
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
