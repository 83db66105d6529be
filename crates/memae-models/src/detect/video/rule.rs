use burn::data::dataset::DatasetError;
use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use super::map::{cell_means, patch_means, smooth_maximum, time_mean, worst_mean};
use super::{ClipObservation, observe_clips};
use crate::network::{ClipShape, VideoAutoencoder};
use crate::samples::Samples;

/// The least error that a cell is taken to have usually, as a share of the mean of all cells: one that
/// shows nothing in training would divide by almost nothing.
const LEAST_USUAL_ERROR: f64 = 0.1;

/// How a clip is scored; higher is more anomalous. What a rule needs to know of normal clips it learns
/// from training clips, see [`fit_rules`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ClipScoreRule {
    /// Mean error of all pixels of the clip, ‖x − x̂‖ over channels: as in the code published by the
    /// paper's authors.
    MeanError,
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
            ClipScoreRule::WorstPixels { share } => {
                format!("worst {} % of pixels", 100.0 * share)
            }
            ClipScoreRule::RelativeError { side, share } => {
                format!("worst {} % of relative {side}-pixel cells", 100.0 * share)
            }
            ClipScoreRule::WorstPatch { side, power } => {
                format!("smooth maximum of {side}-pixel patches, power {power}")
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
            | ClipScoreRule::ReadDistance
            | ClipScoreRule::AddressingEntropy => Ok(()),
            ClipScoreRule::WorstPixels { share } => check_share(*share),
            ClipScoreRule::RelativeError { side, share } => {
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
        let relative = |rule: &ClipScoreRule| matches!(rule, ClipScoreRule::RelativeError { .. });
        self.parts().iter().any(relative)
    }

    /// The rules that a score is made of: those of a sum, or itself.
    fn parts(&self) -> &[ClipScoreRule] {
        match self {
            ClipScoreRule::Sum(rules) => rules,
            rule => std::slice::from_ref(rule),
        }
    }

    fn needs_memory(&self) -> bool {
        matches!(
            self,
            ClipScoreRule::ReadDistance | ClipScoreRule::AddressingEntropy
        )
    }
}

/// A rule with what it learned from training clips.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedRule {
    rule: ClipScoreRule,
    parts: Vec<FittedPart>,
    scale: Scale,
    shape: ClipShape,
}

/// What fitting a rule gives.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleFit {
    /// The rule with what it learned.
    pub rule: FittedRule,
    /// Its normalised scores of the training clips, in their order: mean 0, spread 1.
    pub training_scores: Vec<f64>,
}

/// One of the rules that a score is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct FittedPart {
    rule: ClipScoreRule,
    /// What the error of each cell is divided by; empty for rules that divide by nothing.
    usual: Vec<f32>,
    scale: Scale,
}

/// Mean and standard deviation of scores on training clips.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Scale {
    #[serde(with = "crate::number_as_text")]
    mean: f64,
    /// Above 0; 1 where there is no spread.
    #[serde(with = "crate::number_as_text")]
    spread: f64,
}

impl Scale {
    fn fit(scores: &[f64]) -> Self {
        let count = scores.len().max(1) as f64;
        let mean = scores.iter().sum::<f64>() / count;
        let squares = scores.iter().map(|score| (score - mean).powi(2));
        let spread = (squares.sum::<f64>() / count).sqrt();
        // Scores that are all the same differ by rounding alone.
        let rounding = 1e-6 * mean.abs().max(1e-6);
        Self {
            mean,
            spread: if spread > rounding { spread } else { 1.0 },
        }
    }

    fn apply(self, score: f64) -> f64 {
        (score - self.mean) / self.spread
    }
}

impl FittedPart {
    fn score(&self, clip: &ClipObservation, shape: ClipShape) -> f64 {
        let ClipShape { height, width, .. } = shape;
        match self.rule {
            ClipScoreRule::MeanError => worst_mean(&clip.errors, 1.0),
            ClipScoreRule::WorstPixels { share } => worst_mean(&clip.errors, share),
            ClipScoreRule::RelativeError { side, share } => {
                let cells = cell_means(&time_mean(&clip.errors, height * width), width, side);
                let relative: Vec<f32> = cells
                    .iter()
                    .zip(&self.usual)
                    .map(|(error, usual)| error / usual)
                    .collect();
                worst_mean(&relative, share)
            }
            ClipScoreRule::WorstPatch { side, power } => {
                let map = time_mean(&clip.errors, height * width);
                smooth_maximum(&patch_means(&map, width, side), power)
            }
            // Whether there is a memory is checked when the rule is fitted.
            ClipScoreRule::ReadDistance => clip.read_distance.unwrap_or(f64::NAN),
            ClipScoreRule::AddressingEntropy => clip.entropy.unwrap_or(f64::NAN),
            ClipScoreRule::Sum(_) => f64::NAN,
        }
    }
}

impl FittedRule {
    /// The rule.
    pub fn rule(&self) -> &ClipScoreRule {
        &self.rule
    }

    /// Shape of the clips that it scores.
    pub fn shape(&self) -> ClipShape {
        self.shape
    }

    /// Score of a clip in the units of the rule, for instance an error.
    ///
    /// # Panics
    ///
    /// Panics if the clip has another number of pixels than those fitted on.
    pub fn score(&self, clip: &ClipObservation) -> f64 {
        let ClipShape {
            frames,
            height,
            width,
            ..
        } = self.shape;
        let (found, expected) = (clip.errors.len(), frames * height * width);
        assert!(
            found == expected,
            "clip has errors of {found} pixels, expected {expected} ({})",
            self.shape
        );
        match &self.parts[..] {
            [part] if !matches!(self.rule, ClipScoreRule::Sum(_)) => part.score(clip, self.shape),
            parts => parts
                .iter()
                .map(|part| part.scale.apply(part.score(clip, self.shape)))
                .sum(),
        }
    }

    /// Score of a clip less its mean on training clips, divided by its spread there.
    ///
    /// # Panics
    ///
    /// As [`score`](Self::score).
    pub fn normalized_score(&self, clip: &ClipObservation) -> f64 {
        self.scale.apply(self.score(clip))
    }

    /// Checks what came from a file: found and expected, if it is not what fitting gives.
    pub(super) fn problem(&self, shape: ClipShape, has_memory: bool) -> Option<String> {
        let rules: Vec<&ClipScoreRule> = self.parts.iter().map(|part| &part.rule).collect();
        if let Err(error) = self.rule.validate() {
            return Some(error.to_string());
        }
        if self.shape != shape || rules != self.rule.parts().iter().collect::<Vec<_>>() {
            return Some("a score rule for another network".to_string());
        }
        if !has_memory && rules.iter().any(|rule| rule.needs_memory()) {
            return Some("a score rule that needs a memory".to_string());
        }
        let scales = self.parts.iter().map(|part| part.scale);
        if scales.chain([self.scale]).any(|scale| scale.spread <= 0.0) {
            return Some("a spread of scores that is not above 0".to_string());
        }
        for part in &self.parts {
            let cells = num_cells(&part.rule, shape);
            let sound = |usual: &f32| usual.is_finite() && *usual > 0.0;
            if part.usual.len() != cells || !part.usual.iter().all(sound) {
                return Some(format!(
                    "usual errors of {} cells, expected {cells}, all above 0",
                    part.usual.len()
                ));
            }
        }
        None
    }
}

/// Cells whose usual error a rule needs.
fn num_cells(rule: &ClipScoreRule, shape: ClipShape) -> usize {
    match rule {
        ClipScoreRule::RelativeError { side, .. } => {
            shape.height.div_ceil(*side) * shape.width.div_ceil(*side)
        }
        _ => 0,
    }
}

/// Fits rules on training clips, all of which are taken to be normal.
///
/// Clips are shown to the network once; twice if a rule divides by usual errors.
///
/// # Errors
///
/// A rule out of range, or one that needs a memory which the network lacks; no clips, or one that
/// can't be read; weights so large that a score is no number.
///
/// # Panics
///
/// Panics if the clips don't have the shape of the network's input, or `batch_size` is 0.
pub fn fit_rules(
    model: &VideoAutoencoder,
    rules: &[ClipScoreRule],
    training: &impl Samples<Shape = ClipShape>,
    batch_size: usize,
    device: &Device,
) -> Result<Vec<RuleFit>, RuleError> {
    for rule in rules {
        rule.validate()?;
        if model.memory.is_none()
            && let Some(part) = rule.parts().iter().find(|part| part.needs_memory())
        {
            return Err(RuleError::NoMemory { name: part.name() });
        }
    }
    if training.is_empty() {
        return Err(RuleError::NoClips);
    }
    let shape = training.shape();
    let unit = Scale {
        mean: 0.0,
        spread: 1.0,
    };
    let mut fitted: Vec<FittedRule> = rules
        .iter()
        .map(|rule| FittedRule {
            rule: rule.clone(),
            parts: rule
                .parts()
                .iter()
                .map(|part| FittedPart {
                    rule: part.clone(),
                    usual: Vec::new(),
                    scale: unit,
                })
                .collect(),
            scale: unit,
            shape,
        })
        .collect();

    fit_usual_errors(model, &mut fitted, training, batch_size, device)?;
    // Scores of each part of each rule.
    let mut scores: Vec<Vec<Vec<f64>>> = fitted
        .iter()
        .map(|rule| vec![Vec::with_capacity(training.len()); rule.parts.len()])
        .collect();
    observe_clips(model, training, batch_size, device, |clip| {
        for (rule, scores) in fitted.iter().zip(&mut scores) {
            for (part, scores) in rule.parts.iter().zip(scores) {
                scores.push(part.score(&clip, shape));
            }
        }
    })?;
    fitted
        .into_iter()
        .zip(scores)
        .map(|(rule, scores)| scaled(rule, &scores))
        .collect()
}

/// The rule with the scales that the scores of its parts on training clips give.
fn scaled(mut rule: FittedRule, scores: &[Vec<f64>]) -> Result<RuleFit, RuleError> {
    for (part, scores) in rule.parts.iter_mut().zip(scores) {
        check_finite(scores)?;
        part.scale = Scale::fit(scores);
    }
    let is_sum = matches!(rule.rule, ClipScoreRule::Sum(_));
    let clips = scores.first().map_or(0, Vec::len);
    let total: Vec<f64> = (0..clips)
        .map(|clip| {
            let parts = rule.parts.iter().zip(scores);
            parts
                .map(|(part, scores)| match is_sum {
                    true => part.scale.apply(scores[clip]),
                    false => scores[clip],
                })
                .sum()
        })
        .collect();
    rule.scale = Scale::fit(&total);
    let normalized = total.into_iter().map(|score| rule.scale.apply(score));
    Ok(RuleFit {
        training_scores: normalized.collect(),
        rule,
    })
}

/// Means of the errors of each cell over all training clips, for the rules that divide by them.
fn fit_usual_errors(
    model: &VideoAutoencoder,
    fitted: &mut [FittedRule],
    training: &impl Samples<Shape = ClipShape>,
    batch_size: usize,
    device: &Device,
) -> Result<(), RuleError> {
    let ClipShape { height, width, .. } = training.shape();
    let mut parts: Vec<(usize, Vec<f64>, &mut FittedPart)> = fitted
        .iter_mut()
        .flat_map(|rule| &mut rule.parts)
        .filter_map(|part| match part.rule {
            ClipScoreRule::RelativeError { side, .. } => Some((side, Vec::new(), part)),
            _ => None,
        })
        .collect();
    if parts.is_empty() {
        return Ok(());
    }
    observe_clips(model, training, batch_size, device, |clip| {
        let map = time_mean(&clip.errors, height * width);
        for (side, sums, _) in &mut parts {
            let cells = cell_means(&map, width, *side);
            sums.resize(cells.len(), 0.0);
            for (sum, cell) in sums.iter_mut().zip(cells) {
                *sum += f64::from(cell);
            }
        }
    })?;
    for (_, sums, part) in parts {
        let clips = training.len() as f64;
        let mean = sums.iter().sum::<f64>() / (clips * sums.len() as f64);
        // A network that makes no error at all on training clips divides by 1.
        let least = match LEAST_USUAL_ERROR * mean {
            least if least >= f64::from(f32::MIN_POSITIVE) => least,
            least if least.is_nan() || least.is_infinite() => least,
            _ => 1.0,
        };
        let usual = sums.iter().map(|sum| (sum / clips).max(least) as f32);
        part.usual = usual.collect();
    }
    Ok(())
}

/// Scores clips by several rules at once: for each rule the normalised score of each clip, see
/// [`FittedRule::normalized_score`].
///
/// # Errors
///
/// A clip that can't be read; weights so large that a score is no number.
///
/// # Panics
///
/// Panics if the clips don't have the shape of the network's input, or `batch_size` is 0.
pub fn score_clips(
    model: &VideoAutoencoder,
    rules: &[FittedRule],
    clips: &impl Samples<Shape = ClipShape>,
    batch_size: usize,
    device: &Device,
) -> Result<Vec<Vec<f64>>, RuleError> {
    let mut scores = vec![Vec::with_capacity(clips.len()); rules.len()];
    observe_clips(model, clips, batch_size, device, |clip| {
        for (rule, scores) in rules.iter().zip(&mut scores) {
            scores.push(rule.normalized_score(&clip));
        }
    })?;
    scores.iter().try_for_each(|scores| check_finite(scores))?;
    Ok(scores)
}

/// A score that is no number would pass for normal.
pub(super) fn check_finite(scores: &[f64]) -> Result<(), RuleError> {
    match scores.iter().position(|score| !score.is_finite()) {
        Some(clip) => Err(RuleError::Score {
            clip,
            found: scores[clip],
        }),
        None => Ok(()),
    }
}
