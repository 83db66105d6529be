//! Same seed, same device, same result.

use burn::tensor::Device;
use memae_core::QueryUnit;
use memae_core::items::{ItemUpdateConfig, ItemUpdateRule};
use memae_models::network::{ImageAutoencoder, Variant};
use memae_models::score::evaluate;
use memae_models::train::{InitialItems, TrainConfig, Trained};

use crate::support::{device, digits, seeded_draws, small_network, train, weight_bits};

fn config() -> TrainConfig {
    TrainConfig::new().with_batch_size(16).with_epochs(2)
}

/// Everything that draws: weights, items, shuffling, held-out images, revival.
fn everything() -> TrainConfig {
    config()
        .with_epochs(3)
        .with_warm_up_epochs(1)
        .with_initial_items(InitialItems::Encodings)
        .with_item_update(
            ItemUpdateConfig::new()
                .with_rule(ItemUpdateRule::MovingAverage)
                .with_decay(0.5)
                .with_revival_share(0.5),
        )
        .with_initial_temperature(Some(2.0))
        .with_prototype_weight(0.1)
}

fn score_bits(model: &ImageAutoencoder, device: &Device) -> Vec<u64> {
    let scores = evaluate(model, &digits(7, 10), 4, device).scores;
    let distances = scores.read_distance.unwrap_or_default();
    let all = scores.reconstruction.iter().chain(&distances);
    all.map(|score| score.to_bits()).collect()
}

#[test]
fn a_seed_gives_one_network() {
    let _draws = seeded_draws();
    let images = digits(3, 50);
    for (variant, query, config) in [
        (Variant::Ae, QueryUnit::Encoding, config()),
        (Variant::MemAe, QueryUnit::Position, config()),
        (Variant::MemAe, QueryUnit::Encoding, everything()),
    ] {
        let network = small_network(variant, 20, query);
        let run = |seed| train(&network, config.clone().with_seed(seed), &images);
        let (first, second, other) = (run(5), run(5), run(6));
        assert_eq!(first.history, second.history, "{variant:?}");
        assert_eq!(
            weight_bits(&first.model),
            weight_bits(&second.model),
            "{variant:?}"
        );
        let scores = |trained: &Trained| score_bits(&trained.model, &device());
        assert_eq!(scores(&first), scores(&second), "{variant:?}");

        for ((name, weights), (_, others)) in weight_bits(&first.model)
            .iter()
            .zip(weight_bits(&other.model))
        {
            assert_ne!(*weights, others, "{variant:?} {name}: another seed");
        }
        assert_ne!(scores(&first), scores(&other), "{variant:?}");
    }
}

#[test]
fn warm_up_is_the_training_of_a_plain_autoencoder() {
    let _draws = seeded_draws();
    let images = digits(3, 50);
    let plain = small_network(Variant::Ae, 20, QueryUnit::Encoding);
    let plain = train(&plain, config().with_epochs(2), &images);
    let memae = small_network(Variant::MemAe, 20, QueryUnit::Encoding);
    let warmed = train(
        &memae,
        config().with_epochs(3).with_warm_up_epochs(2),
        &images,
    );
    for (epoch, expected) in warmed.history.epochs.iter().zip(&plain.history.epochs) {
        assert_eq!(epoch.train, expected.train);
        assert_eq!(epoch.validation, expected.validation);
    }

    // What follows trains all of it: weights, batch norm and its running statistics, items.
    let before = weight_bits(&plain.model);
    for (name, weights) in weight_bits(&warmed.model) {
        match before.iter().find(|(other, _)| *other == name) {
            Some((_, before)) => assert_ne!(weights, *before, "{name}"),
            None => assert_eq!(name, "memory.items"),
        }
    }
}

#[test]
fn held_out_images_take_no_part_in_training() {
    let _draws = seeded_draws();
    let images = digits(3, 40);
    let network = small_network(Variant::Ae, 20, QueryUnit::Encoding);
    let config = config().with_validation_share(0.25).with_seed(9);
    let (_, held_out) = memae_data::protocol::holdout(40, 0.25, 9);
    // The held-out images painted black.
    let pixels: Vec<u8> = (0..40)
        .flat_map(|index| match held_out.contains(&index) {
            true => vec![0; 784],
            false => images.pixels(index).to_vec(),
        })
        .collect();
    let painted =
        memae_data::sample::LabeledImages::new(images.shape(), pixels, images.labels().to_vec())
            .unwrap();

    let (original, black) = (
        train(&network, config.clone(), &images),
        train(&network, config, &painted),
    );
    assert_eq!(weight_bits(&original.model), weight_bits(&black.model));
    assert_ne!(
        original.history.epochs[1].validation,
        black.history.epochs[1].validation
    );
}
