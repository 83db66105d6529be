//! Scores, error maps and thresholds.

use burn::module::{Param, RunningState};
use burn::tensor::{Device, Tensor};
use memae_core::addressing::{EmptyRow, Shrinkage};
use memae_core::{MemoryModuleConfig, QueryUnit};
use memae_data::sample::{ImageShape, LabeledImages};
use memae_models::detect::{
    Detector, DetectorConfig, DetectorError, Evaluation, ScoreRule, ScoreScale, Scores, error_maps,
    evaluate, reconstruct,
};
use memae_models::network::{ImageAutoencoder, ImageAutoencoderConfig, Variant};

use crate::support::{assert_close, device, devices, digits, init, layers, shape, small_network};

const TEMPERATURE: f64 = 0.2;
const THRESHOLD: f64 = 0.38;
const ITEMS: [[f64; 4]; 3] = [
    [1.0, 0.2, 0.0, 0.4],
    [0.1, 0.9, 0.6, 0.0],
    [0.5, 0.5, 0.5, 0.5],
];
/// The last has equal weights for all items: all are shrunk away.
const PIXELS: [[u8; 4]; 4] = [
    [255, 80, 0, 90],
    [0, 255, 200, 30],
    [120, 130, 200, 10],
    [0, 0, 0, 0],
];

/// A network of one value a layer, whose results can be computed by hand.
fn tiny(device: &Device) -> (ImageAutoencoderConfig, ImageAutoencoder) {
    let memory = MemoryModuleConfig::new(3, 4)
        .with_temperature(TEMPERATURE)
        .with_shrinkage(Shrinkage::absolute(THRESHOLD))
        .with_empty_row(EmptyRow::Zeros);
    let config =
        ImageAutoencoderConfig::new(shape(1, 2, 2), layers(&[(1, 1, 1)]), layers(&[(1, 1, 1)]))
            .with_memory(Some(memory.clone()));
    let mut model = init(&config, device);
    let encoder = &mut model.encoder[0];
    encoder.conv.weight = Param::from_data([[[[2.0]]]], device);
    encoder.conv.bias = Some(Param::from_data([-0.125], device));
    encoder.norm.gamma = Param::from_data([1.5], device);
    encoder.norm.beta = Param::from_data([0.25], device);
    encoder.norm.running_mean = RunningState::new(Tensor::from_floats([0.5], device));
    encoder.norm.running_var = RunningState::new(Tensor::from_floats([0.64], device));
    let decoder = &mut model.decoder[0];
    decoder.conv.weight = Param::from_data([[[[0.75]]]], device);
    decoder.conv.bias = Some(Param::from_data([0.0625], device));
    let items = Tensor::from_data(ITEMS, device);
    model.memory = Some(memory.init_with_items(items).unwrap());
    (config, model)
}

fn tiny_images() -> LabeledImages {
    LabeledImages::new(shape(1, 2, 2), PIXELS.concat(), vec![0; 4]).unwrap()
}

struct ByHand {
    rebuilt: [f64; 4],
    error: f64,
    distance: f64,
    weights: [f64; 3],
}

fn by_hand(pixels: [u8; 4]) -> ByHand {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let cosine = |a: &[f64], b: &[f64]| match dot(a, a) * dot(b, b) {
        0.0 => 0.0,
        squared => dot(a, b) / squared.sqrt(),
    };
    let image = pixels.map(|pixel| f64::from(pixel) / 255.0);
    let query = image.map(|x| {
        let normalised = (2.0 * x - 0.125 - 0.5) / (0.64f64 + 1e-5).sqrt();
        (1.5 * normalised + 0.25).max(0.0)
    });
    let powers = ITEMS.map(|item| (cosine(&query, &item) / TEMPERATURE).exp());
    let sum: f64 = powers.iter().sum();
    let kept = powers.map(|power| match power / sum > THRESHOLD {
        true => power / sum,
        false => 0.0,
    });
    let sum: f64 = kept.iter().sum();
    let weights = kept.map(|weight| if sum > 0.0 { weight / sum } else { 0.0 });
    let read: [f64; 4] =
        std::array::from_fn(|i| (0..3).map(|item| weights[item] * ITEMS[item][i]).sum());
    let rebuilt = read.map(|value| 0.75 * value + 0.0625);
    ByHand {
        rebuilt,
        error: (0..4).map(|i| (image[i] - rebuilt[i]).powi(2)).sum(),
        distance: 1.0 - cosine(&query, &read),
        weights,
    }
}

#[test]
fn scores_agree_with_those_computed_by_hand() {
    for (name, device) in devices() {
        let (_, model) = tiny(&device);
        let expected = PIXELS.map(by_hand);
        let images = tiny_images();
        let column = |value: fn(&ByHand) -> f64| expected.iter().map(value).collect::<Vec<f64>>();
        // Batches of three and of one.
        let found = evaluate(&model, &images, 3, &device);
        let scores = &found.scores;
        assert_close(name, &scores.reconstruction, &column(|e| e.error), 1e-5);
        let distances = scores.read_distance.as_ref().unwrap();
        assert_close(name, distances, &column(|e| e.distance), 1e-5);

        let rebuilt = reconstruct(&model, &images, 3, &device);
        let rebuilt: Vec<f64> = rebuilt.into_iter().map(f64::from).collect();
        let expected_pixels: Vec<f64> = expected.iter().flat_map(|e| e.rebuilt).collect();
        assert_close(name, &rebuilt, &expected_pixels, 1e-5);

        let usage = found.usage.unwrap();
        let reads = |item: usize| expected.iter().filter(|e| e.weights[item] > 0.0).count() as u64;
        let counts = [reads(0), reads(1), reads(2)];
        assert_eq!(usage.read_counts(), counts, "{name}");
        assert!(counts.iter().any(|count| *count > 0), "{name}");
        assert_eq!(usage.queries(), 4, "{name}");
        assert_eq!(usage.empty_row_share(), 0.25, "{name}");
        let entropy = |e: &ByHand| {
            let kept = e.weights.iter().filter(|weight| **weight > 0.0);
            -kept.map(|weight| weight * weight.ln()).sum::<f64>()
        };
        let entropy = column(entropy).iter().sum::<f64>() / 4.0;
        assert!(entropy > 0.01);
        assert_close(name, &[usage.mean_entropy()], &[entropy], 1e-5);
    }
}

#[test]
fn the_distance_of_an_image_is_the_mean_over_its_positions() {
    let config = small_network(Variant::MemAe, 5, QueryUnit::Position);
    let model = init(&config, &device());
    let images = digits(4, 3);
    let found = evaluate(&model, &images, 2, &device());
    assert_eq!(found.usage.unwrap().queries(), 3 * 49);
    for (index, distance) in found.scores.read_distance.unwrap().into_iter().enumerate() {
        let image = Tensor::<1>::from_floats(images.scaled(index).as_slice(), &device());
        let memory = model.forward(image.reshape([1, 1, 28, 28])).memory.unwrap();
        let per_query = memae_core::addressing::cosine_distance(memory.queries, memory.read);
        let expected = crate::support::values(per_query.mean());
        assert_close("read distance", &[distance], &expected, 1e-5);
    }
}

#[test]
fn the_encoding_distance_is_that_of_the_reconstruction_encoded_again() {
    for (variant, query) in [
        (Variant::Ae, QueryUnit::Encoding),
        (Variant::MemAe, QueryUnit::Encoding),
        (Variant::MemAe, QueryUnit::Position),
    ] {
        let model = init(&small_network(variant, 5, query), &device());
        let images = digits(4, 3);
        let found = evaluate(&model, &images, 2, &device()).scores;
        for (index, distance) in found.encoding_distance.unwrap().into_iter().enumerate() {
            let image = Tensor::<1>::from_floats(images.scaled(index).as_slice(), &device());
            let image = image.reshape([1, 1, 28, 28]);
            let rebuilt = model.forward(image.clone()).reconstruction;
            let [first, again] = [image, rebuilt].map(|images| {
                let queries = model.query().to_queries(model.encode(images));
                crate::support::values(queries)
                    .chunks(queries_width(&model))
                    .map(<[f64]>::to_vec)
                    .collect::<Vec<_>>()
            });
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            let distances = first
                .iter()
                .zip(&again)
                .map(|(a, b)| 1.0 - dot(a, b) / (dot(a, a) * dot(b, b)).sqrt());
            let expected = distances.sum::<f64>() / first.len() as f64;
            assert!(expected > 1e-3, "{variant:?}");
            assert_close("encoding distance", &[distance], &[expected], 1e-5);
        }
    }
}

/// Values in one query.
fn queries_width(model: &ImageAutoencoder) -> usize {
    model.query().item_dim(model.feature_dims())
}

#[test]
fn error_maps_sum_to_the_reconstruction_error() {
    let config =
        ImageAutoencoderConfig::new(shape(3, 7, 5), layers(&[(3, 2, 4)]), layers(&[(3, 2, 3)]));
    let model = init(&config, &device());
    let pixels = (0..5 * 105).map(|value| (value * 37 % 256) as u8).collect();
    let images = LabeledImages::new(config.input, pixels, vec![0; 5]).unwrap();
    let errors = evaluate(&model, &images, 2, &device())
        .scores
        .reconstruction;
    let maps = error_maps(&model, &images, 2, &device());
    assert_eq!(maps.len(), 5 * 35);
    assert!(maps.iter().all(|value| *value >= 0.0));
    let sums: Vec<f64> = maps
        .chunks(35)
        .map(|map| map.iter().map(|v| f64::from(*v)).sum())
        .collect();
    assert_close("sums of error maps", &sums, &errors, 1e-4);

    // The error of a pixel is where the pixel is.
    let rebuilt = reconstruct(&model, &images, 2, &device());
    let at = |channel: usize| {
        let index = 2 * 105 + channel * 35 + 3 * 5 + 4;
        (rebuilt[index] - images.scaled(2)[index - 2 * 105]).powi(2)
    };
    let expected = f64::from(at(0) + at(1) + at(2));
    let found = f64::from(maps[2 * 35 + 3 * 5 + 4]);
    assert_close("error of a pixel", &[found], &[expected], 1e-5);
}

#[test]
fn batches_of_any_size_score_alike() {
    let config = small_network(Variant::MemAe, 5, QueryUnit::Encoding);
    let model = init(&config, &device());
    let images = digits(4, 10);
    let expected = evaluate(&model, &images, 10, &device()).scores;
    for batch_size in [1, 3, 100] {
        let found = evaluate(&model, &images, batch_size, &device()).scores;
        assert_close(
            "error",
            &found.reconstruction,
            &expected.reconstruction,
            1e-3,
        );
        assert_eq!(found.read_distance.unwrap().len(), 10);
    }
    let none = evaluate(&model, &images.select(&[]), 4, &device());
    assert!(none.scores.reconstruction.is_empty());
    assert_eq!(none.usage.unwrap().queries(), 0);
}

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
