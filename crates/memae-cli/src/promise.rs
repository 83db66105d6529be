//! What a threshold promises, in words.

use memae::data::protocol::{Calibration, Promise};
use memae::detect::{DetectionThreshold, ThresholdOrigin};

/// What a threshold promises, in words.
pub(crate) fn promise(threshold: &DetectionThreshold) -> String {
    match threshold.origin() {
        ThresholdOrigin::HeldOut {
            calibrated,
            calibration,
        } => match calibrated.promise {
            Promise::Rate { rate } if rate > calibrated.asked => format!(
                "flags at most {:.2} % of normal samples: {} are too few for the {:.2} % asked for",
                100.0 * rate,
                held_out(calibration),
                100.0 * calibrated.asked
            ),
            Promise::Rate { rate } => format!(
                "flags at most {:.2} % of normal samples, by {}",
                100.0 * rate,
                held_out(calibration)
            ),
            Promise::Empirical {
                groups,
                needed,
                measured,
            } => {
                let measured = measured.map_or(String::new(), |share| {
                    format!("; measured {:.2} %", 100.0 * share)
                });
                format!(
                    "empirical, no guarantee: {} held out, {:.2} % needs {needed}{measured}",
                    match groups {
                        1 => "1 group was".to_string(),
                        groups => format!("{groups} groups were"),
                    },
                    100.0 * calibrated.asked
                )
            }
            _ => "held out".to_string(),
        },
        ThresholdOrigin::Folds {
            folds,
            calibration,
            calibrated,
        } => {
            let scored = calibration.num_scores();
            let asked = 100.0 * calibrated.asked;
            match calibrated.promise {
                Promise::Rate { rate } if rate > calibrated.asked => format!(
                    "flags about {:.2} % of normal samples: {scored} scored across {folds} folds are too few for the {asked:.2} % asked \
                     for; no guarantee, since they were scored by {folds} other networks",
                    100.0 * rate
                ),
                Promise::Empirical { groups, needed, .. } => format!(
                    "empirical, no guarantee: {groups} groups were scored across {folds} folds by {folds} other networks, {asked:.2} % \
                     needs {needed}"
                ),
                _ => format!(
                    "flags about {asked:.2} % of normal samples, by {scored} scored across {folds} folds; no guarantee, since they were \
                     scored by {folds} other networks"
                ),
            }
        }
        ThresholdOrigin::Training { quantile } => format!(
            "the {:.2} % quantile of what was trained on, more than which is flagged of new samples",
            100.0 * quantile
        ),
        ThresholdOrigin::BestF1 { f1, samples } => {
            format!("the best F1 of {samples} labelled samples, {f1:.4}")
        }
        ThresholdOrigin::Given => "given by hand".to_string(),
        _ => "of unknown origin".to_string(),
    }
}

/// How many were held out; of samples that belong together, it is their groups that count.
fn held_out(calibration: &Calibration) -> String {
    match (calibration.num_scores(), calibration.num_groups()) {
        (scores, groups) if groups == scores => format!("{scores} held out"),
        (scores, groups) => format!("{scores} held out in {groups} groups"),
    }
}
