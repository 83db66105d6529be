use std::collections::BTreeMap;

use memae_data::metrics::MetricError;
use memae_models::network::AutoencoderConfig;
use memae_models::score::{ScoreRule, ScoreScale, Scores};

use super::found::{Figures, Found};
use super::judge::Judge;
use crate::TrialOutcome;

/// What a trained network's scores are worth, and how it used its memory.
pub(super) fn found<N: AutoencoderConfig>(
    outcome: &TrialOutcome<N>,
    judge: Judge,
) -> Result<Found, MetricError> {
    let mut found = Found::default();
    for rule in ScoreRule::ALL {
        if let Some(scores) = outcome.scores(rule) {
            found
                .figures
                .insert(rule.name().to_string(), judge(&scores)?);
        }
    }
    if let (Some(test), Some(training)) = (&outcome.test.usage, &outcome.training.usage) {
        found.memory = Figures::from([
            ("active items".to_string(), test.mean_active_items()),
            ("entropy".to_string(), test.mean_entropy()),
            ("empty rows".to_string(), test.empty_row_share()),
            ("dead items".to_string(), training.dead_items().len() as f64),
        ]);
    }
    let scale = outcome.detector.scale();
    for epoch in &outcome.epochs {
        found
            .epochs
            .push(epoch_figures(&epoch.scores, &scale, judge)?);
    }
    Ok(found)
}

/// Every figure after an epoch by the rules of the paper and of the memory, as `rule: figure`. Sums are left out: the
/// spreads that they need were not measured then.
fn epoch_figures(
    scores: &Scores,
    scale: &ScoreScale,
    judge: Judge,
) -> Result<BTreeMap<String, f64>, MetricError> {
    let mut figures = BTreeMap::new();
    for rule in [ScoreRule::Reconstruction, ScoreRule::ReadDistance] {
        let Some(scores) = scores.by_rule(rule, scale) else {
            continue;
        };
        for (name, value) in judge(&scores)? {
            figures.insert(format!("{}: {name}", rule.name()), value);
        }
    }
    Ok(figures)
}
