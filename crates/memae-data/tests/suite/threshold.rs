//! Thresholds and flagged shares against numpy and scikit-learn: `fixtures/threshold.json`, written by
//! `fixtures/threshold.py`.

use memae_data::metrics::{Detection, detection_at_share, detection_at_threshold};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    name: String,
    scores: Vec<Number>,
    anomalous: Vec<bool>,
    at_threshold: Vec<Expected>,
    at_percentile: Vec<AtPercentile>,
}

#[derive(Deserialize)]
struct AtPercentile {
    percentile: u8,
    #[serde(flatten)]
    expected: Expected,
}

#[derive(Deserialize)]
struct Expected {
    threshold: Number,
    /// True positives, false positives, false negatives, true negatives.
    counts: [usize; 4],
    precision: f64,
    recall: f64,
    f1: f64,
}

/// JSON has no infinities, so they are written as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Finite(f64),
    Infinite(String),
}

impl Number {
    fn value(&self) -> f64 {
        match self {
            Self::Finite(value) => *value,
            Self::Infinite(text) => text.parse().expect("inf or -inf"),
        }
    }
}

fn assert_agrees(place: &str, found: &Detection, expected: &Expected) {
    let threshold = expected.threshold.value();
    assert!(
        found.threshold == threshold
            || (found.threshold - threshold).abs() <= 1e-12 * threshold.abs(),
        "{place}: threshold {}, expected {threshold}",
        found.threshold
    );
    let counts = [
        found.true_positives,
        found.false_positives,
        found.false_negatives,
        found.true_negatives,
    ];
    assert_eq!(counts, expected.counts, "{place}");
    for (what, found, expected) in [
        ("precision", found.precision(), expected.precision),
        ("recall", found.recall(), expected.recall),
        ("F1", found.f1(), expected.f1),
    ] {
        assert!(
            (found - expected).abs() <= 1e-12,
            "{place}: {what} {found}, expected {expected}"
        );
    }
}

#[test]
fn detections_agree_with_numpy_and_scikit_learn() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../fixtures/threshold.json"))
        .expect("written by the script");
    assert_eq!(cases.len(), 10);
    for case in cases {
        let scores: Vec<f64> = case.scores.iter().map(Number::value).collect();
        assert!(!case.at_threshold.is_empty() && !case.at_percentile.is_empty());
        for expected in &case.at_threshold {
            let threshold = expected.threshold.value();
            let found = detection_at_threshold(&scores, &case.anomalous, threshold);
            let place = format!("{}: threshold {threshold}", case.name);
            assert_agrees(&place, &found.expect("both kinds"), expected);
        }
        for AtPercentile {
            percentile,
            expected,
        } in &case.at_percentile
        {
            let share = f64::from(100 - percentile) / 100.0;
            for share in [share, 1.0 - f64::from(*percentile) / 100.0] {
                let found = detection_at_share(&scores, &case.anomalous, share);
                let place = format!("{}: share {share}", case.name);
                assert_agrees(&place, &found.expect("both kinds"), expected);
            }
        }
    }
}
