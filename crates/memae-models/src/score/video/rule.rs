use burn::data::dataset::DatasetError;
use serde::{Deserialize, Serialize};

/// How a clip is scored; higher is more anomalous. What a rule needs to know of normal clips it learns
/// from training clips, see [`fit_rules`](super::fit_rules).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ClipScoreRule {
    /// Mean error of all pixels of the clip, ‖x − x̂‖ over channels: as in the code published by the
    /// paper's authors.
    MeanError,
    /// Mean squared error of all pixels of the clip, ‖x − x̂‖²: the paper's score, which weighs large errors
    /// more.
    SquaredError,
    /// Mean error of the worst pixels of the clip.
    WorstPixels {
        /// Share of the pixels that count, in `(0, 1]`.
        share: f64,
    },
    /// The picture is divided into cells; the mean error of each over the clip is divided by the one
    /// that it has on training clips; the mean of the worst cells counts.
    RelativeError {
        /// Side of a cell in pixels, at least 1: 1 compares pixel by pixel.
        side: usize,
        /// Share of the cells that count, in `(0, 1]`.
        share: f64,
    },
    /// Smooth maximum of the mean errors p of square patches that overlap by half, averaged over the
    /// clip: `(mean of p^power)^(1/power)`.
    WorstPatch {
        /// Side of a patch in pixels, at least 1; the whole picture if that is smaller.
        side: usize,
        /// From 1, the mean of all patches, upwards to their maximum.
        power: f64,
    },
    /// Square patches that overlap by half; the mean error of each over the clip, less the one that it
    /// has on training clips, is divided by its spread there; the mean of the patches that deviate most
    /// counts. A crowd where crowds are usual deviates little.
    PatchDeviation {
        /// Side of a patch in pixels, at least 1; the whole picture if that is smaller.
        side: usize,
        /// Share of the patches that count, in `(0, 1]`.
        share: f64,
    },
    /// Distance between query and read, 1 − cos(z, ẑ), the mean over all queries. Needs a memory.
    ReadDistance,
    /// Entropy of the shrunk weights, the mean over all queries. Needs a memory.
    AddressingEntropy,
    /// Sum of several rules, each less its mean on training clips and divided by its spread there.
    Sum(Vec<ClipScoreRule>),
}

/// Why a rule was not fitted.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleError {
    /// A setting out of range.
    #[error("score rule: {name} is {found}, expected {expected}")]
    OutOfRange {
        /// The setting.
        name: &'static str,
        /// The value found.
        found: f64,
        /// The range expected.
        expected: &'static str,
    },
    /// A rule that needs a memory, for a network without.
    #[error("score rule: the {name} needs a memory; the network has none")]
    NoMemory {
        /// The rule.
        name: String,
    },
    /// No clips to fit on.
    #[error("score rule: no training clips given, expected at least 1")]
    NoClips,
    /// A clip that can't be read.
    #[error("{reason}")]
    Clip {
        /// What its source says.
        reason: String,
    },
    /// A score that is no number, as weights out of all bounds give it.
    #[error("clip {clip} scores {found}, expected a finite number")]
    Score {
        /// Position of the clip, from 0.
        clip: usize,
        /// The score found.
        found: f64,
    },
}

impl From<DatasetError> for RuleError {
    fn from(error: DatasetError) -> Self {
        RuleError::Clip {
            reason: error.to_string(),
        }
    }
}

impl ClipScoreRule {
    /// The name shown in tables.
    pub fn name(&self) -> String {
        match self {
            ClipScoreRule::MeanError => "mean error".to_string(),
            ClipScoreRule::SquaredError => "squared error".to_string(),
            ClipScoreRule::WorstPixels { share } => {
                format!("worst {} % of pixels", 100.0 * share)
            }
            ClipScoreRule::RelativeError { side, share } => {
                format!("worst {} % of relative {side}-pixel cells", 100.0 * share)
            }
            ClipScoreRule::WorstPatch { side, power } => {
                format!("smooth maximum of {side}-pixel patches, power {power}")
            }
            ClipScoreRule::PatchDeviation { side, share } => {
                format!(
                    "worst {} % of {side}-pixel patches by deviation",
                    100.0 * share
                )
            }
            ClipScoreRule::ReadDistance => "read distance".to_string(),
            ClipScoreRule::AddressingEntropy => "addressing entropy".to_string(),
            ClipScoreRule::Sum(rules) => {
                let names: Vec<String> = rules.iter().map(ClipScoreRule::name).collect();
                names.join(" + ")
            }
        }
    }

    /// Checks every setting.
    ///
    /// # Errors
    ///
    /// The first setting that is out of range.
    pub fn validate(&self) -> Result<(), RuleError> {
        let check = |name, found: f64, holds, expected| match holds {
            true => Ok(()),
            false => Err(RuleError::OutOfRange {
                name,
                found,
                expected,
            }),
        };
        let check_share = |share: f64| {
            let holds = share > 0.0 && share <= 1.0;
            check("share", share, holds, "a number above 0 and at most 1")
        };
        let check_side = |side: usize| check("side", side as f64, side > 0, "at least 1");
        match self {
            ClipScoreRule::MeanError
            | ClipScoreRule::SquaredError
            | ClipScoreRule::ReadDistance
            | ClipScoreRule::AddressingEntropy => Ok(()),
            ClipScoreRule::WorstPixels { share } => check_share(*share),
            ClipScoreRule::RelativeError { side, share }
            | ClipScoreRule::PatchDeviation { side, share } => {
                check_side(*side)?;
                check_share(*share)
            }
            ClipScoreRule::WorstPatch { side, power } => {
                check_side(*side)?;
                let holds = power.is_finite() && *power >= 1.0;
                check("power", *power, holds, "a finite number, 1 or above")
            }
            ClipScoreRule::Sum(rules) => {
                let holds = !rules.is_empty();
                check("sum", rules.len() as f64, holds, "at least 1 rule")?;
                let nested = rules
                    .iter()
                    .filter(|rule| matches!(rule, ClipScoreRule::Sum(_)))
                    .count();
                check("sum", nested as f64, nested == 0, "0 sums within it")?;
                rules.iter().try_for_each(ClipScoreRule::validate)
            }
        }
    }

    /// Whether fitting shows the training clips to the network twice, not once.
    pub fn needs_two_passes(&self) -> bool {
        self.parts().iter().any(ClipScoreRule::compares_areas)
    }

    /// The rules that a score is made of: those of a sum, or itself.
    pub(super) fn parts(&self) -> &[ClipScoreRule] {
        match self {
            ClipScoreRule::Sum(rules) => rules,
            rule => std::slice::from_ref(rule),
        }
    }

    /// Whether what areas of the picture usually show is part of the rule.
    pub(super) fn compares_areas(&self) -> bool {
        matches!(
            self,
            ClipScoreRule::RelativeError { .. } | ClipScoreRule::PatchDeviation { .. }
        )
    }

    /// The part of the rule that needs a memory, if there is one.
    pub(super) fn memory_part(&self) -> Option<&ClipScoreRule> {
        self.parts().iter().find(|part| {
            matches!(
                part,
                ClipScoreRule::ReadDistance | ClipScoreRule::AddressingEntropy
            )
        })
    }

    /// Checks that the rule can score what a network with or without a memory makes of clips.
    ///
    /// # Errors
    ///
    /// A setting out of range, or a rule that needs a memory for a network without.
    pub fn validate_for(&self, has_memory: bool) -> Result<(), RuleError> {
        self.validate()?;
        match self.memory_part() {
            Some(part) if !has_memory => Err(RuleError::NoMemory { name: part.name() }),
            _ => Ok(()),
        }
    }
}

/// A score that is no number would pass for normal.
pub(crate) fn check_finite(scores: &[f64]) -> Result<(), RuleError> {
    match scores.iter().position(|score| !score.is_finite()) {
        Some(clip) => Err(RuleError::Score {
            clip,
            found: scores[clip],
        }),
        None => Ok(()),
    }
}
