//! Thresholds by held-out samples, by labelled ones and by hand, and what verdicts say beside them.

use memae_data::protocol::{Calibration, Promise};
use memae_data::sample::LabeledImages;
use memae_models::artefact::{ModelFileError, Provenance};
use memae_models::detect::{
    DetectionThreshold, Detector, DetectorError, PixelThreshold, PixelThresholdConfig,
    ThresholdOrigin, VideoDetector, VideoDetectorConfig, VideoDetectorError,
};
use memae_models::samples::{Grouped, Samples};
use memae_models::score::{ClipScoreRule, Smoothing};

use crate::artefact::{detector, network};
use crate::clip_rules::{NORMAL, network as clip_network};
use crate::support::{assert_line, device, digits};

/// Images of one class in two halves.
fn halves() -> [LabeledImages; 2] {
    let images = digits(4, 300);
    [0..150, 150..300].map(|half| images.select(&half.collect::<Vec<_>>()))
}

fn calibrated(rate: f64) -> Result<Detector, DetectorError> {
    let [held_out, _] = halves();
    detector(network()).calibrate(&held_out, None, rate, &device())
}

fn saved(detector: &Detector) -> Result<Detector, ModelFileError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    detector.save(&path).unwrap();
    Detector::load(&path, &device())
}

#[test]
fn held_out_samples_give_the_threshold_and_what_it_promises() {
    let [held_out, others] = halves();
    for (rate, rank) in [(0.05, 144), (0.2, 121), (0.5, 76)] {
        let detector = calibrated(rate).unwrap();
        let verdicts = detector.detect(&held_out, &device()).unwrap();
        let mut scores: Vec<f64> = verdicts.iter().map(|verdict| verdict.score).collect();
        scores.sort_by(f64::total_cmp);
        assert_eq!(detector.threshold(), scores[rank - 1], "{rate}");
        let ThresholdOrigin::HeldOut { calibrated, .. } = detector.detection_threshold().origin()
        else {
            panic!("{:?}", detector.detection_threshold());
        };
        assert_eq!(calibrated.promise, Promise::Rate { rate });

        let verdicts = detector.detect(&others, &device()).unwrap();
        let flagged = verdicts.iter().filter(|verdict| verdict.anomalous).count();
        let most = (rate + 0.1) * others.len() as f64;
        assert!((flagged as f64) < most, "{rate}: {flagged} flagged");
        for verdict in verdicts {
            let p_value = verdict.p_value.unwrap();
            assert_eq!(verdict.anomalous, verdict.normalized > 0.5);
            assert_eq!(verdict.anomalous, p_value <= rate, "{verdict:?}");
        }
    }
}

#[test]
fn every_threshold_survives_its_file() {
    let scores = [0.1 + 0.2, 0.5, 1.0 / 3.0, 0.7];
    let grouped = Calibration::in_groups(&scores, &[1, 2, 1, 2]).unwrap();
    let plain = detector(network());
    let thresholds = [
        plain.detection_threshold().clone(),
        calibrated(0.05).unwrap().detection_threshold().clone(),
        DetectionThreshold::held_out(grouped, 0.1).unwrap(),
        DetectionThreshold::best_f1(&scores, &[false, true, false, true]).unwrap(),
        DetectionThreshold::given(1.0 / 3.0, None).unwrap(),
        DetectionThreshold::given(1.0 / 3.0, Some(0.1)).unwrap(),
    ];
    assert!(matches!(
        thresholds[0].origin(),
        ThresholdOrigin::Training { quantile: 0.9 }
    ));
    let images = digits(5, 20);
    for threshold in thresholds {
        let detector = plain.clone().with_threshold(threshold.clone());
        let loaded = saved(&detector).unwrap();
        assert_eq!(loaded.detection_threshold(), &threshold);
        assert_eq!(loaded.threshold().to_bits(), threshold.value().to_bits());
        assert_eq!(
            loaded.detect(&images, &device()).unwrap(),
            detector.detect(&images, &device()).unwrap()
        );
    }
}

#[test]
fn labels_give_the_threshold_of_the_best_f1() {
    let scores = [0.1, 0.4, 0.35, 0.8, 0.2];
    let threshold = DetectionThreshold::best_f1(&scores, &[false, false, true, true, false]);
    let threshold = threshold.unwrap();
    let expected = ThresholdOrigin::BestF1 {
        f1: 0.8,
        samples: 5,
    };
    assert_eq!(threshold.origin(), &expected);
    assert_eq!(threshold.typical(), Some(0.2));
    let flagged: Vec<bool> = scores
        .iter()
        .map(|&score| threshold.verdict(score).anomalous)
        .collect();
    assert_eq!(flagged, [false, true, true, true, false]);
    assert_eq!(threshold.verdict(0.2).normalized, 0.25);
    assert_eq!(threshold.verdict(0.2).p_value, None);
}

#[test]
fn a_threshold_by_hand_is_a_number() {
    assert_eq!(DetectionThreshold::given(f64::NAN, None), None);
    assert_eq!(DetectionThreshold::given(f64::INFINITY, None), None);
    assert_eq!(DetectionThreshold::given(1.0, Some(f64::NAN)), None);
    let given = DetectionThreshold::given(2.0, None).unwrap();
    assert_eq!(given.verdict(2.0).normalized, 0.5);
    assert!(!given.verdict(2.0).anomalous);
}

#[test]
fn samples_that_give_no_threshold_are_errors() {
    let message = |result: Result<Detector, DetectorError>| result.unwrap_err().to_string();
    assert_line(
        &message(calibrated(0.0)),
        &["false alarm rate: found 0, expected"],
    );
    let [held_out, _] = halves();
    let groups = detector(network()).calibrate(&held_out, Some(&[1]), 0.1, &device());
    assert_line(&message(groups), &["groups: found 1, expected 150"]);
    let none = held_out.select(&[]);
    let none = detector(network()).calibrate(&none, None, 0.1, &device());
    assert_line(&message(none), &["calibration scores: found none"]);
}

/// Clips of a video are not exchangeable: what counts is the number of videos.
#[test]
fn clips_are_calibrated_by_their_sequences() {
    let (network, model) = clip_network();
    let config = VideoDetectorConfig {
        rule: ClipScoreRule::MeanError,
        smoothing: Smoothing::Mean { scores: 2 },
        quantile: 0.9,
    };
    let fitted = VideoDetector::fit(model, network, config, &NORMAL, &device()).unwrap();
    let promise = |detector: &VideoDetector| match detector.detection_threshold().origin() {
        ThresholdOrigin::HeldOut { calibrated, .. } => calibrated.promise,
        origin => panic!("{origin:?}"),
    };
    let by_sequences = fitted.clone().calibrate(&NORMAL, None, 0.1, &device());
    let by_sequences = by_sequences.unwrap();
    assert!(
        matches!(promise(&by_sequences), Promise::Empirical { needed: 9, .. }),
        "{:?}",
        promise(&by_sequences)
    );
    let clips: Vec<usize> = (0..NORMAL.len()).collect();
    let by_clips = fitted
        .clone()
        .calibrate(&NORMAL, Some(&clips), 0.1, &device());
    let by_clips = by_clips.unwrap();
    assert_eq!(promise(&by_clips), Promise::Rate { rate: 0.1 });
    for detector in [by_sequences, by_clips] {
        let verdicts = detector.detect(&NORMAL, &device()).unwrap();
        assert!(verdicts.iter().all(|verdict| verdict.p_value.is_some()));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.safetensors");
        detector.save(&path).unwrap();
        let loaded = VideoDetector::load(&path, &device()).unwrap();
        assert_eq!(loaded.detection_threshold(), detector.detection_threshold());
        assert_eq!(loaded.detect(&NORMAL, &device()).unwrap(), verdicts);
    }
    let groups = fitted.calibrate(&NORMAL, Some(&[0, 1]), 0.1, &device());
    let error: VideoDetectorError = groups.unwrap_err();
    assert_line(&error.to_string(), &["groups: found 2, expected"]);
}

/// Groups that samples know of count where none are named, or the threshold would promise what it does not keep.
#[test]
fn samples_are_calibrated_by_the_groups_that_they_have() {
    let [held_out, _] = halves();
    let groups: Vec<usize> = (0..150).map(|index| index / 15).collect();
    let grouped = Grouped::new(held_out.clone(), groups.clone());
    let threshold = |detector: Detector| detector.detection_threshold().clone();
    let calibrate = |groups: Option<&[usize]>| {
        let detector = detector(network()).calibrate(&grouped, groups, 0.2, &device());
        threshold(detector.unwrap())
    };
    let named = detector(network()).calibrate(&held_out, Some(&groups), 0.2, &device());
    let named = threshold(named.unwrap());
    assert_eq!(calibrate(None), named);
    let single: Vec<usize> = (0..150).collect();
    assert_eq!(
        calibrate(Some(&single)),
        threshold(calibrated(0.2).unwrap())
    );
    assert_ne!(calibrate(Some(&single)), named);

    let pixels = |groups: Option<&[usize]>| {
        let config = PixelThresholdConfig::default().with_rate(0.2);
        let detector = detector(network()).calibrate_pixels(&grouped, groups, config, &device());
        detector.unwrap().pixel_threshold().cloned()
    };
    assert_eq!(pixels(None), pixels(Some(&groups)));
    assert_ne!(pixels(None), pixels(Some(&single)));

    let (network, model) = clip_network();
    let config = VideoDetectorConfig {
        smoothing: Smoothing::Off,
        ..VideoDetectorConfig::default()
    };
    let fitted = VideoDetector::fit(model, network, config, &NORMAL, &device()).unwrap();
    let groups: Vec<usize> = (0..NORMAL.len()).map(|clip| clip % 3).collect();
    let grouped = Grouped::new(NORMAL, groups.clone());
    let calibrate = |groups: Option<&[usize]>| {
        let detector = fitted.clone().calibrate(&grouped, groups, 0.4, &device());
        detector.unwrap().detection_threshold().clone()
    };
    assert_eq!(calibrate(None), calibrate(Some(&groups)));
    let ThresholdOrigin::HeldOut { calibration, .. } = calibrate(None).origin().clone() else {
        panic!("it was calibrated");
    };
    assert_eq!(calibration.num_groups(), 3);
}

/// However many samples were held out, the file can be read again, and says the same.
#[test]
fn detectors_of_many_held_out_samples_survive_their_file() {
    let count = 1_200_000;
    let scores: Vec<f64> = (0..count)
        .map(|index| (f64::from(index) + 0.7).ln())
        .collect();
    for (size, rate) in [(1, 0.37), (300_000, 0.1)] {
        let groups: Vec<usize> = (0..count as usize).map(|index| index / size).collect();
        let calibration = Calibration::in_groups(&scores, &groups).unwrap();
        let threshold = DetectionThreshold::held_out(calibration.clone(), rate).unwrap();
        let pixels = PixelThreshold::new(1.5, threshold.clone()).unwrap();
        let detector = detector(network())
            .with_threshold(threshold.clone())
            .with_pixel_threshold(pixels);
        let loaded = saved(&detector).unwrap();
        let [found, of_pixels] = [
            loaded.detection_threshold(),
            loaded.pixel_threshold().unwrap().threshold(),
        ];
        assert_eq!(found, of_pixels);
        let ThresholdOrigin::HeldOut { calibrated, .. } = threshold.origin() else {
            unreachable!("it was calibrated");
        };
        let ThresholdOrigin::HeldOut {
            calibrated: loaded,
            calibration: few,
        } = found.origin()
        else {
            panic!("{found:?}");
        };
        assert_eq!(loaded, calibrated);
        assert_eq!(few.num_scores(), calibration.num_scores());
        for score in [-1.0, 0.5, 7.3, 12.0, 13.99, 14.0] {
            let (found, expected) = (found.verdict(score), threshold.verdict(score));
            assert_eq!(found.anomalous, expected.anomalous);
            assert_eq!(found.normalized, expected.normalized);
            let off = found.p_value.unwrap() - expected.p_value.unwrap();
            assert!((0.0..1.0 / 8_000.0).contains(&off), "{score}: {off}");
        }
    }
}

/// A file that can't be read again is not written, whatever makes it so long.
#[test]
fn a_file_that_is_too_long_does_not_take_the_place_of_a_good_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let plain = detector(network());
    plain.save(&path).unwrap();
    let good = std::fs::read(&path).unwrap();
    let long = Provenance::default().with_data("x".repeat(1 << 24));
    let error = plain.with_provenance(long).save(&path).unwrap_err();
    assert_line(
        &error.to_string(),
        &[
            "a.safetensors: can't be written: a header of",
            "expected at most 16777216",
        ],
    );
    assert_eq!(std::fs::read(&path).unwrap(), good);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
