//! What came of small sets of normal samples.

use memae_data::protocol::Promise;
use memae_models::detect::{DetectionThreshold, ThresholdOrigin};
use ndarray::aview1;

use super::splits::share_above;

/// How a threshold is chosen by few normal samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Way {
    /// By a fifth of them that is held out once.
    Once,
    /// By all but those that are watched, in so many folds.
    Folds(usize),
}

/// What came of sets of one size in one way.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SmallSet {
    /// Normal samples of each set.
    pub size: usize,
    /// How thresholds were chosen.
    pub way: Way,
    /// Area under the ROC curve of fresh normal samples and anomalies, of each set.
    pub auc: Vec<f64>,
    /// What came of each rate.
    pub rates: Vec<SmallSetRate>,
}

/// What came of one rate.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SmallSetRate {
    /// The rate asked for.
    pub asked: f64,
    /// The rate that the thresholds say: what is promised, or of folds what would be of one network. `None` if there is none.
    pub said: Option<f64>,
    /// Samples that a threshold was chosen by.
    pub scored: usize,
    /// Share of the fresh normal samples that was flagged, of each set.
    pub flagged: Vec<f64>,
}

/// One set, trained on and tested.
pub(super) struct Drawn<'a> {
    pub(super) auc: f64,
    /// Scores of fresh normal samples.
    pub(super) fresh: &'a [f64],
    /// One for each rate.
    pub(super) thresholds: &'a [DetectionThreshold],
}

impl SmallSet {
    /// Sets of which none has been drawn yet.
    pub(super) fn new(size: usize, way: Way, rates: &[f64]) -> Self {
        let rates = rates.iter().map(|&asked| SmallSetRate {
            asked,
            said: None,
            scored: 0,
            flagged: Vec::new(),
        });
        Self {
            size,
            way,
            auc: Vec::new(),
            rates: rates.collect(),
        }
    }

    pub(super) fn add(&mut self, drawn: Drawn<'_>) {
        self.auc.push(drawn.auc);
        for (rate, threshold) in self.rates.iter_mut().zip(drawn.thresholds) {
            rate.said = said(threshold);
            rate.scored = threshold
                .calibration()
                .map_or(0, |scores| scores.num_scores());
            rate.flagged
                .push(share_above(drawn.fresh, threshold.value()));
        }
    }
}

/// The rate that a threshold says.
fn said(threshold: &DetectionThreshold) -> Option<f64> {
    match threshold.origin() {
        ThresholdOrigin::HeldOut { calibrated, .. } | ThresholdOrigin::Folds { calibrated, .. } => {
            match calibrated.promise {
                Promise::Rate { rate } => Some(rate),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A table with a row for each rate of sets of each size in each way.
///
/// ```
/// use memae_experiments::promise::small_sets_table;
///
/// assert_eq!(small_sets_table(&[]).lines().count(), 2);
/// ```
pub fn small_sets_table(sets: &[SmallSet]) -> String {
    let head = "| normal samples | threshold by | scored | asked | said | flagged of fresh ones | most of a set | AUC |\n\
                |---|---|---|---|---|---|---|---|";
    let percent = |share: f64| format!("{:.2} %", 100.0 * share);
    let spread = |values: &[f64]| {
        let values = aview1(values);
        (values.mean().unwrap_or(f64::NAN), values.std(0.0))
    };
    let mut lines = vec![head.to_string()];
    for set in sets {
        let (auc, auc_deviation) = spread(&set.auc);
        lines.extend(set.rates.iter().map(|rate| {
            let (way, said) = match (set.way, rate.said.map(percent)) {
                (Way::Once, Some(said)) => ("a part held out".to_string(), format!("at most {said}")),
                (Way::Folds(folds), Some(said)) => (format!("{folds} folds"), format!("about {said}, no guarantee")),
                (Way::Once, None) => ("a part held out".to_string(), "no guarantee".to_string()),
                (Way::Folds(folds), None) => (format!("{folds} folds"), "no guarantee".to_string()),
            };
            let (mean, deviation) = spread(&rate.flagged);
            let most = rate.flagged.iter().copied().fold(0.0, f64::max);
            format!(
                "| {} | {way} | {} | {} | {said} | {:.2} ± {:.2} % | {} | {auc:.4} ± {auc_deviation:.4} |",
                set.size,
                rate.scored,
                percent(rate.asked),
                100.0 * mean,
                100.0 * deviation,
                percent(most)
            )
        }));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use memae_data::protocol::Calibration;

    use super::*;

    #[test]
    fn what_is_flagged_is_counted_set_by_set() {
        let scores: Vec<f64> = (1..=10).map(f64::from).collect();
        let folds = scores.chunks(5).map(|fold| Calibration::new(fold).unwrap());
        let folds: Vec<Calibration> = folds.collect();
        let rates = [0.05, 0.2];
        let by_folds = rates.map(|rate| DetectionThreshold::of_folds(&folds, rate).unwrap());
        let once = rates.map(|rate| {
            let held_out = Calibration::new(&scores[..4]).unwrap();
            DetectionThreshold::held_out(held_out, rate).unwrap()
        });
        let mut sets = [Way::Once, Way::Folds(2)].map(|way| SmallSet::new(20, way, &rates));
        for (set, thresholds) in sets.iter_mut().zip([&once, &by_folds]) {
            for fresh in [[3.0, 4.0, 9.5, 11.0], [1.0, 2.0, 3.0, 9.5]] {
                set.add(Drawn {
                    auc: 0.75,
                    fresh: &fresh,
                    thresholds,
                });
            }
        }
        let table = small_sets_table(&sets);
        let lines: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(
            lines,
            [
                "| 20 | a part held out | 4 | 5.00 % | at most 20.00 % | 37.50 ± 12.50 % | 50.00 % | 0.7500 ± 0.0000 |",
                "| 20 | a part held out | 4 | 20.00 % | at most 20.00 % | 37.50 ± 12.50 % | 50.00 % | 0.7500 ± 0.0000 |",
                "| 20 | 2 folds | 10 | 5.00 % | about 9.09 %, no guarantee | 12.50 ± 12.50 % | 25.00 % | 0.7500 ± 0.0000 |",
                "| 20 | 2 folds | 10 | 20.00 % | about 20.00 %, no guarantee | 37.50 ± 12.50 % | 50.00 % | 0.7500 ± 0.0000 |",
            ]
        );
    }
}
