use super::*;
use proptest::prelude::*;

fn drawn(normal: &[f64], anomalous: &[f64], threshold: Option<f64>) -> Histogram {
    let kinds =
        [("normal", normal), ("anomalous", anomalous)].map(|(name, scores)| Kind { name, scores });
    Histogram::new(&kinds, threshold).unwrap()
}

/// The share of its kind that each bar stands for.
fn shares(histogram: &Histogram, series: usize) -> f64 {
    let top = histogram.y.value(1.0) / 100.0;
    histogram.series[series]
        .bars
        .iter()
        .map(|bar| bar.height * top)
        .sum()
}

#[test]
fn bars_stand_where_the_scores_are() {
    let histogram = drawn(&[0.0, 0.0, 0.0, 10.0], &[5.0], Some(7.5));
    let [normal, anomalous] = &histogram.series[..] else {
        panic!()
    };
    let places = |series: &Series| -> Vec<(f64, f64)> {
        series
            .bars
            .iter()
            .map(|bar| (bar.left, bar.height))
            .collect()
    };
    let top = 1.05;
    let expected = [(0.0, 0.75 / top), (0.9, 0.25 / top)];
    for (found, expected) in places(normal).iter().zip(expected) {
        assert!(
            (found.0 - expected.0).abs() < 1e-9 && (found.1 - expected.1).abs() < 1e-9,
            "{found:?}"
        );
    }
    assert_eq!(places(anomalous).len(), 1);
    assert!((anomalous.bars[0].left - 0.5).abs() < 1e-9);
    assert_eq!(
        anomalous.outline,
        "M0 1000L500 1000L500 47.6L600 47.6L600 1000L1000 1000"
    );
    assert_eq!(histogram.threshold, Some(0.75));
    assert_eq!(histogram.threshold_label, "threshold 7.500");
    assert_eq!(
        normal.bars[0].title,
        "3 normal (75.0\u{a0}%), score 0 to 1.000"
    );
    assert!(histogram.notes.is_empty());
}

#[test]
fn a_kind_without_samples_is_left_out() {
    assert_eq!(drawn(&[1.0, 2.0], &[], None).series.len(), 1);
    assert!(Histogram::new(&[], Some(1.0)).is_none());
    assert!(
        Histogram::new(
            &[Kind {
                name: "normal",
                scores: &[f64::NAN]
            }],
            Some(1.0)
        )
        .is_none()
    );
}

#[test]
fn one_score_and_equal_scores_make_one_bar() {
    for scores in [
        &[3.0][..],
        &[0.0; 50],
        &[-2.5; 7],
        &[1e300; 3],
        &[f64::MAX, f64::MAX],
    ] {
        let histogram = drawn(scores, &[], None);
        assert_eq!(histogram.series[0].bars.len(), 1, "{scores:?}");
        assert!((shares(&histogram, 0) - 1.0).abs() < 1e-9);
        assert!(histogram.notes.is_empty());
    }
}

#[test]
fn infinite_scores_are_in_the_outermost_bars() {
    let histogram = drawn(
        &[f64::NEG_INFINITY, 1.0, 2.0],
        &[f64::INFINITY, f64::INFINITY, f64::NAN],
        Some(1.5),
    );
    assert_eq!(histogram.series[1].count, 2);
    let last = histogram.series[1].bars.last().unwrap();
    assert!((last.left + last.width - 1.0).abs() < 1e-9);
    assert_eq!(
        histogram.notes,
        [
            "The first bar holds 1 score that is minus infinite.",
            "The last bar holds 2 scores that are infinite.",
            "Not drawn: 1 without a number as score.",
        ]
    );
    let histogram = drawn(&[f64::INFINITY], &[], None);
    assert_eq!(histogram.series[0].bars.len(), 1);
}

#[test]
fn a_range_as_wide_as_all_numbers_can_be_drawn() {
    let histogram = drawn(&[-f64::MAX, 0.0, f64::MAX], &[], Some(1.0));
    let lefts: Vec<f64> = histogram.series[0]
        .bars
        .iter()
        .map(|bar| bar.left)
        .collect();
    assert_eq!(lefts, [0.0, 0.5, 0.9]);
}

#[test]
fn a_few_scores_far_away_do_not_press_the_others_together() {
    let mut scores: Vec<f64> = (0..1000).map(|at| f64::from(at) - 500.0).collect();
    scores[999] = 1e9;
    let histogram = drawn(&scores, &[], Some(400.0));
    assert!(histogram.series[0].bars.len() > 25);
    assert_eq!(
        histogram.notes,
        ["The last bar holds 1 score beyond the axis too, up to 1.000e9."]
    );
    assert!((shares(&histogram, 0) - 1.0).abs() < 1e-9);
}

#[test]
fn errors_far_above_the_usual_have_a_logarithmic_axis() {
    let normal: Vec<f64> = (0..300).map(|at| 0.01 + f64::from(at) * 1e-5).collect();
    let histogram = drawn(&normal, &[0.5, 2.0], Some(0.02));
    assert!(histogram.x.is_logarithmic());
    assert_eq!(histogram.x_label, "anomaly score (logarithmic)");
    let threshold = histogram.threshold.unwrap();
    assert!(
        (threshold - 2f64.ln() / 200f64.ln()).abs() < 1e-9,
        "{threshold}"
    );
}

#[test]
fn a_threshold_is_on_the_axis_or_at_its_end() {
    let scores = [1.0, 2.0, 3.0];
    for threshold in [0.1, 0.7, 2.2, 4.1, 6.9] {
        let histogram = drawn(&scores, &[], Some(threshold));
        let label = format!("threshold {}", number(threshold));
        assert_eq!(histogram.threshold_label, label);
        let low = f64::min(threshold, 1.0);
        let place = (threshold - low) / (f64::max(threshold, 3.0) - low);
        assert!(
            (histogram.threshold.unwrap() - place).abs() < 1e-9,
            "{threshold}"
        );
    }
    let histogram = drawn(&scores, &[], Some(1e6));
    assert_eq!(histogram.threshold, Some(1.0));
    assert_eq!(histogram.threshold_label, "threshold 1.000e6 →");
    let histogram = drawn(&scores, &[], Some(-1e6));
    assert_eq!(histogram.threshold, Some(0.0));
    assert!(histogram.threshold_label.starts_with("← threshold"));
    assert_eq!(drawn(&scores, &[], Some(f64::INFINITY)).threshold, None);
}

proptest! {
    #[test]
    fn every_sample_is_in_a_bar(
        normal in prop::collection::vec(any::<f64>(), 0..700),
        anomalous in prop::collection::vec(any::<f64>(), 1..90),
        threshold in any::<f64>(),
    ) {
        let numbers = anomalous.iter().filter(|score| !score.is_nan()).count();
        prop_assume!(numbers > 0);
        let histogram = drawn(&normal, &anomalous, Some(threshold));
        let last = histogram.series.last().unwrap();
        prop_assert_eq!(last.count, numbers);
        prop_assert!((shares(&histogram, histogram.series.len() - 1) - 1.0).abs() < 1e-6);
        let inside = |bar: &Bar| bar.left >= 0.0 && bar.left + bar.width < 1.0 + 1e-9 && bar.height <= 1.0;
        prop_assert!(histogram.series.iter().flat_map(|series| &series.bars).all(inside));
        let page = histogram.render().unwrap();
        prop_assert!(!page.contains("NaN") && !page.contains("inf\"") && !page.contains("inf%"));
    }
}
