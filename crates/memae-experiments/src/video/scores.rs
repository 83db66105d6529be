use burn::tensor::Device;
use memae_data::encode::Clips;
use memae_data::sample::ClipShape;
use memae_models::network::VideoAutoencoder;
use memae_models::samples::{Runs, Samples};
use memae_models::score::{ClipScoreRule, RuleError, RuleFit, fit_rules, observe_clips};

use super::pixels::{PixelFigures, PixelPass};
use super::settings::VideoExperiment;
use super::source::VideoData;
use super::watched::Watched;
use crate::ExperimentError;

/// Clips scored at once.
const BATCH_SIZE: usize = 8;

/// Scores of test clips by every rule, normalised but not smoothed, and pixel-level figures.
pub(super) struct TestScores {
    pub(super) by_rule: Vec<Vec<f64>>,
    pub(super) pixels: Option<PixelFigures>,
}

impl TestScores {
    /// `clips` are those of `data.test`, or the same with a watch on them.
    fn measure(
        model: &VideoAutoencoder,
        rules: &[RuleFit],
        data: &VideoData,
        clips: &impl Samples<Shape = ClipShape>,
        device: &Device,
    ) -> Result<Self, ExperimentError> {
        let mut by_rule = vec![Vec::with_capacity(clips.len()); rules.len()];
        let mut pixels = PixelPass::new(data);
        let mut problem = None;
        let mut index = 0;
        observe_clips(model, clips, BATCH_SIZE, device, |clip| {
            for (fit, scores) in rules.iter().zip(&mut by_rule) {
                scores.push(fit.rule.normalized_score(&clip));
            }
            if problem.is_none() {
                problem = pixels.push(index, &clip).err();
            }
            index += 1;
        })
        .map_err(RuleError::from)?;
        if let Some(problem) = problem {
            return Err(problem);
        }
        for scores in &by_rule {
            if let Some(clip) = scores.iter().position(|score| !score.is_finite()) {
                let found = scores[clip];
                return Err(RuleError::Score { clip, found }.into());
            }
        }
        Ok(Self {
            by_rule,
            pixels: pixels.finish()?,
        })
    }
}

impl VideoExperiment {
    /// Fits score rules on training clips.
    pub(super) fn fit(
        &self,
        model: &VideoAutoencoder,
        rules: &[ClipScoreRule],
        clips: &Runs<Clips>,
    ) -> Result<Vec<RuleFit>, ExperimentError> {
        let passes = 1 + usize::from(rules.iter().any(ClipScoreRule::needs_two_passes));
        let clips = Watched::new(
            clips,
            "fit score rules",
            passes,
            self.display,
            &self.interrupter,
        );
        let result = fit_rules(model, rules, &clips, BATCH_SIZE, &self.device);
        self.check_interruption()?;
        Ok(result?)
    }

    /// Scores the test clips by every rule. `label`: what the progress bar is called.
    pub(super) fn score(
        &self,
        model: &VideoAutoencoder,
        rules: &[RuleFit],
        data: &VideoData,
        label: &str,
    ) -> Result<TestScores, ExperimentError> {
        let label = format!("{label} (test)");
        let clips = Watched::new(&data.test, &label, 1, self.display, &self.interrupter);
        let result = TestScores::measure(model, rules, data, &clips, &self.device);
        self.check_interruption()?;
        result
    }
}
