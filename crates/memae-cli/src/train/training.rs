//! What all kinds of training need.

use memae::data::format::shown;
use memae::data::protocol::NormalPartsConfig;
use memae::detect::DetectionThreshold;
use memae::train::{Interrupter, ProgressDisplay};

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

    pub(super) fn display(&self) -> ProgressDisplay {
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
        self.options.memory.saturating_mul(1 << 20)
    }
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
