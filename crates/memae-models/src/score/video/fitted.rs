use memae_data::sample::ClipShape;
use serde::{Deserialize, Serialize};

use super::map::{
    cell_means, mean_square, num_patches, patch_means, smooth_maximum, time_mean, worst_mean,
};
use super::observation::ClipObservation;
use super::rule::ClipScoreRule;
use super::scale::Scale;

/// A rule with what it learned from training clips.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FittedRule {
    pub(super) rule: ClipScoreRule,
    pub(super) parts: Vec<FittedPart>,
    pub(super) scale: Scale,
    pub(super) shape: ClipShape,
}

/// One of the rules that a score is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct FittedPart {
    pub(super) rule: ClipScoreRule,
    /// What the error of each area is compared with; nothing for rules that compare with nothing.
    #[serde(default)]
    pub(super) usual: UsualErrors,
    pub(super) scale: Scale,
}

/// Errors of the areas of the picture on training clips.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct UsualErrors {
    /// Mean of each area.
    pub(super) mean: Vec<f32>,
    /// Spread of each area, above 0; empty for rules that need none.
    pub(super) spread: Vec<f32>,
}

impl ClipScoreRule {
    /// Mean errors over the clip of the areas that the rule compares; none if it compares none.
    pub(super) fn area_errors(&self, clip: &ClipObservation, shape: ClipShape) -> Vec<f32> {
        let ClipShape { height, width, .. } = shape;
        let map = || time_mean(&clip.errors, height * width);
        match self {
            ClipScoreRule::RelativeError { side, .. } => cell_means(&map(), width, *side),
            ClipScoreRule::PatchDeviation { side, .. } => patch_means(&map(), width, *side),
            _ => Vec::new(),
        }
    }

    /// Areas that the rule compares.
    fn num_areas(&self, shape: ClipShape) -> usize {
        let sides = [shape.height, shape.width];
        // A file may claim any size.
        let area = |[rows, columns]: [usize; 2]| rows.saturating_mul(columns);
        match self {
            ClipScoreRule::RelativeError { side, .. } => {
                area(sides.map(|length| length.div_ceil(*side)))
            }
            ClipScoreRule::PatchDeviation { side, .. } => {
                area(sides.map(|length| num_patches(length, *side)))
            }
            _ => 0,
        }
    }
}

impl FittedPart {
    pub(super) fn score(&self, clip: &ClipObservation, shape: ClipShape) -> f64 {
        let ClipShape { height, width, .. } = shape;
        match self.rule {
            ClipScoreRule::MeanError => worst_mean(&clip.errors, 1.0),
            ClipScoreRule::SquaredError => mean_square(&clip.errors),
            ClipScoreRule::WorstPixels { share } => worst_mean(&clip.errors, share),
            ClipScoreRule::RelativeError { share, .. } => {
                let areas = self.rule.area_errors(clip, shape);
                let relative: Vec<f32> = areas
                    .iter()
                    .zip(&self.usual.mean)
                    .map(|(error, usual)| error / usual)
                    .collect();
                worst_mean(&relative, share)
            }
            ClipScoreRule::PatchDeviation { share, .. } => {
                let UsualErrors { mean, spread } = &self.usual;
                let deviations: Vec<f32> = self
                    .rule
                    .area_errors(clip, shape)
                    .iter()
                    .zip(mean.iter().zip(spread))
                    .map(|(error, (mean, spread))| (error - mean) / spread)
                    .collect();
                worst_mean(&deviations, share)
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
    pub(crate) fn problem(&self, shape: ClipShape, has_memory: bool) -> Option<String> {
        let rules: Vec<&ClipScoreRule> = self.parts.iter().map(|part| &part.rule).collect();
        if let Err(error) = self.rule.validate() {
            return Some(error.to_string());
        }
        if self.shape != shape || rules != self.rule.parts().iter().collect::<Vec<_>>() {
            return Some("a score rule for another network".to_string());
        }
        if !has_memory && self.rule.memory_part().is_some() {
            return Some("a score rule that needs a memory".to_string());
        }
        let scales = self.parts.iter().map(|part| part.scale);
        if scales.chain([self.scale]).any(|scale| scale.spread <= 0.0) {
            return Some("a spread of scores that is not above 0".to_string());
        }
        for part in &self.parts {
            let areas = part.rule.num_areas(shape);
            let UsualErrors { mean, spread } = &part.usual;
            let is_deviation = matches!(part.rule, ClipScoreRule::PatchDeviation { .. });
            let spreads = if is_deviation { areas } else { 0 };
            let above_0 = |value: &f32| value.is_finite() && *value > 0.0;
            let sound = match is_deviation {
                true => mean.iter().all(|mean| mean.is_finite()) && spread.iter().all(above_0),
                false => mean.iter().all(above_0),
            };
            if mean.len() != areas || spread.len() != spreads || !sound {
                return Some(format!(
                    "usual errors of {} areas and spreads of {}, expected {areas} and {spreads}, all above 0",
                    mean.len(),
                    spread.len()
                ));
            }
        }
        None
    }
}
