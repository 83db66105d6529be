//! What training does to a network, setting by setting.

use burn::module::Module;
use memae_core::QueryUnit;
use memae_core::items::{ItemUpdateConfig, ItemUpdateRule};
use memae_core::loss::MemAeLossConfig;
use memae_models::network::{ImageAutoencoder, ImageAutoencoderConfig, Variant};
use memae_models::score::evaluate;
use memae_models::train::{
    Figure, InitialItems, Phase, ProgressDisplay, TrainConfig, Trained, Trainer,
};

use crate::support::{any_draws, device, digits, layers, shape, small_network, train, values};

/// A step so small that weights stay where they are in f32.
const STANDSTILL: f64 = 1e-30;

fn memae() -> ImageAutoencoderConfig {
    small_network(Variant::MemAe, 20, QueryUnit::Encoding)
}

fn config() -> TrainConfig {
    TrainConfig::new()
        .with_batch_size(16)
        .with_learning_rate(3e-3)
}

/// Mean of a figure over the training batches of each epoch.
fn by_epoch(trained: &Trained, figure: Figure) -> Vec<f64> {
    trained
        .history
        .epochs
        .iter()
        .filter_map(|epoch| epoch.train.get(figure.name()).copied())
        .collect()
}

#[test]
fn the_loss_falls() {
    let _draws = any_draws();
    let images = digits(3, 96);
    for network in [
        small_network(Variant::Ae, 20, QueryUnit::Encoding),
        memae(),
        small_network(Variant::MemAe, 20, QueryUnit::Position),
    ] {
        let trained = train(&network, config().with_epochs(8), &images);
        let losses = by_epoch(&trained, Figure::Loss);
        assert_eq!(losses.len(), 8);
        assert!(
            losses[7] < 0.7 * losses[0],
            "{:?}: {losses:?}",
            network.memory
        );
        // What was learned is in the network that comes back.
        let errors = evaluate(&trained.model, &images, 32, &device())
            .scores
            .reconstruction;
        let mean = errors.iter().sum::<f64>() / 96.0;
        assert!(mean < 0.9 * losses[0], "{mean}, {losses:?}");
    }
}

#[test]
fn the_loss_is_its_parts() {
    let _draws = any_draws();
    let images = digits(3, 40);
    let loss = MemAeLossConfig::paper().with_entropy_weight(0.5);
    let trained = train(&memae(), config().with_epochs(2).with_loss(loss), &images);
    for epoch in &trained.history.epochs {
        for figures in [&epoch.train, &epoch.validation] {
            assert_eq!(figures.len(), Figure::ALL.len());
            let figure = |figure: Figure| figures[figure.name()];
            let sum = figure(Figure::Reconstruction) + 0.5 * figure(Figure::Entropy);
            assert!(
                (figure(Figure::Loss) - sum).abs() < 1e-4 * sum,
                "{figures:?}"
            );
            assert!(
                (0.0..20f64.ln()).contains(&figure(Figure::Entropy)),
                "{figures:?}"
            );
            assert!(
                (1.0..=20.0).contains(&figure(Figure::ActiveItems)),
                "{figures:?}"
            );
            assert!(
                (0.0..=1.0).contains(&figure(Figure::EmptyRows)),
                "{figures:?}"
            );
        }
    }
}

#[test]
fn the_history_has_the_phases_in_order() {
    let _draws = any_draws();
    let images = digits(3, 40);
    let config = config().with_epochs(5).with_warm_up_epochs(2);
    let trained = train(&memae(), config.clone(), &images);
    let phases: Vec<(usize, Phase, usize)> = trained
        .history
        .epochs
        .iter()
        .map(|epoch| (epoch.epoch, epoch.phase, epoch.train.len()))
        .collect();
    let expected = [
        (1, Phase::WarmUp, 2),
        (2, Phase::WarmUp, 2),
        (3, Phase::Main, 5),
        (4, Phase::Main, 5),
        (5, Phase::Main, 5),
    ];
    assert_eq!(phases, expected);

    // There is nothing to warm up for.
    let plain = memae().with_memory(None);
    let trained = train(&plain, config, &images);
    let phases: Vec<Phase> = trained
        .history
        .epochs
        .iter()
        .map(|epoch| epoch.phase)
        .collect();
    assert_eq!(phases, [Phase::Main; 5]);
    assert_eq!(trained.history.epochs[0].train.len(), 2);
}

#[test]
fn all_images_can_be_trained_on() {
    let _draws = any_draws();
    let config = config().with_epochs(2).with_validation_share(0.0);
    let trained = train(&memae(), config, &digits(3, 20));
    for epoch in &trained.history.epochs {
        assert!(epoch.validation.is_empty(), "{epoch:?}");
        assert_eq!(epoch.train.len(), 5, "{epoch:?}");
    }
}

#[test]
fn drawn_items_take_any_sign_and_encodings_do_not() {
    let _draws = any_draws();
    let images = digits(3, 60);
    let items = |initial| {
        let config = config()
            .with_epochs(1)
            .with_learning_rate(STANDSTILL)
            .with_initial_items(initial);
        values(
            train(&memae(), config, &images)
                .model
                .memory
                .unwrap()
                .items
                .val(),
        )
    };
    // The step that changes nothing else moves a zero to −1e-30.
    let negative = |items: &[f64]| items.iter().filter(|value| **value < -1e-20).count();
    let drawn = items(InitialItems::Drawn);
    assert!(negative(&drawn) > drawn.len() / 3);
    // Encodings have passed a ReLU.
    let encodings = items(InitialItems::Encodings);
    assert_eq!(negative(&encodings), 0);
    let most = encodings.iter().fold(0f64, |most, value| most.max(*value));
    assert!(most > 0.1, "{most}");
}

#[test]
fn the_optimizer_goes_on_over_the_warm_up() {
    const RATE: f64 = 1e-3;
    let _draws = any_draws();
    let images = digits(3, 16);
    let (sender, weights) = std::sync::mpsc::channel();
    // One batch an epoch: the sixth step is the first with the memory.
    let config = TrainConfig::new()
        .with_batch_size(16)
        .with_learning_rate(RATE)
        .with_validation_share(0.0)
        .with_initial_items(InitialItems::Encodings)
        .with_warm_up_epochs(5)
        .with_epochs(6);
    let network = small_network(Variant::MemAe, 7, QueryUnit::Encoding);
    Trainer::new(config, device())
        .with_display(ProgressDisplay::Silent)
        .fit_watched(&network, &images, move |_, model: &ImageAutoencoder| {
            sender
                .send(values(model.decoder[0].conv.weight.val()))
                .unwrap();
        })
        .unwrap();
    let weights: Vec<Vec<f64>> = weights.iter().collect();
    let share_of_full_steps = |epoch: usize| {
        let steps = weights[epoch].iter().zip(&weights[epoch - 1]);
        let is_full = |(after, before): (&f64, &f64)| (after - before).abs() > 0.99 * RATE;
        let full = steps.filter(|step| is_full(*step)).count();
        full as f64 / weights[epoch].len() as f64
    };
    // The first step of Adam is the learning rate long for every weight, later ones are shorter.
    assert_eq!(weights.len(), 6);
    assert!(share_of_full_steps(4) < 0.6, "{}", share_of_full_steps(4));
    assert!(share_of_full_steps(5) < 0.6, "{}", share_of_full_steps(5));
}

#[test]
fn moving_averages_leave_the_items_to_the_queries() {
    let _draws = any_draws();
    let images = digits(3, 60);
    let run = |rule, decay, learning_rate| {
        let update = ItemUpdateConfig::new().with_rule(rule).with_decay(decay);
        let config = config()
            .with_epochs(1)
            .with_learning_rate(learning_rate)
            .with_item_update(update);
        train(&memae(), config, &images).model.memory.unwrap().items
    };
    // Items drawn in ±1/√C; a gradient step of 0.05 a value takes them far beyond.
    let bound = 1.0 / (memae().memory.unwrap().item_dim as f64).sqrt();
    let beyond = |items: &[f64]| {
        let count = items
            .iter()
            .filter(|value| value.abs() > 1.001 * bound)
            .count();
        count as f64 / items.len() as f64
    };
    let almost_one = 1.0 - 1e-9;
    let by_gradient = values(run(ItemUpdateRule::Gradient, almost_one, 0.05).val());
    assert!(beyond(&by_gradient) > 0.2, "{}", beyond(&by_gradient));
    let frozen = run(ItemUpdateRule::MovingAverage, almost_one, 0.05);
    assert_eq!(beyond(&values(frozen.val())), 0.0);
    assert!(!frozen.is_require_grad());

    // Queries have passed a ReLU: what follows them loses its negative values.
    let following = values(run(ItemUpdateRule::MovingAverage, 0.1, STANDSTILL).val());
    let standing = values(run(ItemUpdateRule::Gradient, 0.1, STANDSTILL).val());
    let deepest = |items: &[f64]| {
        items
            .chunks(items.len() / 20)
            .map(|item| item.iter().fold(0f64, |least, value| least.min(*value)))
            .fold(f64::NEG_INFINITY, f64::max)
    };
    assert!(
        deepest(&following) > -0.1 * bound,
        "{}",
        deepest(&following)
    );
    assert!(deepest(&standing) < -0.9 * bound, "{}", deepest(&standing));
}

#[test]
fn revival_brings_dead_items_back() {
    let _draws = any_draws();
    let images = digits(3, 64);
    let dead = |revival_share| {
        let update = ItemUpdateConfig::new()
            .with_decay(0.3)
            .with_revival_share(revival_share);
        let config = config()
            .with_epochs(4)
            .with_learning_rate(STANDSTILL)
            .with_validation_share(0.0)
            .with_item_update(update);
        // Of 60 drawn items, few are the best of any encoding, and others weigh nothing.
        let network = small_network(Variant::MemAe, 60, QueryUnit::Encoding);
        let memory = network
            .memory
            .clone()
            .map(|memory| memory.with_temperature(0.01));
        let trained = train(&network.with_memory(memory), config, &images);
        let usage = evaluate(&trained.model, &images, 64, &device())
            .usage
            .unwrap();
        usage.dead_items().len()
    };
    let (without, with) = (dead(0.0), dead(0.3));
    assert!(
        with + 10 < without,
        "{with} dead with revival, {without} without"
    );
}

#[test]
fn the_prototype_loss_makes_single_items_decode_to_images() {
    let _draws = any_draws();
    let images = digits(3, 64);
    let prototype_error = |weight| {
        let config = config()
            .with_epochs(10)
            .with_validation_share(0.0)
            .with_prototype_weight(weight);
        let model = train(&memae(), config, &images).model;
        let memory = model.memory.clone().unwrap();
        let pixels: Vec<f32> = (0..64).flat_map(|index| images.scaled(index)).collect();
        let pixels = burn::tensor::Tensor::<1>::from_floats(pixels.as_slice(), &device());
        let pixels = pixels.reshape([64, 1, 28, 28]);
        let queries = model.forward(pixels.clone()).memory.unwrap().queries;
        let best = memory.address(queries).shrunk.argmax(1).reshape([64]);
        let decoded = model.decode_items(memory.items.val().select(0, best));
        values((decoded - pixels).square().sum() / 64.0)[0]
    };
    let (without, with) = (prototype_error(0.0), prototype_error(1.0));
    assert!(
        with < 0.8 * without,
        "{with} with prototype loss, {without} without"
    );
}

#[test]
fn the_loss_of_training_has_the_prototype_loss_in_it() {
    let _draws = any_draws();
    let config = config()
        .with_epochs(1)
        .with_loss(MemAeLossConfig::paper().with_entropy_weight(0.0))
        .with_prototype_weight(0.5);
    let trained = train(&memae(), config, &digits(3, 40));
    let epoch = &trained.history.epochs[0];
    let parts = |figures: &std::collections::BTreeMap<String, f64>| {
        [Figure::Loss, Figure::Reconstruction].map(|figure| figures[figure.name()])
    };
    let [loss, reconstruction] = parts(&epoch.train);
    assert!(loss > 1.2 * reconstruction, "{loss}, {reconstruction}");
    let [loss, reconstruction] = parts(&epoch.validation);
    assert_eq!(loss, reconstruction);
}

#[test]
fn the_prototype_preset_trains() {
    let _draws = any_draws();
    let network = ImageAutoencoderConfig::mnist_prototypes();
    let config = TrainConfig::prototypes()
        .with_total_epochs(4)
        .with_validation_share(0.0);
    let images = digits(9, 110);
    let trained = train(&network, config, &images);
    let losses = by_epoch(&trained, Figure::Reconstruction);
    assert!(losses[3] < losses[0], "{losses:?}");
    let memory = trained.model.memory.as_ref().unwrap();
    assert_eq!(memory.addressing, network.memory.unwrap().addressing());
    let usage = evaluate(&trained.model, &images, 64, &device()).usage;
    assert!(usage.unwrap().most_read_items().len() > 10);
}

#[test]
fn the_temperature_falls_to_that_of_the_memory() {
    let _draws = any_draws();
    let images = digits(3, 50);
    // Without shrinkage, entropy follows the temperature. No binary fractions: in f64,
    // 0.9 + (0.1 − 0.9) is not 0.1.
    let network = small_network(Variant::MemAeNonSparse, 20, QueryUnit::Encoding);
    let memory = network
        .memory
        .clone()
        .map(|memory| memory.with_temperature(0.1));
    let network = network.with_memory(memory);
    let config = config()
        .with_epochs(6)
        .with_warm_up_epochs(2)
        .with_learning_rate(STANDSTILL)
        .with_initial_temperature(Some(0.9));
    let trained = train(&network, config, &images);
    let addressing = trained.model.memory.as_ref().unwrap().addressing;
    assert_eq!(addressing, network.memory.unwrap().addressing());

    let entropy = by_epoch(&trained, Figure::Entropy);
    assert_eq!(entropy.len(), 4);
    assert!(
        entropy.is_sorted_by(|before, after| before > after),
        "{entropy:?}"
    );
}

#[test]
fn one_last_image_of_one_position_is_no_nan() {
    let _draws = any_draws();
    // Features of one position, and a last batch of one image: no variance at all.
    let network = ImageAutoencoderConfig::new(
        shape(1, 28, 28),
        layers(&[(27, 28, 4)]),
        layers(&[(27, 28, 1)]),
    );
    assert_eq!(network.feature_dims().unwrap(), [4, 1, 1]);
    let config = config().with_epochs(3).with_validation_share(0.0);
    let images = digits(3, 17);
    for variant in [Variant::Ae, Variant::MemAe] {
        let network = network
            .clone()
            .with_variant(variant, 5, QueryUnit::Position);
        let trained = train(&network, config.clone(), &images);
        let scores = evaluate(&trained.model, &images, 32, &device()).scores;
        assert!(
            scores.reconstruction.iter().all(|score| score.is_finite()),
            "{scores:?}"
        );
    }
}

#[test]
fn the_trained_network_is_for_inference() {
    let _draws = any_draws();
    let images = digits(3, 20);
    let model = train(&memae(), config().with_epochs(1), &images).model;
    assert!(model.devices().iter().all(|device| !device.is_autodiff()));
    // Batch norm uses its running statistics: a score does not depend on its neighbours.
    let together = evaluate(&model, &images, 20, &device())
        .scores
        .reconstruction;
    let alone = evaluate(&model, &images, 1, &device())
        .scores
        .reconstruction;
    crate::support::assert_close("scores", &alone, &together, 1e-3);
}
