//! Which pixels of images are anomalous: maps, the pixel threshold, what files keep of it, and pictures in files.

use std::path::Path;

use burn::data::dataset::DatasetError;
use memae_data::protocol::Promise;
use memae_data::sample::{
    FrameColour, ImagePreprocessing, ImageShape, LabeledImages, VectorShape, Vectors,
};
use memae_models::artefact::ModelFileError;
use memae_models::detect::{
    AnyDetector, DetectionThreshold, Detector, DetectorConfig, DetectorError, PixelThreshold,
    PixelThresholdConfig, ThresholdOrigin,
};
use memae_models::network::{ImageAutoencoderConfig, VectorAutoencoderConfig, VectorLayerConfig};
use memae_models::samples::Samples;
use memae_models::score::{ScoreRule, error_maps, reconstruct, resized_map, smoothed_map};

use crate::artefact::{detector, network};
use crate::support::{any_draws, assert_line, device, digits, init, layers, shape};

/// Images of one class in two halves.
fn halves() -> [LabeledImages; 2] {
    let images = digits(4, 200);
    [0..100, 100..200].map(|half| images.select(&half.collect::<Vec<_>>()))
}

fn calibrated(rate: f64, sigma: f64) -> Result<Detector, DetectorError> {
    let config = PixelThresholdConfig::default()
        .with_rate(rate)
        .with_sigma(sigma);
    detector(network()).calibrate_pixels(&halves()[0], None, config, &device())
}

fn loaded(detector: &Detector) -> Result<Detector, ModelFileError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    detector.save(&path).unwrap();
    Detector::load(&path, &device())
}

#[test]
fn an_error_map_is_the_squared_error_summed_over_channels() {
    let network =
        ImageAutoencoderConfig::new(shape(3, 5, 7), layers(&[(3, 1, 4)]), layers(&[(3, 1, 3)]));
    let model = init(&network, &device());
    let pixels: Vec<u8> = (0..2 * 105).map(|at| (at * at % 251) as u8).collect();
    let images = LabeledImages::new(shape(3, 5, 7), pixels.clone(), vec![0; 2]).unwrap();
    let rebuilt = reconstruct(&model, &images, 1, &device());
    let maps = error_maps(&model, &images, 2, &device());
    assert_eq!(maps.len(), 70);
    for (at, &found) in maps.iter().enumerate() {
        let (image, pixel) = (at / 35, at % 35);
        let of_channel = |channel: usize| {
            let at = image * 105 + channel * 35 + pixel;
            (f64::from(pixels[at]) / 255.0 - f64::from(rebuilt[at])).powi(2)
        };
        let expected: f64 = (0..3).map(of_channel).sum();
        assert!(
            (f64::from(found) - expected).abs() < 1e-5,
            "{at}: {found} {expected}"
        );
    }
}

#[test]
fn maps_are_smoothed_and_what_is_above_the_threshold_is_anomalous() {
    let [_, images] = halves();
    for sigma in [0.0, 1.7] {
        let detector = calibrated(0.5, sigma).unwrap();
        let threshold = detector.pixel_threshold().unwrap().value();
        let errors = error_maps(&detector.model, &images, 16, &device());
        let maps = detector.anomaly_maps(&images, &device()).unwrap();
        assert_eq!(maps.len(), images.len());
        let mut anomalous = 0;
        for (map, errors) in maps.iter().zip(errors.chunks_exact(784)) {
            assert_eq!(map.size(), (28, 28));
            let expected = smoothed_map(errors, (28, 28), sigma);
            for (found, expected) in map.values().iter().zip(&expected) {
                assert!((found - expected).abs() < 1e-5, "{found} {expected}");
            }
            let mask = map.mask().unwrap();
            for (&flagged, &value) in mask.anomalous().iter().zip(map.values()) {
                assert_eq!(flagged, f64::from(value) > threshold);
            }
            assert_eq!(map.is_anomalous(), Some(mask.is_anomalous()));
            anomalous += usize::from(mask.is_anomalous());
        }
        assert!(
            (10..90).contains(&anomalous),
            "{anomalous} of 100 at a rate of one half"
        );
    }
}

#[test]
fn the_threshold_is_of_the_largest_errors_of_images() {
    let [held_out, _] = halves();
    for (rate, rank) in [(0.05, 96), (0.2, 81), (0.5, 51)] {
        let detector = calibrated(rate, 1.0).unwrap();
        let maps = detector.anomaly_maps(&held_out, &device()).unwrap();
        let mut largest: Vec<f64> = maps.iter().map(|map| f64::from(map.largest())).collect();
        largest.sort_by(f64::total_cmp);
        let pixels = detector.pixel_threshold().unwrap();
        assert_eq!(pixels.value(), largest[rank - 1], "{rate}");
        let ThresholdOrigin::HeldOut { calibrated, .. } = pixels.threshold().origin() else {
            panic!("{pixels:?}");
        };
        assert_eq!(calibrated.promise, Promise::Rate { rate });
        // No more of those held out than the rate.
        let flagged = maps.iter().filter(|map| map.is_anomalous() == Some(true));
        assert_eq!(flagged.count(), 100 - rank);
    }
    // By groups, as that of scores.
    let groups: Vec<usize> = (0..100).map(|index| index / 20).collect();
    let config = PixelThresholdConfig::default();
    let detector =
        detector(network()).calibrate_pixels(&held_out, Some(&groups), config, &device());
    let detector = detector.unwrap();
    let ThresholdOrigin::HeldOut { calibrated, .. } =
        detector.pixel_threshold().unwrap().threshold().origin()
    else {
        panic!("{detector:?}");
    };
    assert!(matches!(
        calibrated.promise,
        Promise::Empirical {
            groups: 5,
            needed: 99,
            ..
        }
    ));
}

#[test]
fn without_a_threshold_no_pixel_is_said_to_be_anomalous() {
    let [_, images] = halves();
    let detector = detector(network());
    assert_eq!(detector.pixel_threshold(), None);
    let maps = detector
        .anomaly_maps(&images.select(&[3]), &device())
        .unwrap();
    assert_eq!((maps[0].mask(), maps[0].threshold()), (None, None));
    let errors = error_maps(&detector.model, &images.select(&[3]), 1, &device());
    assert_eq!(maps[0].values(), smoothed_map(&errors, (28, 28), 1.0));
}

#[test]
fn what_gives_no_threshold_is_an_error() {
    let message = |result: Result<Detector, DetectorError>| result.unwrap_err().to_string();
    assert_line(
        &message(calibrated(0.0, 1.0)),
        &["false alarm rate: found 0, expected"],
    );
    for sigma in [-1.0, f64::NAN, 101.0] {
        let expected = format!("sigma is {sigma}, expected a number of pixels from 0 to 100");
        assert_line(&message(calibrated(0.1, sigma)), &[&expected]);
    }
    let [held_out, _] = halves();
    let config = PixelThresholdConfig::default();
    let fit = |images: &LabeledImages, groups: Option<&[usize]>| {
        detector(network()).calibrate_pixels(images, groups, config, &device())
    };
    assert_line(
        &message(fit(&held_out.select(&[]), None)),
        &["calibration scores: found none"],
    );
    assert_line(
        &message(fit(&held_out, Some(&[1]))),
        &["groups: found 1, expected 100"],
    );
    let other = LabeledImages::new(shape(1, 2, 3), vec![0; 6], vec![0]).unwrap();
    assert_line(
        &message(fit(&other, None)),
        &["images are 1x2x3, the detector expects 1x28x28"],
    );
    let error = detector(network())
        .anomaly_maps(&other, &device())
        .unwrap_err();
    assert_line(&error.to_string(), &["images are 1x2x3"]);
}

/// Images so bright that the square of an error is infinite.
struct Glaring;

impl Samples for Glaring {
    type Shape = ImageShape;

    fn shape(&self) -> ImageShape {
        shape(1, 28, 28)
    }

    fn len(&self) -> usize {
        3
    }

    fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
        let value = if index == 1 { 1e30 } else { 0.5 };
        Ok(vec![value; 784])
    }
}

#[test]
fn errors_that_are_no_numbers_are_errors_and_no_maps() {
    let detector = detector(network());
    let error = detector.anomaly_maps(&Glaring, &device()).unwrap_err();
    assert_line(
        &error.to_string(),
        &["image 1 scores", "expected a finite number"],
    );
    let config = PixelThresholdConfig::default();
    let error = detector
        .calibrate_pixels(&Glaring, None, config, &device())
        .unwrap_err();
    assert_line(&error.to_string(), &["image 1 scores"]);
}

#[test]
fn the_pixel_threshold_survives_its_file_to_the_bit() {
    let [_, images] = halves();
    let given = DetectionThreshold::given(1.0 / 3.0, None).unwrap();
    for detector in [
        calibrated(0.05, 0.1 + 0.2).unwrap(),
        detector(network()).with_pixel_threshold(PixelThreshold::new(0.0, given).unwrap()),
        detector(network()),
    ] {
        let loaded = loaded(&detector).unwrap();
        assert_eq!(loaded.pixel_threshold(), detector.pixel_threshold());
        assert_eq!(
            loaded.anomaly_maps(&images, &device()).unwrap(),
            detector.anomaly_maps(&images, &device()).unwrap()
        );
        // It changes no score.
        assert_eq!(
            loaded.detect(&images, &device()).unwrap(),
            self::detector(network())
                .detect(&images, &device())
                .unwrap()
        );
    }
}

/// A grey picture in a file: `height` x `width`, dark, with a light square.
fn picture(path: &Path, height: usize, width: usize) {
    let light = |at: usize| (at / width) * 2 < height && (at % width) * 2 >= width;
    let pixels = (0..height * width).map(|at| if light(at) { 250 } else { 10 });
    let header = format!("P5 {width} {height} 255\n").into_bytes();
    std::fs::write(path, header.into_iter().chain(pixels).collect::<Vec<u8>>()).unwrap();
}

#[test]
fn a_picture_in_a_file_has_its_map_at_its_own_size() {
    let folder = tempfile::tempdir().unwrap();
    let preprocessing = ImagePreprocessing::default()
        .with_colour(FrameColour::Grey)
        .with_size(28, 28);
    let detector = calibrated(0.1, 1.0).unwrap();
    let detector = detector.with_preprocessing(preprocessing.clone()).unwrap();
    detector.save(folder.path().join("m.safetensors")).unwrap();
    let loaded = AnyDetector::load(folder.path().join("m.safetensors"), &device()).unwrap();
    for (name, height, width) in [("a.pgm", 40, 130), ("b.pgm", 9, 5), ("c.pgm", 28, 28)] {
        let path = folder.path().join(name);
        picture(&path, height, width);
        let found = loaded.heat_map_file(&path, &device()).unwrap();
        assert_eq!(
            found.verdict,
            loaded.detect_file(&path, &device()).unwrap()[0].verdict
        );
        assert_eq!((found.picture.height, found.picture.width), (height, width));
        assert_eq!(found.picture.rgb[..3], [10; 3]);

        let prepared = preprocessing.read(&path).unwrap();
        let image = memae_data::sample::Images::new(prepared.shape, prepared.pixels).unwrap();
        let sample = detector.anomaly_maps(&image, &device()).unwrap().remove(0);
        assert_eq!(found.map.size(), (height, width));
        let expected = resized_map(sample.values(), (28, 28), (height, width));
        assert_eq!(found.map.values(), expected);
        assert_eq!(found.map.mask().unwrap().size(), (height, width));
        assert_eq!(
            found.map.threshold(),
            detector.pixel_threshold().map(PixelThreshold::value)
        );
    }
}

#[test]
fn files_that_have_no_map_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pgm");
    picture(&path, 9, 9);
    let silent = AnyDetector::Image(Box::new(detector(network())));
    let error = silent.heat_map_file(&path, &device()).unwrap_err();
    assert_line(
        &error.to_string(),
        &["a.pgm: found a detector of kind image that does not say how"],
    );
    let preprocessing = ImagePreprocessing::default()
        .with_colour(FrameColour::Grey)
        .with_size(28, 28);
    let detector = detector(network())
        .with_preprocessing(preprocessing)
        .unwrap();
    let of_images = AnyDetector::Image(Box::new(detector));
    assert_eq!(
        of_images
            .heat_map_file(&path, &device())
            .unwrap()
            .map
            .mask(),
        None
    );
    std::fs::write(&path, "P5 60 40 255\n123").unwrap();
    let error = of_images.heat_map_file(&path, &device()).unwrap_err();
    assert_line(&error.to_string(), &["a.pgm: ", "damaged"]);

    let network = VectorAutoencoderConfig::new(
        VectorShape { width: 4 },
        vec![VectorLayerConfig::new(3)],
        vec![VectorLayerConfig::new(4)],
    );
    let model = {
        let _draws = any_draws();
        network.init(&device())
    };
    let rows = Vectors::new(4, vec![0.5; 8]).unwrap();
    let config = DetectorConfig::default();
    let vectors = Detector::fit(model, network, config, &rows, &device()).unwrap();
    let error = AnyDetector::Table(Box::new(vectors)).heat_map_file(&path, &device());
    let error = error.unwrap_err().to_string();
    assert_line(
        &error,
        &["a.pgm: found a detector of kind table, expected one of images"],
    );
}

#[test]
fn one_error_of_all_pixels_is_the_score() {
    let images = digits(4, 6);
    let model = init(&network(), &device());
    let config = DetectorConfig {
        rule: ScoreRule::Reconstruction,
        quantile: 0.9,
    };
    let detector = Detector::fit(model, network(), config, &images, &device()).unwrap();
    let scores = detector
        .evaluate(&images, &device())
        .unwrap()
        .scores
        .reconstruction;
    for (map, score) in detector
        .anomaly_maps(&images, &device())
        .unwrap()
        .iter()
        .zip(scores)
    {
        // Smoothing keeps the sum.
        let sum: f64 = map.values().iter().copied().map(f64::from).sum();
        assert!((sum - score).abs() < 1e-4 * score, "{sum} {score}");
    }
}
