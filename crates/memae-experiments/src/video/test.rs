use memae_models::detect::VideoDetector;
use memae_models::samples::{Runs, Samples};
use memae_models::score::Smoothing;

use super::candidate::Candidate;
use super::outcome::VideoModelOutcome;
use super::rules::{RuleOutcome, rules};
use super::settings::VideoExperiment;
use super::source::VideoData;
use crate::ExperimentError;

/// Least clips in each of the runs that rules are fitted on, and how many times the window of the
/// smoothing they have at least: so the smoothing is fitted too.
const RUN_LENGTH: usize = 64;
const RUN_WINDOWS: usize = 8;

impl VideoExperiment {
    /// Scores the test clips of `data` by every rule, and by the detector's own.
    pub(super) fn test(
        &self,
        candidate: Candidate,
        data: &VideoData,
    ) -> Result<VideoModelOutcome, ExperimentError> {
        let smoothing = match &candidate.detector {
            Some(detector) => detector.smoothing(),
            None => self.detector.smoothing,
        };
        let run_length = smoothing
            .window()
            .saturating_mul(RUN_WINDOWS)
            .max(RUN_LENGTH);
        let fitting = Runs::spread(data.train.clone(), self.fit_clips, run_length);
        let mut compared = rules(candidate.network.input, candidate.model.memory.is_some());
        let number = compared.len();
        compared.push(match &candidate.detector {
            Some(detector) => detector.rule().rule().clone(),
            None => self.detector.rule.clone(),
        });
        let mut fits = self.fit(&candidate.model, &compared, &fitting)?;
        let detector = match candidate.detector {
            Some(detector) => detector,
            None => VideoDetector::from_fit(
                candidate.model.clone(),
                candidate.network,
                self.detector.clone(),
                fits[number].clone(),
                &fitting.sequences(),
            )?,
        };
        fits[number].rule = detector.rule().clone();
        let scores = self.score(&candidate.model, &fits, data, &candidate.name)?;

        let mut smoothings = vec![Smoothing::Off];
        if detector.smoothing() != Smoothing::Off {
            smoothings.push(detector.smoothing());
        }
        let mut outcomes = Vec::new();
        for (rule, scores) in compared[..number].iter().zip(&scores.by_rule) {
            for &smoothing in &smoothings {
                outcomes.push(RuleOutcome::new(rule, smoothing, scores, data)?);
            }
        }
        let rule = detector.rule().rule();
        let detected = RuleOutcome::new(rule, detector.smoothing(), &scores.by_rule[number], data)?;
        Ok(VideoModelOutcome {
            name: candidate.name,
            detector,
            history: candidate.history,
            seconds: candidate.seconds,
            curve: candidate.curve,
            detected,
            rules: outcomes,
            pixels: scores.pixels,
            fit_clips: fitting.len(),
        })
    }
}
