//! The same weights and images on every backend compiled in.

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Tensor, TensorData};
use memae_core::QueryUnit;
use memae_core::loss::MemAeLossConfig;
use memae_data::sample::LabeledImages;
use memae_models::detect::{Detector, DetectorConfig};
use memae_models::network::{ImageAutoencoder, ImageAutoencoderConfig, Variant};
use memae_models::score::{ScoreRule, reconstruct};

use crate::support::{assert_close, device, devices, digits, init, small_network, values};

const IMAGES: usize = 6;

/// What one device makes of a saved detector.
struct Results {
    reconstruction: Vec<f64>,
    weights: Vec<f64>,
    /// Relative to the largest.
    scores: Vec<f64>,
    /// Before a step of training, and after.
    losses: [f64; 2],
}

fn batch(images: &LabeledImages, device: &Device) -> Tensor<4> {
    let pixels: Vec<f32> = (0..images.len())
        .flat_map(|index| images.scaled(index))
        .collect();
    Tensor::from_data(TensorData::new(pixels, [images.len(), 1, 28, 28]), device)
}

fn losses_around_a_step(
    model: ImageAutoencoder,
    images: &LabeledImages,
    device: &Device,
) -> [f64; 2] {
    let device = device.clone().autodiff();
    let images = batch(images, &device);
    let criterion = MemAeLossConfig::paper().with_entropy_weight(0.1).init();
    let loss = |model: &ImageAutoencoder| {
        let output = model.forward(images.clone());
        let entropy = output.memory.map(|memory| memory.entropy);
        criterion
            .forward(output.reconstruction, images.clone(), entropy)
            .total
    };
    let model = model.train();
    let before = loss(&model);
    let gradients = GradientsParams::from_grads(before.backward(), &model);
    let mut optimizer = AdamConfig::new().init();
    let model = optimizer.step(1e-3, model, gradients);
    let after = loss(&model);
    [values(before)[0], values(after)[0]]
}

fn run(path: &std::path::Path, images: &LabeledImages, device: &Device) -> Results {
    let detector = Detector::load(path, device).unwrap();
    let reconstruction = reconstruct(&detector.model, images, 4, device);
    let read = detector
        .model
        .forward(batch(images, device))
        .memory
        .unwrap();
    let memory = detector.model.memory.as_ref().unwrap();
    let evaluation = detector.evaluate(images, device).unwrap();
    let scores = evaluation.scores.reconstruction;
    let largest = scores.iter().fold(0f64, |most, score| most.max(*score));
    Results {
        reconstruction: reconstruction.into_iter().map(f64::from).collect(),
        weights: values(memory.address(read.queries).shrunk),
        scores: scores
            .iter()
            .map(|score| score / largest)
            .chain(evaluation.scores.read_distance.unwrap())
            .collect(),
        losses: losses_around_a_step(detector.model, images, device),
    }
}

fn check(network: ImageAutoencoderConfig) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let images = digits(2, IMAGES);
    let model = init(&network, &device());
    let config = DetectorConfig {
        rule: ScoreRule::Sum,
        quantile: 0.9,
    };
    let detector = Detector::fit(model, network, config, &images, &device()).unwrap();
    detector.save(&path).unwrap();

    let mut all = devices().into_iter();
    let (_, first) = all.next().unwrap();
    let expected = run(&path, &images, &first);
    let [before, after] = expected.losses;
    assert!(
        after < before,
        "a step takes the loss from {before} to {after}"
    );
    for (name, device) in all {
        let found = run(&path, &images, &device);
        let close = |what: &str, found: &[f64], expected: &[f64]| {
            assert_close(&format!("{name}, {what}"), found, expected, 1e-4);
        };
        close(
            "reconstruction",
            &found.reconstruction,
            &expected.reconstruction,
        );
        close("weights", &found.weights, &expected.weights);
        close("scores", &found.scores, &expected.scores);
        for (found, expected) in found.losses.iter().zip(&expected.losses) {
            let error = (found - expected).abs() / expected;
            assert!(
                error <= 1e-3,
                "{name}: loss is {found}, expected {expected}"
            );
        }
    }
}

#[test]
fn backends_agree_with_one_query_an_image() {
    check(small_network(Variant::MemAe, 12, QueryUnit::Encoding));
}

#[test]
fn backends_agree_with_one_query_a_position() {
    check(small_network(Variant::MemAe, 12, QueryUnit::Position));
}

#[test]
fn backends_agree_without_shrinkage() {
    check(small_network(
        Variant::MemAeNonSparse,
        12,
        QueryUnit::Encoding,
    ));
}

#[test]
fn every_backend_trains() {
    use memae_models::train::{ProgressDisplay, TrainConfig, Trainer};
    let _draws = crate::support::any_draws();
    let network = small_network(Variant::MemAe, 5, QueryUnit::Encoding);
    for (name, device) in devices() {
        let config = TrainConfig::new().with_epochs(2).with_batch_size(8);
        let trained = Trainer::new(config, device.clone())
            .with_display(ProgressDisplay::Silent)
            .fit(&network, &digits(2, 16))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        for epoch in &trained.history.epochs {
            let finite = epoch.train.values().all(|value| value.is_finite());
            assert!(finite && epoch.train.len() == 5, "{name}: {epoch:?}");
        }
        let [first, last] = &trained.history.epochs[..] else {
            panic!("{name}: {:?}", trained.history);
        };
        let loss = |epoch: &memae_models::train::EpochFigures| epoch.train["Loss"];
        assert!(loss(last) < loss(first), "{name}: {:?}", trained.history);
    }
}
