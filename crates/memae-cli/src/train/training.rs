//! What all kinds of training need.

use std::path::PathBuf;

use burn::tensor::Device;
use memae::data::format::shown;
use memae::data::protocol::NormalPartsConfig;
use memae::detect::DetectionThreshold;
use memae::train::{Interrupter, ProgressDisplay, TrainConfig, Trainer};

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
    pub(super) fn parts(&self) -> NormalPartsConfig {
        NormalPartsConfig::default().with_seed(self.options.seed)
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

/// About how many samples are trained on.
pub(super) fn trained_on(samples: usize, parts: &NormalPartsConfig) -> usize {
    let share = 1.0 - parts.select_share - parts.calibrate_share;
    (samples as f64 * share) as usize
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
