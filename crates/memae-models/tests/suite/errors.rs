//! Trainings that don't end with a model, and the files that trainings write.

use std::path::Path;

use memae_core::QueryUnit;
use memae_core::items::ItemUpdateConfig;
use memae_core::loss::MemAeLossConfig;
use memae_data::sample::LabeledImages;
use memae_models::network::{ImageAutoencoderConfig, Variant};
use memae_models::train::{
    InitialItems, Interrupter, ProgressDisplay, TrainConfig, TrainError, Trained, Trainer,
};

use crate::support::{any_draws, assert_line, device, digits, small_network};

fn network() -> ImageAutoencoderConfig {
    small_network(Variant::MemAe, 20, QueryUnit::Encoding)
}

fn trainer(config: TrainConfig) -> Trainer {
    Trainer::new(config, device()).with_display(ProgressDisplay::Silent)
}

fn fit(config: TrainConfig, images: &LabeledImages) -> Result<Trained, TrainError> {
    let _draws = any_draws();
    trainer(config).fit(&network(), images)
}

#[test]
fn each_wrong_setting_has_its_message() {
    let new = TrainConfig::new;
    let update = ItemUpdateConfig::new;
    let cases = [
        (
            new().with_epochs(0),
            "training: epochs is 0, expected at least 1",
        ),
        (
            new().with_batch_size(1),
            "training: batch_size is 1, expected at least 2",
        ),
        (
            new().with_learning_rate(f64::NAN),
            "training: learning_rate is NaN, expected a finite number above 0",
        ),
        (
            new().with_learning_rate(0.0),
            "training: learning_rate is 0, expected a finite number above 0",
        ),
        (
            new().with_prototype_weight(-1.0),
            "training: prototype_weight is -1, expected a finite number, 0 or above",
        ),
        (
            new().with_initial_temperature(Some(f64::INFINITY)),
            "training: initial_temperature is inf, expected a number from 1e-30 to 1e30",
        ),
        (
            new().with_validation_share(1.0),
            "training: validation_share is 1, expected 0 or above and below 1",
        ),
        (
            new().with_epochs(3).with_warm_up_epochs(3),
            "training: warm_up_epochs is 3 of 3 epochs, expected fewer, so that the memory is \
             trained",
        ),
        (
            new().with_loss(MemAeLossConfig::paper().with_entropy_weight(-0.5)),
            "loss: entropy_weight is -0.5, expected a finite number, 0 or above",
        ),
        (
            new().with_item_update(update().with_decay(1.0)),
            "memory: decay of the item update is 1, expected a number above 0 and below 1",
        ),
        (
            new().with_item_update(update().with_revival_share(-0.1)),
            "memory: revival share is -0.1, expected 0 (off) or a number below 1",
        ),
    ];
    let images = digits(3, 4);
    for (config, expected) in cases {
        assert_eq!(config.validate().unwrap_err().to_string(), expected);
        let error = fit(config, &images).unwrap_err();
        assert!(matches!(error, TrainError::Config(_)), "{error:?}");
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn a_network_that_cannot_be_is_an_error() {
    let mut network = network();
    network.decoder.pop();
    let error = trainer(TrainConfig::new())
        .fit(&network, &digits(3, 4))
        .unwrap_err();
    assert_line(&error.to_string(), &["2 encoder and 1 decoder layers"]);
}

#[test]
fn images_of_another_shape_are_an_error() {
    let shape = crate::support::shape(1, 28, 27);
    let images = LabeledImages::new(shape, vec![0; 4 * shape.len()], vec![0; 4]).unwrap();
    let error = fit(TrainConfig::new(), &images).unwrap_err();
    assert_eq!(
        error.to_string(),
        "training images are 1x28x27, expected 1x28x28 as the network's input"
    );
}

#[test]
fn too_few_images_are_an_error() {
    for (count, share, left) in [(0, 0.0, 0), (1, 0.0, 1), (4, 0.75, 1)] {
        let config = TrainConfig::new().with_validation_share(share);
        let error = fit(config, &digits(3, count)).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("{left} training images are left, expected at least 2")
        );
    }
    // Two make a batch.
    fit(TrainConfig::new().with_epochs(1), &digits(3, 2)).unwrap();

    let config = TrainConfig::new()
        .with_epochs(1)
        .with_validation_share(0.0)
        .with_initial_items(InitialItems::Encodings);
    let error = fit(config, &digits(3, 19)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "memory: 19 encodings given for 20 items, expected at least as many"
    );
}

#[test]
fn a_stopped_training_says_so() {
    let _draws = any_draws();
    for warm_up in [0, 1] {
        let interrupter = Interrupter::new();
        interrupter.stop(Some("Ctrl-C"));
        let config = TrainConfig::new()
            .with_epochs(2)
            .with_warm_up_epochs(warm_up);
        let error = trainer(config)
            .with_interrupter(interrupter)
            .fit(&network(), &digits(3, 40))
            .unwrap_err();
        assert!(matches!(error, TrainError::Interrupted), "{error:?}");
        assert_eq!(error.to_string(), "training was interrupted");
    }
}

#[test]
fn a_diverged_training_gives_no_network() {
    let images = digits(3, 40);
    // The last run takes one step, after which no loss is computed.
    for (epochs, batch_size, learning_rate) in [(3, 16, 1e20), (2, 16, 1e38), (1, 64, 1e38)] {
        let config = TrainConfig::new()
            .with_epochs(epochs)
            .with_batch_size(batch_size)
            .with_validation_share(0.0)
            .with_learning_rate(learning_rate);
        match fit(config, &images) {
            Err(error @ TrainError::Diverged { .. }) => assert_line(
                &error.to_string(),
                &[
                    "training diverged in epoch ",
                    "expected a finite number",
                    "lower learning rate",
                ],
            ),
            Err(error) => panic!("{error:?}"),
            Ok(_) => panic!("{epochs} epochs at {learning_rate} ended with a network"),
        }
    }
}

fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => {
                    let relative = path.strip_prefix(folder).unwrap();
                    found.push(relative.to_str().unwrap().replace('\\', "/"));
                }
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_directory_gets_checkpoints_and_logs() {
    let _draws = any_draws();
    let folder = tempfile::tempdir().unwrap();
    let config = TrainConfig::new().with_epochs(4).with_warm_up_epochs(1);
    trainer(config)
        .with_directory(folder.path().join("new/run"))
        .fit(&network(), &digits(3, 40))
        .unwrap();
    let found = files(folder.path());
    let checkpoints: Vec<&str> = found
        .iter()
        .filter_map(|file| file.strip_prefix("new/run/"))
        .filter(|file| file.contains("checkpoint/model"))
        .collect();
    // The last two of each phase.
    assert_eq!(
        checkpoints,
        [
            "main/checkpoint/model-2.bpk",
            "main/checkpoint/model-3.bpk",
            "warm_up/checkpoint/model-1.bpk"
        ]
    );
    for log in [
        "warm_up/train/epoch-1/Loss.log",
        "warm_up/valid/epoch-1/Reconstruction.log",
        "main/train/epoch-3/Active_items.log",
        "main/valid/epoch-1/Entropy.log",
    ] {
        let path = folder.path().join("new/run").join(log);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.is_empty(), "{log}");
    }
}

#[test]
fn without_a_directory_nothing_is_written() {
    let _draws = any_draws();
    let here = || {
        let mut names: Vec<_> = std::fs::read_dir(".")
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    let before = here();
    let config = TrainConfig::new().with_epochs(2).with_warm_up_epochs(1);
    trainer(config).fit(&network(), &digits(3, 40)).unwrap();
    assert_eq!(here(), before);
}

#[test]
fn a_directory_that_cannot_be_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "in the way").unwrap();
    let error = trainer(TrainConfig::new())
        .with_directory(file.join("run"))
        .fit(&network(), &digits(3, 40))
        .unwrap_err();
    assert_line(
        &error.to_string(),
        &[file.to_str().unwrap(), "can't be used for checkpoints"],
    );
    assert_eq!(std::fs::read_to_string(file).unwrap(), "in the way");
}
