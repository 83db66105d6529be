//! Thresholds of detectors, and what can't be fitted.

use memae_core::QueryUnit;
use memae_data::sample::{ImageShape, LabeledImages};
use memae_models::detect::{Detector, DetectorConfig, DetectorError};
use memae_models::network::Variant;
use memae_models::score::{Evaluation, ScoreRule, ScoreScale, Scores};

use crate::score::tiny;
use crate::support::{assert_close, device, digits, init, small_network};

fn fit(
    variant: Variant,
    rule: ScoreRule,
    quantile: f64,
    images: &LabeledImages,
) -> Result<Detector, DetectorError> {
    let network = small_network(variant, 9, QueryUnit::Encoding);
    let model = init(&network, &device());
    let config = DetectorConfig { rule, quantile };
    Detector::fit(model, network, config, images, &device())
}

#[test]
fn the_threshold_flags_its_share() {
    let images = digits(4, 300);
    let training = images.select(&(0..200).collect::<Vec<_>>());
    let others = images.select(&(200..300).collect::<Vec<_>>());
    for rule in ScoreRule::ALL {
        // Scores are distinct, so the share is met to the image.
        for (quantile, flagged) in [(1.0, 0), (0.99, 2), (0.9, 20), (0.55, 90), (1e-9, 199)] {
            let detector = fit(Variant::MemAe, rule, quantile, &training).unwrap();
            assert_eq!(detector.rule(), rule);
            let verdicts = detector.detect(&training, &device()).unwrap();
            let found = verdicts.iter().filter(|verdict| verdict.anomalous).count();
            assert_eq!(found, flagged, "{rule:?}, {quantile}");
            for verdict in verdicts {
                assert_eq!(verdict.anomalous, verdict.score > detector.threshold());
            }
        }
        let detector = fit(Variant::MemAe, rule, 0.8, &training).unwrap();
        let verdicts = detector.detect(&others, &device()).unwrap();
        let found = verdicts.iter().filter(|verdict| verdict.anomalous).count();
        assert!((5..=40).contains(&found), "{rule:?}: {found} of 100 others");
    }
}

#[test]
fn the_sum_is_of_scores_over_their_spread() {
    let images = digits(4, 20);
    let detector = fit(Variant::MemAe, ScoreRule::Sum, 0.9, &images).unwrap();
    let scores = detector.evaluate(&images, &device()).unwrap().scores;
    let distances = scores.read_distance.unwrap();
    let deviation = |values: &[f64]| {
        let mean = values.iter().sum::<f64>() / 20.0;
        (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / 20.0).sqrt()
    };
    let (a, b) = (deviation(&scores.reconstruction), deviation(&distances));
    let both = scores.reconstruction.iter().zip(&distances);
    let expected: Vec<f64> = both
        .map(|(error, distance)| error / a + distance / b)
        .collect();
    let verdicts = detector.detect(&images, &device()).unwrap();
    let found: Vec<f64> = verdicts.iter().map(|verdict| verdict.score).collect();
    assert_close("sum", &found, &expected, 1e-9);
}

#[test]
fn the_sum_of_three_is_of_scores_over_their_spread() {
    let images = digits(4, 20);
    let detector = fit(Variant::MemAe, ScoreRule::SumOfThree, 0.9, &images).unwrap();
    let scores = detector.evaluate(&images, &device()).unwrap().scores;
    let scale = detector.scale();
    let parts = [
        (scores.reconstruction, scale.reconstruction),
        (scores.read_distance.unwrap(), scale.read_distance),
        (scores.encoding_distance.unwrap(), scale.encoding_distance),
    ];
    for (values, spread) in &parts {
        let mean = values.iter().sum::<f64>() / 20.0;
        let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / 20.0;
        assert_close("spread", &[*spread], &[variance.sqrt()], 1e-12);
    }
    let expected: Vec<f64> = (0..20)
        .map(|index| {
            parts
                .iter()
                .map(|(values, spread)| values[index] / spread)
                .sum()
        })
        .collect();
    let verdicts = detector.detect(&images, &device()).unwrap();
    let found: Vec<f64> = verdicts.iter().map(|verdict| verdict.score).collect();
    assert_close("sum of three", &found, &expected, 1e-9);
}

#[test]
fn an_evaluation_without_what_the_rule_needs_is_an_error() {
    let (config, model) = tiny(&device());
    let training = Evaluation {
        scores: Scores {
            reconstruction: vec![1.0],
            read_distance: Some(vec![0.5]),
            encoding_distance: None,
        },
        usage: None,
    };
    let detector_config = DetectorConfig {
        rule: ScoreRule::SumOfThree,
        quantile: 0.9,
    };
    let error = Detector::from_training(model, config, detector_config, &training).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the score rule is the sum of three, which the evaluation of the training samples does not have"
    );
}

#[test]
fn scores_without_spread_are_no_nan() {
    let images = digits(4, 1).select(&[0; 5]);
    for rule in ScoreRule::ALL {
        let detector = fit(Variant::MemAe, rule, 0.99, &images).unwrap();
        let verdicts = detector.detect(&images, &device()).unwrap();
        assert!(
            verdicts
                .iter()
                .all(|verdict| verdict.score.is_finite() && !verdict.anomalous)
        );
    }
    let overflown = Scores {
        reconstruction: vec![f64::INFINITY, 1.0],
        read_distance: Some(Vec::new()),
        encoding_distance: None,
    };
    let scale = ScoreScale::fit(&overflown);
    assert_eq!((scale.reconstruction, scale.read_distance), (1.0, 1.0));
}

#[test]
fn what_cannot_be_fitted_is_an_error() {
    let images = digits(4, 3);
    let message = |result: Result<Detector, DetectorError>| result.unwrap_err().to_string();
    for rule in [
        ScoreRule::ReadDistance,
        ScoreRule::Sum,
        ScoreRule::SumOfThree,
    ] {
        assert_eq!(
            message(fit(Variant::Ae, rule, 0.9, &images)),
            format!(
                "the score rule is the {}, which needs a memory; the network has none",
                rule.name()
            )
        );
    }
    for rule in [ScoreRule::Reconstruction, ScoreRule::EncodingDistance] {
        fit(Variant::Ae, rule, 0.9, &images).unwrap();
    }
    let reconstruction = |quantile, images: &LabeledImages| {
        message(fit(
            Variant::MemAe,
            ScoreRule::Reconstruction,
            quantile,
            images,
        ))
    };
    assert_eq!(
        reconstruction(0.9, &images.select(&[])),
        "no training images given, expected at least 1"
    );
    for quantile in [0.0, -1.0, 1.0 + 1e-9, f64::NAN] {
        assert_eq!(
            reconstruction(quantile, &images),
            format!("quantile is {quantile}, expected a number above 0 and at most 1")
        );
    }
    let narrow = ImageShape {
        width: 27,
        ..images.shape()
    };
    let narrow = LabeledImages::new(narrow, vec![0; 27 * 28], vec![0]).unwrap();
    let expected = "images are 1x28x27, the detector expects 1x28x28";
    assert_eq!(reconstruction(0.9, &narrow), expected);
    let detector = fit(Variant::MemAe, ScoreRule::Sum, 0.9, &images).unwrap();
    assert_eq!(
        detector.detect(&narrow, &device()).unwrap_err().to_string(),
        expected
    );
    assert_eq!(
        detector
            .evaluate(&narrow, &device())
            .unwrap_err()
            .to_string(),
        expected
    );
    assert_eq!(detector.detect(&images.select(&[]), &device()).unwrap(), []);
}

#[test]
fn scores_that_are_no_numbers_are_errors() {
    let (config, model) = tiny(&device());
    for found in [f64::NAN, f64::INFINITY] {
        let training = Evaluation {
            scores: Scores {
                reconstruction: vec![1.0, found, 2.0],
                ..Scores::default()
            },
            usage: None,
        };
        let error = Detector::from_training(
            model.clone(),
            config.clone(),
            DetectorConfig::default(),
            &training,
        )
        .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("image 1 scores {found}, expected a finite number")
        );
    }
}
