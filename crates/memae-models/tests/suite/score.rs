//! Scores and error maps.

use burn::module::{Param, RunningState};
use burn::tensor::{Device, Tensor};
use memae_core::addressing::{EmptyRow, Shrinkage};
use memae_core::{MemoryModuleConfig, QueryUnit};
use memae_data::sample::LabeledImages;
use memae_models::network::{ImageAutoencoder, ImageAutoencoderConfig, Variant};
use memae_models::score::{error_maps, evaluate, reconstruct};

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
pub fn tiny(device: &Device) -> (ImageAutoencoderConfig, ImageAutoencoder) {
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
