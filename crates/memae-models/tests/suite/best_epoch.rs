//! The network of the best epoch: which it is, and when a training ends early.

use std::sync::mpsc;

use memae_data::sample::{VectorShape, Vectors};
use memae_models::network::{
    Activation, Variant, VectorAutoencoder, VectorAutoencoderConfig, VectorLayerConfig,
};
use memae_models::samples::Selection;
use memae_models::score::evaluate_samples;
use memae_models::train::{
    BestEpochConfig, EpochCriterion, EpochFigures, ProgressDisplay, TrainConfig, TrainError,
    Trained, Trainer,
};

use crate::support::{assert_close, device, seeded_draws, weight_bits};

const WIDTH: usize = 5;

/// Few rows that follow from two numbers, with noise, so that a wide network soon learns the noise.
fn rows() -> Vectors {
    let noise = |step: usize| (step * 7919 % 1009) as f32 / 1009.0 - 0.5;
    let row = |index: usize| {
        let along = [noise(index + 1), noise(3 * index + 500)];
        (0..WIDTH).map(move |column| {
            along[column % 2] * (column + 1) as f32 + 0.6 * noise(index * WIDTH + column + 77)
        })
    };
    Vectors::new(WIDTH, (0..60).flat_map(row).collect()).unwrap()
}

fn network(variant: Variant) -> VectorAutoencoderConfig {
    let hidden = VectorLayerConfig::new(24).with_activation(Activation::Tanh);
    VectorAutoencoderConfig::new(
        VectorShape { width: WIDTH },
        vec![hidden, VectorLayerConfig::new(4)],
        vec![hidden, VectorLayerConfig::new(WIDTH)],
    )
    .with_variant(variant, 12)
}

fn config() -> TrainConfig {
    TrainConfig::new()
        .with_epochs(30)
        .with_batch_size(8)
        .with_learning_rate(3e-2)
        .with_validation_share(0.4)
        .with_best_epoch(Some(BestEpochConfig::new()))
}

fn trainer(config: TrainConfig) -> Trainer {
    Trainer::new(config, device()).with_display(ProgressDisplay::Silent)
}

fn fit(variant: Variant, config: TrainConfig) -> Trained<VectorAutoencoderConfig> {
    let _draws = seeded_draws();
    trainer(config).fit(&network(variant), &rows()).unwrap()
}

fn watched(figures: &EpochFigures) -> f64 {
    figures.validation["Reconstruction"]
}

#[test]
fn the_network_is_that_of_the_epoch_with_the_lowest_error() {
    let _draws = seeded_draws();
    let (sender, networks) = mpsc::channel();
    let trained = trainer(config())
        .fit_watched(
            &network(Variant::Ae),
            &rows(),
            move |epoch, model: &VectorAutoencoder| {
                let _ = sender.send((epoch, model.clone()));
            },
        )
        .unwrap();
    let epochs = &trained.history.epochs;
    assert_eq!(epochs.len(), 30);
    let lowest = epochs.iter().map(watched).fold(f64::INFINITY, f64::min);
    let first = epochs.iter().position(|figures| watched(figures) == lowest);
    assert_eq!(Some(trained.epoch - 1), first);
    assert!(
        trained.epoch < 30,
        "the last epoch is the best one, which tells nothing"
    );

    let networks: Vec<(usize, VectorAutoencoder)> = networks.iter().collect();
    assert_eq!(networks.len(), 30);
    let (epoch, kept) = &networks[trained.epoch - 1];
    assert_eq!(*epoch, trained.epoch);
    assert_eq!(weight_bits(kept), weight_bits(&trained.model));
    let (_, last) = &networks[29];
    assert_ne!(weight_bits(last), weight_bits(&trained.model));

    let held_out = Selection::new(rows(), trained.parts.select.clone());
    let errors = evaluate_samples(&trained.model, &held_out, 8, &device()).unwrap();
    let errors = errors.scores.reconstruction;
    let mean = errors.iter().sum::<f64>() / errors.len() as f64;
    assert_close("error", &[mean], &[lowest], 1e-5 * lowest);
}

#[test]
fn a_training_without_a_better_epoch_ends_early() {
    let best = BestEpochConfig::new().with_patience(Some(3));
    let early = fit(Variant::Ae, config().with_best_epoch(Some(best)));
    let whole = fit(Variant::Ae, config());
    let count = early.history.epochs.len();
    assert_eq!(count, early.epoch + 3);
    assert_eq!(early.history.epochs[..], whole.history.epochs[..count]);
    // Patience that is never out changes nothing.
    let patient = BestEpochConfig::new().with_patience(Some(30));
    let patient = fit(Variant::Ae, config().with_best_epoch(Some(patient)));
    assert_eq!(patient.epoch, whole.epoch);
    assert_eq!(weight_bits(&patient.model), weight_bits(&whole.model));
}

#[test]
fn the_warm_up_has_no_best_epoch() {
    let config = config().with_warm_up_epochs(12);
    let trained = fit(Variant::MemAe, config);
    assert_eq!(trained.history.epochs.len(), 30);
    let main = &trained.history.epochs[12..];
    let lowest = main.iter().map(watched).fold(f64::INFINITY, f64::min);
    let first = main.iter().position(|figures| watched(figures) == lowest);
    assert_eq!(Some(trained.epoch - 13), first);
    assert!(trained.model.memory.is_some());
}

#[test]
fn epochs_can_be_compared_by_the_loss() {
    let best = BestEpochConfig::new().with_criterion(EpochCriterion::Loss);
    let trained = fit(Variant::MemAe, config().with_best_epoch(Some(best)));
    let losses = trained.history.epochs.iter();
    let losses: Vec<f64> = losses.map(|figures| figures.validation["Loss"]).collect();
    let lowest = losses.iter().copied().fold(f64::INFINITY, f64::min);
    assert_eq!(losses[trained.epoch - 1], lowest);
}

#[test]
fn without_it_the_last_epoch_is_kept() {
    let plain = fit(Variant::Ae, config().with_best_epoch(None));
    assert_eq!((plain.epoch, plain.history.epochs.len()), (30, 30));
}

#[test]
fn what_can_not_be_compared_is_refused() {
    let error = |config: TrainConfig| -> TrainError {
        trainer(config)
            .fit(&network(Variant::Ae), &rows())
            .unwrap_err()
    };
    assert_eq!(
        error(config().with_validation_share(0.0)).to_string(),
        "training: no vectors are held out to compare epochs by, expected at least 1"
    );
    let none = BestEpochConfig::new().with_patience(Some(0));
    assert_eq!(
        error(config().with_best_epoch(Some(none))).to_string(),
        "training: patience is 0, expected at least 1 epoch"
    );
}

#[test]
fn settings_of_before_are_read() {
    let config = config();
    let mut json = serde_json::to_value(&config).unwrap();
    assert_eq!(json["best_epoch"]["criterion"], "Reconstruction");
    assert_eq!(
        serde_json::from_value::<TrainConfig>(json.clone()).unwrap(),
        config
    );
    json.as_object_mut().unwrap().remove("best_epoch");
    let older: TrainConfig = serde_json::from_value(json).unwrap();
    assert_eq!(older, config.with_best_epoch(None));
}
