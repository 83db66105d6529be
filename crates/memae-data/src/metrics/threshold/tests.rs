use proptest::prelude::*;

use super::super::{precision_recall_curve, roc_curve, threshold_below};
use super::*;

/// Scores with many ties, zeros of both signs and infinities; at least one sample of each kind.
fn samples() -> impl Strategy<Value = (Vec<f64>, Vec<bool>)> {
    let score = prop_oneof![
        6 => (-4i8..4).prop_map(f64::from),
        6 => -4.0..4.0,
        1 => Just(f64::INFINITY),
        1 => Just(f64::NEG_INFINITY),
        1 => Just(f64::MAX),
        1 => Just(f64::MIN),
        1 => Just(-0.0),
    ];
    proptest::collection::vec((score, any::<bool>()), 2..60).prop_map(|mut samples| {
        samples[0].1 = true;
        samples[1].1 = false;
        samples.into_iter().unzip()
    })
}

/// Samples that are anomalous as said and flagged as said.
fn tally(flags: &[bool], anomalous: &[bool], kind: (bool, bool)) -> usize {
    let pairs = anomalous.iter().zip(flags);
    pairs.filter(|&(&a, &f)| (a, f) == kind).count()
}

fn agree(detection: &Detection, flags: &[bool], anomalous: &[bool]) -> Result<(), TestCaseError> {
    let found = [
        detection.true_positives,
        detection.false_positives,
        detection.false_negatives,
        detection.true_negatives,
    ];
    let expected = [(true, true), (false, true), (true, false), (false, false)]
        .map(|kind| tally(flags, anomalous, kind));
    prop_assert_eq!(found, expected);
    Ok(())
}

proptest! {
    #[test]
    fn samples_above_the_threshold_are_flagged(
        (scores, anomalous) in samples(), threshold in prop_oneof![(-4i8..4).prop_map(f64::from), -5.0..5.0],
    ) {
        let detection = detection_at_threshold(&scores, &anomalous, threshold).unwrap();
        let flags: Vec<bool> = scores.iter().map(|&score| score > threshold).collect();
        agree(&detection, &flags, &anomalous)?;
        prop_assert_eq!(detection.threshold, threshold);
    }

    /// The share as a fraction, so that the rank is known in whole numbers: a sample is flagged where more samples than
    /// the quantile leaves below it score less.
    #[test]
    fn a_share_flags_what_scores_more_than_its_quantile(
        (scores, anomalous) in samples(), (percent, from_above) in (1usize..100, any::<bool>()),
    ) {
        let share = if from_above { percent as f64 / 100.0 } else { 1.0 - (100 - percent) as f64 / 100.0 };
        let detection = detection_at_share(&scores, &anomalous, share).unwrap();
        let index = (scores.len() - 1) * (100 - percent) / 100;
        let flags: Vec<bool> = scores
            .iter()
            .map(|&score| scores.iter().filter(|&&other| other < score).count() > index)
            .collect();
        agree(&detection, &flags, &anomalous)?;
        let again = detection_at_threshold(&scores, &anomalous, detection.threshold);
        prop_assert_eq!(again, Ok(detection), "the threshold flags the same");
    }

    /// Precision, recall and share by what they say: of whom, how many.
    #[test]
    fn figures_are_the_shares_that_they_say((scores, anomalous) in samples(), share in 1e-9..0.999_999_999) {
        let detection = detection_at_share(&scores, &anomalous, share).unwrap();
        let (precision, recall) = (detection.precision(), detection.recall());
        let flags: Vec<bool> = scores.iter().map(|&score| score > detection.threshold).collect();
        let share_of = |whole: &[bool], part: &[bool]| {
            let both = whole.iter().zip(part).filter(|&(&whole, _)| whole);
            let parts: Vec<bool> = both.map(|(_, &part)| part).collect();
            let hits = parts.iter().filter(|&&part| part).count();
            if parts.is_empty() { 0.0 } else { hits as f64 / parts.len() as f64 }
        };
        prop_assert_eq!(precision, share_of(&flags, &anomalous));
        prop_assert_eq!(recall, share_of(&anomalous, &flags));
        prop_assert_eq!(detection.flagged_share(), share_of(&vec![true; flags.len()], &flags));
        let flagged = (share * (scores.len() - 1) as f64).ceil() / scores.len() as f64;
        prop_assert!(detection.flagged_share() <= flagged + 1e-12);
        if precision + recall > 0.0 {
            let mean = 2.0 * precision * recall / (precision + recall);
            prop_assert!((detection.f1() - mean).abs() < 1e-12);
        } else {
            prop_assert_eq!(detection.f1(), 0.0);
        }
    }

    /// No threshold has a higher F1, and of those that have as high a one it is the highest.
    #[test]
    fn no_f1_is_higher_than_the_best((scores, anomalous) in samples()) {
        let best = detection_at_best_f1(&scores, &anomalous).unwrap();
        let again = detection_at_threshold(&scores, &anomalous, best.threshold);
        prop_assert_eq!(again, Ok(best));
        let roc = roc_curve(&scores, &anomalous).unwrap();
        for point in 1..roc.lowest_flagged.len() {
            let Some(threshold) = roc.threshold(point) else { continue };
            let other = detection_at_threshold(&scores, &anomalous, threshold).unwrap();
            prop_assert!(other.f1() < best.f1() || (other.f1() == best.f1() && threshold <= best.threshold));
        }
    }

    #[test]
    fn order_of_samples_changes_nothing(
        (mut scores, mut anomalous) in samples(), share in 0.01..0.99, turn in 0usize..60,
    ) {
        let before = detection_at_share(&scores, &anomalous, share);
        let turn = turn % scores.len();
        scores.rotate_left(turn);
        anomalous.rotate_left(turn);
        prop_assert_eq!(before, detection_at_share(&scores, &anomalous, share));
    }

    #[test]
    fn the_lowest_score_is_never_flagged((scores, anomalous) in samples(), share in 0.01..0.99) {
        let threshold = detection_at_share(&scores, &anomalous, share).unwrap().threshold;
        let above = scores.iter().filter(|&&score| score > threshold).count();
        prop_assert!(above < scores.len(), "{}", threshold);
    }
}

proptest! {
    /// A curve and a detection count the same samples, at every point.
    #[test]
    fn points_of_curves_and_their_thresholds_flag_the_same((scores, anomalous) in samples()) {
        let roc = roc_curve(&scores, &anomalous).unwrap();
        let recall = precision_recall_curve(&scores, &anomalous).unwrap();
        prop_assert_eq!(&roc.lowest_flagged, &recall.lowest_flagged);
        let positives = anomalous.iter().filter(|&&anomalous| anomalous).count();
        let negatives = anomalous.len() - positives;
        for point in 0..roc.lowest_flagged.len() {
            prop_assert_eq!(roc.threshold(point), recall.threshold(point));
            let lowest = roc.lowest_flagged[point];
            let flags: Vec<bool> = scores.iter().map(|&score| point > 0 && score >= lowest).collect();
            let counts = [(true, true), (false, true)].map(|kind| tally(&flags, &anomalous, kind));
            // What the curve says of itself.
            prop_assert_eq!(roc.true_positive_rate[point], counts[0] as f64 / positives as f64);
            prop_assert_eq!(roc.false_positive_rate[point], counts[1] as f64 / negatives as f64);
            prop_assert_eq!(recall.recall[point], counts[0] as f64 / positives as f64);
            match roc.threshold(point) {
                None => prop_assert_eq!(lowest, f64::NEG_INFINITY),
                Some(threshold) => {
                    let detection = detection_at_threshold(&scores, &anomalous, threshold).unwrap();
                    agree(&detection, &flags, &anomalous)?;
                }
            }
            if point > 0 {
                match threshold_below(lowest) {
                    None => prop_assert_eq!(lowest, f64::NEG_INFINITY),
                    Some(threshold) => {
                        let detection = detection_at_threshold(&scores, &anomalous, threshold).unwrap();
                        agree(&detection, &flags, &anomalous)?;
                    }
                }
            }
        }
    }
}

#[test]
fn thresholds_lie_halfway_and_below_the_lowest() {
    let (minus, plus) = (f64::NEG_INFINITY, f64::INFINITY);
    let next = 1.0 + f64::EPSILON;
    for (scores, expected) in [
        (
            [1.0, 4.0],
            [Some(plus), Some(2.5), Some(1.0_f64.next_down())],
        ),
        (
            [1.0, next],
            [Some(plus), Some(1.0), Some(1.0_f64.next_down())],
        ),
        (
            [1.0, plus],
            [Some(plus), Some(1.0), Some(1.0_f64.next_down())],
        ),
        ([minus, 4.0], [Some(plus), Some(minus), None]),
        ([f64::MIN, f64::MAX], [Some(plus), Some(0.0), Some(minus)]),
        (
            [-0.0, 4.0],
            [Some(plus), Some(2.0), Some(-f64::from_bits(1))],
        ),
    ] {
        let curve = roc_curve(&scores, &[false, true]).unwrap();
        let found: Vec<Option<f64>> = (0..3).map(|point| curve.threshold(point)).collect();
        assert_eq!(found, expected, "{scores:?}");
    }
    assert_eq!(threshold_below(f64::NAN), None);
    assert_eq!(threshold_below(minus), None);
    assert_eq!(threshold_below(plus), Some(f64::MAX));
}

#[test]
fn nothing_flagged_gives_zeros() {
    for detection in [
        detection_at_share(&[5.0; 4], &[false, true, true, false], 0.2).unwrap(),
        detection_at_threshold(&[1.0, 2.0], &[true, false], 2.0).unwrap(),
        detection_at_threshold(&[1.0, f64::INFINITY], &[false, true], f64::INFINITY).unwrap(),
    ] {
        assert_eq!(detection.precision(), 0.0);
        assert_eq!(detection.recall(), 0.0);
        assert_eq!(detection.f1(), 0.0);
        assert_eq!(detection.flagged_share(), 0.0);
    }
}

#[test]
fn a_fifth_is_a_fifth() {
    let scores: Vec<f64> = (0..101).map(f64::from).collect();
    let anomalous: Vec<bool> = (0..101).map(|index| index >= 90).collect();
    for share in [0.2, 1.0 - 0.8, 20.0 / 100.0] {
        let detection = detection_at_share(&scores, &anomalous, share).unwrap();
        assert_eq!(detection.threshold, 80.0);
        assert_eq!(
            (detection.true_positives, detection.false_positives),
            (11, 9)
        );
        assert_eq!(detection.precision(), 0.55);
        assert_eq!(detection.recall(), 1.0);
        assert_eq!(detection.f1(), 22.0 / 31.0);
    }
}

/// One anomaly of two by itself is as good as both of them with two normal samples.
#[test]
fn of_thresholds_with_the_best_f1_the_highest_is_taken() {
    let anomalous = [true, false, false, true, false];
    let detection = detection_at_best_f1(&[5.0, 4.0, 3.0, 2.0, 1.0], &anomalous).unwrap();
    assert_eq!((detection.threshold, detection.f1()), (4.5, 2.0 / 3.0));
}

#[test]
fn scores_that_no_number_lies_between_stay_apart() {
    let next = 1.0 + f64::EPSILON;
    for [lower, upper] in [
        [1.0, next],
        [f64::MIN, f64::MAX],
        [f64::NEG_INFINITY, f64::INFINITY],
        [0.0, f64::INFINITY],
        [f64::NEG_INFINITY, 0.0],
    ] {
        for share in [0.001, 0.5, 0.999] {
            let detection = detection_at_share(&[upper, lower], &[true, false], share).unwrap();
            assert_eq!(
                detection.f1(),
                1.0,
                "{lower} {upper} {share}: {detection:?}"
            );
        }
    }
}

#[test]
fn what_has_no_value_is_an_error() {
    let labels = [true, false];
    let share = |share| {
        let error = detection_at_share(&[1.0, 2.0], &labels, share).unwrap_err();
        error.to_string()
    };
    for found in [0.0, 1.0, -0.2, 20.0, f64::NAN, f64::INFINITY] {
        assert_eq!(
            share(found),
            format!(
                "flagged share: found {found}, expected a number between 0 and 1, both excluded"
            )
        );
    }
    assert_eq!(
        detection_at_threshold(&[1.0, 2.0], &labels, f64::NAN)
            .unwrap_err()
            .to_string(),
        "threshold: found NaN, expected a number"
    );

    let both = |scores: &[f64], labels: &[bool]| {
        let error = detection_at_threshold(scores, labels, 0.5).unwrap_err();
        assert_eq!(detection_at_share(scores, labels, 0.5), Err(error.clone()));
        error.to_string()
    };
    assert_eq!(
        both(&[], &[]),
        "scores: found none, expected at least one normal and one anomalous sample"
    );
    assert_eq!(
        both(&[1.0], &labels),
        "labels: found 2, expected 1, one for each score"
    );
    assert_eq!(
        both(&[1.0, f64::NAN], &labels),
        "score 1: found NaN, expected a number"
    );
    assert_eq!(
        both(&[1.0, 2.0], &[true; 2]),
        "labels: found 2 anomalous samples only, expected normal ones too"
    );
    assert_eq!(
        both(&[1.0, 2.0], &[false; 2]),
        "labels: found 2 normal samples only, expected anomalous ones too"
    );
}
