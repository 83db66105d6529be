//! Ranking metrics against scikit-learn: `fixtures/ranking.json`, written by `fixtures/ranking.py`.

use memae_data::metrics::{average_precision, precision_recall_curve, roc_auc, roc_curve};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    name: String,
    scores: Vec<Score>,
    anomalous: Vec<bool>,
    roc_auc: f64,
    average_precision: f64,
    false_positive_rate: Vec<f64>,
    true_positive_rate: Vec<f64>,
    precision: Vec<f64>,
    recall: Vec<f64>,
}

/// JSON has no infinities, so they are written as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Score {
    Finite(f64),
    Infinite(String),
}

impl Score {
    fn value(&self) -> f64 {
        match self {
            Self::Finite(value) => *value,
            Self::Infinite(text) => text.parse().expect("inf or -inf"),
        }
    }
}

fn assert_close(name: &str, what: &str, found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{name}: {what}");
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!(
            (found - expected).abs() <= 1e-12,
            "{name}: {what}[{index}]: found {found}, expected {expected}"
        );
    }
}

#[test]
fn metrics_agree_with_scikit_learn() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../fixtures/ranking.json"))
        .expect("written by the script");
    assert_eq!(cases.len(), 9);
    for case in cases {
        let scores: Vec<f64> = case.scores.iter().map(Score::value).collect();
        let name = case.name.as_str();
        let labels = &case.anomalous;

        let auc = roc_auc(&scores, labels).expect("both kinds");
        assert_close(name, "ROC AUC", &[auc], &[case.roc_auc]);
        let precision = average_precision(&scores, labels).expect("both kinds");
        assert_close(
            name,
            "average precision",
            &[precision],
            &[case.average_precision],
        );

        let curve = roc_curve(&scores, labels).expect("both kinds");
        assert_close(
            name,
            "FPR",
            &curve.false_positive_rate,
            &case.false_positive_rate,
        );
        assert_close(
            name,
            "TPR",
            &curve.true_positive_rate,
            &case.true_positive_rate,
        );

        let mut curve = precision_recall_curve(&scores, labels).expect("both kinds");
        curve.precision.reverse();
        curve.recall.reverse();
        assert_close(name, "precision", &curve.precision, &case.precision);
        assert_close(name, "recall", &curve.recall, &case.recall);
    }
}
