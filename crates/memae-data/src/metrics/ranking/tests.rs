use proptest::prelude::*;

use super::*;

/// Every pair of an anomalous and a normal sample, counted one by one.
fn pair_count(scores: &[f64], anomalous: &[bool]) -> f64 {
    let (mut won, mut pairs) = (0.0, 0.0);
    for (a, _) in scores.iter().zip(anomalous).filter(|&(_, &label)| label) {
        for (n, _) in scores.iter().zip(anomalous).filter(|&(_, &label)| !label) {
            pairs += 1.0;
            if a > n {
                won += 1.0;
            } else if a == n {
                won += 0.5;
            }
        }
    }
    won / pairs
}

/// Scores with many ties, zeros of both signs and infinities; at least one sample of each kind.
fn samples() -> impl Strategy<Value = (Vec<f64>, Vec<bool>)> {
    let score = prop_oneof![
        6 => (-4i8..4).prop_map(f64::from),
        6 => -4.0..4.0,
        1 => Just(f64::INFINITY),
        1 => Just(f64::NEG_INFINITY),
        1 => Just(-0.0),
    ];
    proptest::collection::vec((score, any::<bool>()), 2..60).prop_map(|mut samples| {
        samples[0].1 = true;
        samples[1].1 = false;
        samples.into_iter().unzip()
    })
}

proptest! {
    #[test]
    fn auc_is_the_share_of_pairs_won((scores, anomalous) in samples()) {
        let auc = roc_auc(&scores, &anomalous).unwrap();
        prop_assert!((auc - pair_count(&scores, &anomalous)).abs() < 1e-12);
    }

    #[test]
    fn auc_is_the_area_under_the_curve((scores, anomalous) in samples()) {
        let curve = roc_curve(&scores, &anomalous).unwrap();
        let area: f64 = (1..curve.lowest_flagged.len())
            .map(|i| {
                let width = curve.false_positive_rate[i] - curve.false_positive_rate[i - 1];
                width * (curve.true_positive_rate[i] + curve.true_positive_rate[i - 1]) / 2.0
            })
            .sum();
        prop_assert!((area - roc_auc(&scores, &anomalous).unwrap()).abs() < 1e-12);
    }

    #[test]
    fn monotone_maps_change_nothing((scores, anomalous) in samples()) {
        // Ranks are a monotone map that no rounding can tie.
        let mapped: Vec<f64> = scores
            .iter()
            .map(|score| scores.iter().filter(|other| *other < score).count() as f64 * 3.0 - 7.0)
            .collect();
        prop_assert_eq!(roc_auc(&scores, &anomalous), roc_auc(&mapped, &anomalous));
        prop_assert_eq!(
            average_precision(&scores, &anomalous),
            average_precision(&mapped, &anomalous)
        );
    }

    #[test]
    fn opposite_scores_give_the_opposite_auc((scores, anomalous) in samples()) {
        let opposite: Vec<f64> = scores.iter().map(|score| -score).collect();
        let sum = roc_auc(&scores, &anomalous).unwrap() + roc_auc(&opposite, &anomalous).unwrap();
        prop_assert!((sum - 1.0).abs() < 1e-12);
    }

    #[test]
    fn order_of_samples_changes_nothing((mut scores, mut anomalous) in samples()) {
        let before = (
            roc_auc(&scores, &anomalous),
            average_precision(&scores, &anomalous),
            roc_curve(&scores, &anomalous),
        );
        scores.reverse();
        anomalous.reverse();
        let after = (
            roc_auc(&scores, &anomalous),
            average_precision(&scores, &anomalous),
            roc_curve(&scores, &anomalous),
        );
        prop_assert_eq!(before, after);
    }

    #[test]
    fn average_precision_is_the_step_area((scores, anomalous) in samples()) {
        let curve = precision_recall_curve(&scores, &anomalous).unwrap();
        let area: f64 = (1..curve.lowest_flagged.len())
            .map(|i| (curve.recall[i] - curve.recall[i - 1]) * curve.precision[i])
            .sum();
        prop_assert!((area - average_precision(&scores, &anomalous).unwrap()).abs() < 1e-12);
    }

    #[test]
    fn curves_run_from_corner_to_corner((scores, anomalous) in samples()) {
        let curve = roc_curve(&scores, &anomalous).unwrap();
        prop_assert_eq!((curve.false_positive_rate[0], curve.true_positive_rate[0]), (0.0, 0.0));
        prop_assert_eq!(curve.false_positive_rate.last(), Some(&1.0));
        prop_assert_eq!(curve.true_positive_rate.last(), Some(&1.0));
        prop_assert!(curve.false_positive_rate.is_sorted());
        prop_assert!(curve.true_positive_rate.is_sorted());
        prop_assert!(curve.lowest_flagged[1..].windows(2).all(|pair| pair[0] > pair[1]));
    }
}

#[test]
fn perfect_and_useless_rankings() {
    let labels = [false, false, true, true];
    assert_eq!(roc_auc(&[1.0, 2.0, 3.0, 4.0], &labels), Ok(1.0));
    assert_eq!(roc_auc(&[4.0, 3.0, 2.0, 1.0], &labels), Ok(0.0));
    assert_eq!(roc_auc(&[5.0; 4], &labels), Ok(0.5));
    assert_eq!(average_precision(&[5.0; 4], &labels), Ok(0.5));
    assert_eq!(average_precision(&[1.0, 2.0, 3.0, 4.0], &labels), Ok(1.0));
}

#[test]
fn infinities_are_ranked() {
    let scores = [f64::NEG_INFINITY, 0.0, f64::MAX, f64::INFINITY];
    let labels = [false, true, false, true];
    assert_eq!(roc_auc(&scores, &labels), Ok(0.75));
    let curve = roc_curve(&scores, &labels).expect("both kinds");
    assert_eq!(curve.lowest_flagged.len(), 5);
    assert_eq!(curve.true_positive_rate[..2], [0.0, 0.5]);
}

#[test]
fn zeros_of_both_signs_are_a_tie() {
    assert_eq!(roc_auc(&[0.0, -0.0], &[true, false]), Ok(0.5));
    assert_eq!(roc_auc(&[-0.0, 0.0], &[true, false]), Ok(0.5));
}

#[test]
fn what_has_no_value_is_an_error() {
    let all = |scores: &[f64], labels: &[bool]| {
        let errors = [
            roc_auc(scores, labels).unwrap_err(),
            average_precision(scores, labels).unwrap_err(),
            roc_curve(scores, labels).unwrap_err(),
            precision_recall_curve(scores, labels).unwrap_err(),
        ];
        assert!(errors.iter().all(|error| *error == errors[0]));
        errors[0].to_string()
    };
    assert_eq!(
        all(&[], &[]),
        "scores: found none, expected at least one normal and one anomalous sample"
    );
    assert_eq!(
        all(&[1.0], &[true, false]),
        "labels: found 2, expected 1, one for each score"
    );
    assert_eq!(
        all(&[1.0, f64::NAN], &[true, false]),
        "score 1: found NaN, expected a number"
    );
    assert_eq!(
        all(&[1.0, 2.0], &[true, true]),
        "labels: found 2 anomalous samples only, expected normal ones too"
    );
    assert_eq!(
        all(&[1.0, 2.0], &[false, false]),
        "labels: found 2 normal samples only, expected anomalous ones too"
    );
}
