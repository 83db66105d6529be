//! What all kinds of training need.

use std::path::PathBuf;

use burn::tensor::Device;
use memae::MemoryUsage;
use memae::data::format::shown;
use memae::data::protocol::{FoldsConfig, NormalParts, NormalPartsConfig};
use memae::detect::DetectionThreshold;
use memae::train::{Interrupter, ProgressDisplay, TrainConfig, Trainer};

use super::division::{Division, Protocol};
use super::options::Options;
use crate::failure::Failure;
use crate::print::{line, note};
use crate::promise::promise;
use crate::shared::Shared;

/// What all kinds of training need.
pub(super) struct Training<'a> {
    pub(super) options: &'a Options,
    pub(super) shared: &'a Shared,
    pub(super) interrupter: Interrupter,
}

impl Training<'_> {
    /// How samples are divided, as was asked for.
    pub(super) fn protocol(&self) -> Protocol {
        let seed = self.options.seed;
        match self.options.folds {
            Some(folds) => {
                Protocol::Folds(FoldsConfig::default().with_folds(folds).with_seed(seed))
            }
            None => Protocol::Parts(NormalPartsConfig::default().with_seed(seed)),
        }
    }

    /// The same training, which tells how samples are divided where it can.
    pub(super) fn divided(&self, config: TrainConfig) -> TrainConfig {
        match self.protocol() {
            Protocol::Parts(parts) => config.with_parts(Some(parts)),
            Protocol::Folds(_) => config,
        }
    }

    /// What `score` makes of each fold, which is said before: nothing where there are no folds.
    pub(super) fn fold_by_fold<T>(
        &self,
        division: &Division,
        mut score: impl FnMut(&NormalParts, &str) -> Result<T, Failure>,
    ) -> Result<Vec<T>, Failure> {
        let count = division.turns.len();
        let turns = division.turns.iter().zip(1..);
        let turns = turns.map(|(parts, number): (_, usize)| {
            let label = format!("fold {number} of {count}");
            self.note(format_args!(
                "{label}: {} trained on, {} scored",
                parts.train.len(),
                parts.calibrate.len()
            ));
            score(parts, &label)
        });
        turns.collect()
    }

    /// A trainer that shows itself as was asked for, and stops at Ctrl-C.
    pub(super) fn trainer(&self, config: &TrainConfig, device: &Device) -> Trainer {
        Trainer::new(config.clone(), device.clone())
            .with_display(self.display())
            .with_interrupter(self.interrupter.clone())
    }

    fn display(&self) -> ProgressDisplay {
        match self.shared.quiet {
            true => ProgressDisplay::Silent,
            false => ProgressDisplay::Bar,
        }
    }

    pub(super) fn note(&self, text: impl std::fmt::Display) {
        if !self.shared.quiet {
            note(text);
        }
    }

    /// Says what is wrong with how a network's samples read its memory.
    pub(super) fn note_memory(&self, usage: Option<&MemoryUsage>) {
        for problem in usage.map(MemoryUsage::problems).unwrap_or_default() {
            self.note(format_args!("the memory: {problem}"));
        }
    }

    pub(super) fn memory_bytes(&self) -> u64 {
        let mebibytes = self.options.memory.unwrap_or(4096);
        mebibytes.saturating_mul(1 << 20)
    }
}

/// The paths, in a line.
pub(super) fn listed(paths: &[PathBuf]) -> String {
    let paths: Vec<String> = paths.iter().map(shown).collect();
    paths.join(", ")
}

/// What a trained detector is said to be.
pub(super) fn report(
    training: &Training<'_>,
    threshold: &DetectionThreshold,
    flagged_of_select: (usize, usize),
) -> Result<(), Failure> {
    let out = shown(&training.options.out);
    let (flagged, selected) = flagged_of_select;
    line(format_args!(
        "{out}: threshold {:.4}; {}; {flagged} of {selected} other normal samples are above it",
        threshold.value(),
        promise(threshold)
    ))
}
