//! Trainings that don't end with a model, and the files that trainings write.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use burn::data::dataset::DatasetError;
use memae_core::QueryUnit;
use memae_core::items::ItemUpdateConfig;
use memae_core::loss::MemAeLossConfig;
use memae_data::sample::{LabeledImages, VectorShape};
use memae_models::network::{
    ImageAutoencoderConfig, Variant, VectorAutoencoderConfig, VectorLayerConfig,
};
use memae_models::samples::Samples;
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
            "training: epochs is 0, expected 1 to 100000",
        ),
        (
            new().with_batch_size(1),
            "training: batch_size is 1, expected 2 to 16777216",
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
        assert!(matches!(error, TrainError::Interrupted { .. }), "{error:?}");
        assert_eq!(error.to_string(), "training was interrupted");
    }
}

/// Stopped in the middle of it: nothing comes back, and no further epoch is trained.
#[test]
fn a_training_that_is_stopped_on_its_way_ends_there() {
    let _draws = any_draws();
    for (warm_up, stopped_after) in [(0, 2), (3, 1), (1, 3)] {
        let folder = tempfile::tempdir().unwrap();
        let interrupter = Interrupter::new();
        let config = TrainConfig::new()
            .with_epochs(8)
            .with_warm_up_epochs(warm_up);
        let (stop, (sender, epochs)) = (interrupter.clone(), std::sync::mpsc::channel());
        let error = trainer(config)
            .with_directory(folder.path())
            .with_interrupter(interrupter.clone())
            .fit_watched(&network(), &digits(3, 40), move |epoch, _| {
                sender.send(epoch).unwrap();
                if epoch == stopped_after {
                    stop.stop(Some("Ctrl-C"));
                }
            })
            .unwrap_err();
        assert!(matches!(error, TrainError::Interrupted { .. }), "{error:?}");
        let trained: Vec<usize> = epochs.iter().collect();
        assert_eq!(trained, (1..=stopped_after).collect::<Vec<_>>());
        // What stopped it stays set: it is for the caller to say that it is over.
        assert!(interrupter.should_stop());
        let logs = files(folder.path());
        assert!(
            logs.iter()
                .any(|file| file.ends_with("train/epoch-1/Loss.log")),
            "{logs:?}"
        );
        assert!(
            !logs.iter().any(|file| file.contains("epoch-5")),
            "{logs:?}"
        );
    }
}

#[test]
fn a_diverged_training_gives_no_network() {
    let images = digits(3, 40);
    // The first step leads to weights that the second has no loss with. The last run takes one step, after which no loss is computed.
    for (epochs, batch_size, learning_rate, step) in
        [(3, 16, 1e20, 2), (2, 16, 1e38, 2), (1, 64, 1e38, 1)]
    {
        let config = TrainConfig::new()
            .with_epochs(epochs)
            .with_batch_size(batch_size)
            .with_validation_share(0.0)
            .with_learning_rate(learning_rate);
        match fit(config, &images) {
            Err(error @ TrainError::Diverged { .. }) => assert_line(
                &error.to_string(),
                &[
                    &format!("training diverged in epoch 1, step {step}: the loss of a batch of "),
                    " samples (",
                    "expected a finite number",
                    "lower learning rate",
                ],
            ),
            Err(error) => panic!("{error:?}"),
            Ok(_) => panic!("{epochs} epochs at {learning_rate} ended with a network"),
        }
    }
}

#[test]
fn a_trainer_that_failed_trains_again() {
    /// Rows that are as far from numbers as can be, until they are asked for once more.
    #[derive(Clone)]
    struct Far(Arc<AtomicBool>);

    impl Samples for Far {
        type Shape = VectorShape;

        fn shape(&self) -> VectorShape {
            VectorShape { width: 2 }
        }

        fn len(&self) -> usize {
            40
        }

        fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
            let far = self.0.load(Ordering::Relaxed) && index == 30;
            Ok(vec![if far { f32::MAX } else { index as f32 / 40.0 }, 0.5])
        }
    }

    let is_far = Arc::new(AtomicBool::new(true));
    let samples = Far(is_far.clone());
    let layer = |width| vec![VectorLayerConfig::new(width)];
    let network = VectorAutoencoderConfig::new(samples.shape(), layer(2), layer(2));
    let config = TrainConfig::new()
        .with_epochs(3)
        .with_batch_size(4)
        .with_validation_share(0.0);
    let folder = tempfile::tempdir().unwrap();
    let trainer = trainer(config).with_directory(folder.path());
    let fit = || {
        let _draws = any_draws();
        trainer.fit(&network, &samples)
    };
    match fit() {
        Err(TrainError::Diverged {
            epoch: 1,
            samples,
            loss,
            checkpoint: None,
            ..
        }) => {
            assert!(!loss.is_finite());
            // The batch with the row that is too far.
            assert!(samples.len() == 4 && samples.contains(&30), "{samples:?}");
        }
        other => panic!("{other:?}"),
    }
    let is_checkpoint = |path: &String| path.contains("checkpoint/");
    assert!(!files(folder.path()).iter().any(is_checkpoint));
    is_far.store(false, Ordering::Relaxed);
    assert_eq!(fit().unwrap().history.epochs.len(), 3);
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
    let _draws = any_draws();
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

/// A training whose settings ask for more than anybody waits for is refused before it begins.
#[test]
fn endless_settings_are_errors_that_say_the_most() {
    let _draws = any_draws();
    let endless = 1_000_000_000_000_000_000;
    let fit = |config: TrainConfig| {
        let error = trainer(config).fit(&network(), &digits(3, 40));
        error.unwrap_err().to_string()
    };
    assert_eq!(
        fit(TrainConfig::new().with_epochs(endless)),
        "training: epochs is 1000000000000000000, expected 1 to 100000"
    );
    assert_eq!(
        fit(TrainConfig::new().with_batch_size(endless)),
        "training: batch_size is 1000000000000000000, expected 2 to 16777216"
    );
    // More samples than there are is all of them, in one batch.
    let config = TrainConfig::new()
        .with_epochs(1)
        .with_batch_size(TrainConfig::MAX_BATCH_SIZE)
        .with_samples_per_epoch(Some(endless));
    let trained = trainer(config).fit(&network(), &digits(3, 40)).unwrap();
    assert_eq!(trained.history.epochs.len(), 1);
}

/// What is in the way of a file of the training, whose name must be in the error.
#[test]
fn what_is_in_the_way_of_logs_and_checkpoints_is_named_and_kept() {
    let _draws = any_draws();
    let config = TrainConfig::new().with_epochs(3).with_warm_up_epochs(1);
    for (is_folder, blocked) in [
        (false, "main"),
        (false, "warm_up/train"),
        (false, "main/checkpoint"),
        (false, "main/train/epoch-1"),
        (false, "main/valid/epoch-2"),
        (true, "main/train/epoch-2/Loss.log"),
        (true, "main/checkpoint/model-1.bpk"),
        (true, "main/checkpoint/scheduler-2.bpk"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(blocked);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        match is_folder {
            true => std::fs::create_dir(&path).unwrap(),
            false => std::fs::write(&path, "in the way").unwrap(),
        }
        let before = files(folder.path());
        let error = trainer(config.clone())
            .with_directory(folder.path())
            .fit(&network(), &digits(3, 40))
            .unwrap_err();
        assert_line(
            &error.to_string(),
            &[path.to_str().unwrap(), "can't be used for checkpoints"],
        );
        assert_eq!(
            files(folder.path()),
            before,
            "nothing was written: {blocked}"
        );
    }
}

/// What comes into the way while the network is trained.
#[test]
fn what_fails_in_the_middle_of_a_training_is_named_and_stops_it() {
    let _draws = any_draws();
    for (is_folder, blocked) in [
        (false, "main/train/epoch-2"),
        (true, "main/train/epoch-3/Loss.log"),
        (true, "main/checkpoint/model-2.bpk"),
        (true, "main/checkpoint/optim-3.bpk"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(blocked);
        let interrupter = Interrupter::new();
        let trainer =
            trainer(TrainConfig::new().with_epochs(6)).with_interrupter(interrupter.clone());
        let (in_the_way, (sender, epochs)) = (path.clone(), std::sync::mpsc::channel());
        let error = trainer
            .clone()
            .with_directory(folder.path())
            .fit_watched(&network(), &digits(3, 40), move |epoch, _| {
                if epoch == 1 {
                    std::fs::create_dir_all(in_the_way.parent().unwrap()).unwrap();
                    match is_folder {
                        true => std::fs::create_dir(&in_the_way).unwrap(),
                        false => std::fs::write(&in_the_way, "in the way").unwrap(),
                    }
                }
                sender.send(epoch).unwrap();
            })
            .unwrap_err();
        let shown = error.to_string();
        assert_line(
            &shown,
            &[path.to_str().unwrap(), "can't be used for checkpoints"],
        );
        assert!(epochs.iter().count() < 6, "{blocked}: it went on");
        // No part of a checkpoint is left under another name, and the next training is not stopped.
        let left = files(folder.path());
        assert!(left.iter().all(|file| !file.contains("tmp")), "{left:?}");
        assert!(!interrupter.should_stop());
        trainer.fit(&network(), &digits(3, 40)).unwrap();
    }
}

/// A file that may not grow further stands for a disk that is full: children of this test, so that the limit is theirs.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    const FOLDER: &str = "MEMAE_TEST_FULL_DISK";
    if let Ok(folder) = std::env::var(FOLDER) {
        let error = trainer(TrainConfig::new().with_epochs(2))
            .with_directory(&folder)
            .fit(&network(), &digits(3, 40))
            .unwrap_err();
        println!("said: {error}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let this = std::env::current_exe().unwrap();
    // In blocks of 1024 bytes: logs of two epochs fit, a checkpoint does not. Without the signal the write fails.
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\"";
    let output = std::process::Command::new("bash")
        .args(["-c", script])
        .arg(this)
        .args(["--exact", "errors::a_full_disk_is_an_error", "--nocapture"])
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let (said, complaints) = (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    );
    let line = said.lines().find(|line| line.contains("said: "));
    let line = line.unwrap_or_else(|| panic!("{said}{complaints}"));
    assert!(line.contains("main/checkpoint/"), "{line}");
    assert!(line.contains("can't be used for checkpoints"), "{line}");
    assert!(
        output.status.success() && !complaints.contains("panicked"),
        "{complaints}"
    );
    let left = files(folder.path());
    assert!(
        !left
            .iter()
            .any(|file| file.contains("model-1") || file.contains("tmp")),
        "{left:?}"
    );
}
