use burn::tensor::Device;
use memae_data::sample::ClipShape;

use super::fitted::{FittedPart, FittedRule, UsualErrors};
use super::observation::observe_clips;
use super::rule::{ClipScoreRule, RuleError, check_finite};
use super::scale::Scale;
use crate::network::VideoAutoencoder;
use crate::samples::{ClipCut, Samples};

/// The least error that a cell is taken to have usually, as a share of the mean of all cells: one that
/// shows nothing in training would divide by almost nothing.
const LEAST_USUAL_ERROR: f64 = 0.1;

/// What is added to the spread of every patch, as a share of the mean spread, for the same reason.
const LEAST_SPREAD: f64 = 0.1;

/// What fitting a rule gives.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RuleFit {
    /// The rule with what it learned.
    pub rule: FittedRule,
    /// Its normalised scores of the training clips, in their order: mean 0, spread 1.
    pub training_scores: Vec<f64>,
    /// How the training clips were cut out of videos, where they were.
    pub clip_cut: Option<ClipCut>,
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
        rule.validate_for(model.memory.is_some())?;
    }
    if training.is_empty() {
        return Err(RuleError::NoClips);
    }
    let shape = training.shape();
    let mut fitted: Vec<FittedRule> = rules
        .iter()
        .map(|rule| FittedRule {
            rule: rule.clone(),
            parts: rule
                .parts()
                .iter()
                .map(|part| FittedPart {
                    rule: part.clone(),
                    usual: UsualErrors::default(),
                    scale: Scale::UNIT,
                })
                .collect(),
            scale: Scale::UNIT,
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
        .map(|(rule, scores)| scaled(rule, &scores, training.clip_cut()))
        .collect()
}

/// The rule with the scales that the scores of its parts on training clips give.
fn scaled(
    mut rule: FittedRule,
    scores: &[Vec<f64>],
    clip_cut: Option<ClipCut>,
) -> Result<RuleFit, RuleError> {
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
        clip_cut,
    })
}

/// Sums over training clips of the errors of the areas that a rule compares.
struct AreaSums<'a> {
    part: &'a mut FittedPart,
    sums: Vec<f64>,
    squares: Vec<f64>,
}

/// Errors of each area over all training clips, for the rules that compare with them.
fn fit_usual_errors(
    model: &VideoAutoencoder,
    fitted: &mut [FittedRule],
    training: &impl Samples<Shape = ClipShape>,
    batch_size: usize,
    device: &Device,
) -> Result<(), RuleError> {
    let shape = training.shape();
    let parts = fitted.iter_mut().flat_map(|rule| &mut rule.parts);
    let mut parts: Vec<AreaSums> = parts
        .filter(|part| part.rule.compares_areas())
        .map(|part| AreaSums {
            part,
            sums: Vec::new(),
            squares: Vec::new(),
        })
        .collect();
    if parts.is_empty() {
        return Ok(());
    }
    observe_clips(model, training, batch_size, device, |clip| {
        for AreaSums {
            part,
            sums,
            squares,
        } in &mut parts
        {
            let areas = part.rule.area_errors(&clip, shape);
            sums.resize(areas.len(), 0.0);
            squares.resize(areas.len(), 0.0);
            for ((sum, square), error) in sums.iter_mut().zip(squares).zip(areas) {
                *sum += f64::from(error);
                *square += f64::from(error) * f64::from(error);
            }
        }
    })?;
    for part in parts {
        part.finish(training.len() as f64);
    }
    Ok(())
}

impl AreaSums<'_> {
    fn finish(self, clips: f64) {
        let means: Vec<f64> = self.sums.iter().map(|sum| sum / clips).collect();
        let usual = &mut self.part.usual;
        if matches!(self.part.rule, ClipScoreRule::PatchDeviation { .. }) {
            let spreads: Vec<f64> = self
                .squares
                .iter()
                .zip(&means)
                .map(|(square, mean)| (square / clips - mean * mean).max(0.0).sqrt())
                .collect();
            let added = share_of_mean(LEAST_SPREAD, &spreads);
            usual.spread = spreads
                .iter()
                .map(|spread| (spread + added) as f32)
                .collect();
            usual.mean = means.iter().map(|mean| *mean as f32).collect();
        } else {
            let least = share_of_mean(LEAST_USUAL_ERROR, &means);
            usual.mean = means.iter().map(|mean| mean.max(least) as f32).collect();
        }
    }
}

/// A share of the mean of values; 1 where that is too small to divide by, as of a network that makes
/// no error at all on training clips. What is no number stays so, and shows in the scores.
fn share_of_mean(share: f64, values: &[f64]) -> f64 {
    match share * values.iter().sum::<f64>() / values.len() as f64 {
        least if (0.0..f64::from(f32::MIN_POSITIVE)).contains(&least) => 1.0,
        least => least,
    }
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
