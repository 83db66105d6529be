//! Thresholds by folds, each of which is scored by a network that has not seen it.

use memae_core::QueryUnit;
use memae_data::protocol::{Calibration, CalibrationError, FoldsConfig, NormalParts, Promise};
use memae_data::sample::ImageShape;
use memae_models::detect::{
    DetectionThreshold, Detector, DetectorConfig, PixelThreshold, PixelThresholdConfig,
    ThresholdOrigin,
};
use memae_models::network::Variant;
use memae_models::samples::{Grouped, Samples, Selection};
use memae_models::train::{ProgressDisplay, TrainConfig, Trained, Trainer};
use serde_json::{Value, json};

use crate::artefact::{detector, network};
use crate::parts::remembering;
use crate::support::{any_draws, assert_line, device, digits, small_network};

fn fit_on(
    samples: &(impl Samples<Shape = ImageShape> + Clone + 'static),
    parts: &NormalParts,
) -> Trained {
    let config = TrainConfig::new().with_epochs(1).with_batch_size(8);
    let trainer = Trainer::new(config, device()).with_display(ProgressDisplay::Silent);
    let network = small_network(Variant::MemAe, 10, QueryUnit::Encoding);
    trainer.fit_on(&network, samples, parts).unwrap()
}

#[test]
fn a_training_looks_at_its_parts_and_nothing_else() {
    let _draws = any_draws();
    let folds = FoldsConfig::default().with_folds(3).divide_single(40);
    let folds = folds.unwrap();
    for parts in folds.turns().chain([folds.together()]) {
        let samples = remembering();
        let trained = fit_on(&samples, &parts);
        assert_eq!(trained.parts, parts);
        let asked = samples.asked.lock().unwrap();
        let expected = parts.train.iter().chain(&parts.select).copied().collect();
        assert_eq!(*asked, expected);
    }
    // There may be nothing to watch.
    let parts = NormalParts::new((0..9).collect(), Vec::new(), Vec::new());
    fit_on(&digits(3, 10), &parts);
}

/// From images to a threshold, of single images and of groups; and through the file.
#[test]
fn all_that_is_trained_on_chooses_the_threshold() {
    let _draws = any_draws();
    let groups: Vec<usize> = (0..40).map(|index| index / 2).collect();
    let images = Grouped::new(digits(3, 40), groups.clone());
    let folds = FoldsConfig::default()
        .with_folds(3)
        .divide(&groups)
        .unwrap();
    let config = DetectorConfig::default();
    let fitted = |parts: &NormalParts| {
        let trained = fit_on(&images, parts);
        let training = Selection::new(images.clone(), parts.train.clone());
        Detector::fit(trained.model, trained.network, config, &training, &device()).unwrap()
    };
    let (mut calibrations, mut of_pixels) = (Vec::new(), Vec::new());
    let mut scores = Vec::new();
    for parts in folds.turns() {
        let detector = fitted(&parts);
        let held_out = Selection::new(images.clone(), parts.calibrate.clone());
        let verdicts = detector.detect(&held_out, &device()).unwrap();
        scores.extend(verdicts.into_iter().map(|verdict| verdict.score));
        calibrations.push(detector.calibration(&held_out, None, &device()).unwrap());
        let of_fold = detector.pixel_calibration(&held_out, None, 1.5, &device());
        let of_fold = of_fold.unwrap();
        // As the threshold of one detector is chosen.
        let pixels = PixelThresholdConfig::default()
            .with_rate(0.3)
            .with_sigma(1.5);
        let alone = detector.calibrate_pixels(&held_out, None, pixels, &device());
        let alone = alone
            .unwrap()
            .pixel_threshold()
            .unwrap()
            .threshold()
            .clone();
        assert_eq!(
            alone,
            DetectionThreshold::held_out(of_fold.clone(), 0.3).unwrap()
        );
        of_pixels.push(of_fold);
    }
    assert_eq!(scores.len(), folds.together().train.len());
    let threshold = DetectionThreshold::of_folds(&calibrations, 0.2).unwrap();
    let ThresholdOrigin::Folds {
        folds: count,
        calibration,
        calibrated,
    } = threshold.origin()
    else {
        panic!("{threshold:?}");
    };
    assert_eq!((*count, calibration.num_scores()), (3, scores.len()));
    assert_eq!(calibration.num_groups(), scores.len() / 2);
    assert_eq!(calibrated.promise, Promise::Rate { rate: 0.2 });
    assert_eq!(threshold.asked_rate(), Some(0.2));
    let above = scores.iter().filter(|&&score| score > threshold.value());
    assert!(above.count() as f64 <= 0.2 * scores.len() as f64);

    let of_pixels = DetectionThreshold::of_folds(&of_pixels, 0.2).unwrap();
    let detector = fitted(&folds.together())
        .with_threshold(threshold.clone())
        .with_pixel_threshold(PixelThreshold::new(1.5, of_pixels).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    detector.save(&path).unwrap();
    let loaded = Detector::load(&path, &device()).unwrap();
    assert_eq!(loaded.detection_threshold(), &threshold);
    assert_eq!(loaded.pixel_threshold(), detector.pixel_threshold());
    let verdicts = loaded.detect(&images, &device()).unwrap();
    assert_eq!(verdicts, detector.detect(&images, &device()).unwrap());
    for verdict in verdicts {
        assert_eq!(verdict.p_value, Some(calibration.p_value(verdict.score)));
    }
}

fn folds(scores: &[&[f64]]) -> Vec<Calibration> {
    let folds = scores.iter().map(|scores| Calibration::new(scores));
    folds.collect::<Result<_, _>>().unwrap()
}

#[test]
fn folds_are_saved_and_read_strictly() {
    let three = folds(&[&[0.1 + 0.2, 1.0 / 3.0], &[0.7], &[1e-300]]);
    let threshold = DetectionThreshold::of_folds(&three, 0.25).unwrap();
    assert_eq!(threshold.value(), 0.7);
    let saved = serde_json::to_value(&threshold).unwrap();
    let expected = json!({"folds": {"folds": 3, "rate": "0.25", "calibration": {
        "scores": "1e-300 0.30000000000000004 0.3333333333333333 0.7"
    }}});
    assert_eq!(saved["origin"], expected);
    let read = |value: &Value| serde_json::from_value::<DetectionThreshold>(value.clone());
    assert_eq!(read(&saved).unwrap(), threshold);

    let refused = |change: &dyn Fn(&mut Value)| {
        let mut changed = saved.clone();
        change(&mut changed);
        read(&changed).unwrap_err().to_string()
    };
    for (folds, message) in [
        (
            json!(1),
            "folds: found 1 of 4 groups of calibration scores, expected 2 to 4",
        ),
        (
            json!(5),
            "folds: found 5 of 4 groups of calibration scores, expected 2 to 4",
        ),
        (json!(-3), "invalid value"),
    ] {
        let found = refused(&|value| value["origin"]["folds"]["folds"] = folds.clone());
        assert!(found.contains(message), "{found}");
    }
    let found = refused(&|value| value["value"] = json!("0.5"));
    assert!(
        found.contains("found a threshold of 0.5, expected that of its held-out scores"),
        "{found}"
    );
    let found = refused(&|value| value["origin"]["folds"]["networks"] = json!(3));
    assert!(found.contains("unknown field `networks`"), "{found}");
    let found = refused(&|value| value["origin"] = json!({"fold": {}}));
    assert!(found.contains("unknown variant `fold`"), "{found}");
    let found = refused(&|value| value["origin"]["folds"]["rate"] = json!("1.5"));
    assert!(found.contains("false alarm rate: found 1.5"), "{found}");
}

#[test]
fn few_folds_are_an_error() {
    let one = DetectionThreshold::of_folds(&folds(&[&[1.0, 2.0]]), 0.1);
    let expected = CalibrationError::Folds {
        folds: 1,
        groups: 2,
    };
    assert_eq!(one, Err(expected));
    assert_eq!(
        DetectionThreshold::of_folds(&[], 0.1),
        Err(CalibrationError::Empty)
    );
    let rate = DetectionThreshold::of_folds(&folds(&[&[1.0], &[2.0]]), 0.0);
    assert_line(
        &rate.unwrap_err().to_string(),
        &["false alarm rate: found 0, expected"],
    );
    let plain = detector(network());
    assert_eq!(plain.detection_threshold().calibration(), None);
    assert_eq!(plain.detection_threshold().asked_rate(), None);
}

/// However many there are, the file can be read again, and says the same.
#[test]
fn many_scores_of_folds_survive_their_file() {
    let scores: Vec<f64> = (0..100_000).map(|at| (f64::from(at) + 0.7).ln()).collect();
    let halves: Vec<&[f64]> = scores.chunks(50_000).collect();
    let threshold = DetectionThreshold::of_folds(&folds(&halves), 0.37).unwrap();
    let saved = serde_json::to_string(&threshold).unwrap();
    let loaded: DetectionThreshold = serde_json::from_str(&saved).unwrap();
    assert_eq!(loaded.value(), threshold.value());
    assert_eq!(loaded.typical(), threshold.typical());
    let ThresholdOrigin::Folds {
        folds, calibrated, ..
    } = loaded.origin()
    else {
        panic!("{loaded:?}");
    };
    assert_eq!((*folds, calibrated.asked), (2, 0.37));
}
