//! Trainings that go on where they were left.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use memae_core::QueryUnit;
use memae_core::items::{ItemUpdateConfig, ItemUpdateRule};
use memae_data::sample::LabeledImages;
use memae_models::network::{ImageAutoencoderConfig, Variant};
use memae_models::train::{
    BestEpochConfig, InitialItems, Interrupter, ProgressDisplay, TrainConfig, TrainError, Trained,
    Trainer,
};

use crate::support::{assert_line, device, digits, seeded_draws, small_network, weight_bits};

fn network(variant: Variant) -> ImageAutoencoderConfig {
    small_network(variant, 20, QueryUnit::Encoding)
}

fn images() -> LabeledImages {
    digits(3, 60)
}

fn trainer(config: &TrainConfig) -> Trainer {
    Trainer::new(config.clone(), device()).with_display(ProgressDisplay::Silent)
}

/// A training with everything that has a state of its own.
fn all_at_once() -> TrainConfig {
    TrainConfig::new()
        .with_epochs(7)
        .with_warm_up_epochs(2)
        .with_batch_size(16)
        .with_samples_per_epoch(Some(40))
        .with_validation_share(0.2)
        .with_initial_items(InitialItems::Encodings)
        .with_initial_temperature(Some(0.5))
        .with_item_update(
            ItemUpdateConfig::new()
                .with_rule(ItemUpdateRule::MovingAverage)
                .with_revival_share(0.5),
        )
        .with_prototype_weight(0.01)
        .with_seed(3)
}

/// One that ends early, at a rate by which the best epoch is none of the last.
fn ended_early() -> TrainConfig {
    TrainConfig::new()
        .with_epochs(40)
        .with_batch_size(8)
        .with_learning_rate(3e-2)
        .with_validation_share(0.3)
        .with_best_epoch(Some(BestEpochConfig::new().with_patience(Some(3))))
}

fn plain() -> TrainConfig {
    TrainConfig::new().with_epochs(4).with_batch_size(16)
}

fn cases() -> [(&'static str, Variant, TrainConfig); 4] {
    [
        ("plain", Variant::Ae, plain()),
        ("memory", Variant::MemAe, plain().with_validation_share(0.0)),
        ("all at once", Variant::MemAe, all_at_once()),
        ("ended early", Variant::MemAe, ended_early()),
    ]
}

fn fit(variant: Variant, trainer: &Trainer) -> Result<Trained, TrainError> {
    let _draws = seeded_draws();
    trainer.fit(&network(variant), &images())
}

/// A run in a folder that is stopped in an epoch, after its last step.
fn stopped_in(epoch: usize, variant: Variant, config: &TrainConfig, folder: &Path) {
    let interrupter = Interrupter::new();
    let stop = interrupter.clone();
    let trainer = trainer(config).resume(folder).with_interrupter(interrupter);
    let _draws = seeded_draws();
    let stopped = trainer.fit_watched(&network(variant), &images(), move |now, _| {
        if now == epoch {
            stop.stop(None);
        }
    });
    assert!(
        matches!(stopped, Err(TrainError::Interrupted { .. })),
        "{epoch}"
    );
}

#[test]
fn a_run_that_is_stopped_says_what_it_left() {
    let folder = tempfile::tempdir().unwrap();
    let config = all_at_once();
    for (epoch, left) in [(1, None), (2, Some(1)), (4, Some(3))] {
        let interrupter = Interrupter::new();
        let stop = interrupter.clone();
        let trainer = trainer(&config)
            .resume(folder.path())
            .with_interrupter(interrupter);
        let _draws = seeded_draws();
        let error = trainer
            .fit_watched(&network(Variant::MemAe), &images(), move |now, _| {
                if now == epoch {
                    stop.stop(None);
                }
            })
            .unwrap_err();
        let expected = match left {
            Some(epoch) => {
                format!(
                    "training was interrupted; {} holds epoch {epoch}",
                    folder.path().display()
                )
            }
            None => "training was interrupted".to_string(),
        };
        assert_eq!(error.to_string(), expected);
    }
    // A table for people lies beside it.
    let table = fs::read_to_string(folder.path().join("history.csv")).unwrap();
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 4, "{table}");
    assert!(
        lines[0].starts_with("epoch,phase,Active items (train),"),
        "{table}"
    );
    assert!(lines[2].starts_with("2,warm-up,,"), "{table}");
    assert!(
        lines[3].starts_with("3,main,") && !lines[3].contains(",,"),
        "{table}"
    );
}

fn assert_same(found: &Trained, expected: &Trained, name: &str) {
    assert_eq!(found.history, expected.history, "{name}");
    assert_eq!(found.epoch, expected.epoch, "{name}");
    assert_eq!(found.parts, expected.parts, "{name}");
    assert!(
        weight_bits(&found.model) == weight_bits(&expected.model),
        "{name}: other weights"
    );
    let tracked = |trained: &Trained| trained.model.encoder[0].batches_tracked;
    assert_eq!(tracked(found), tracked(expected), "{name}");
    let temperature = |trained: &Trained| {
        let memory = trained.model.memory.as_ref();
        memory.map(|memory| memory.addressing.temperature)
    };
    assert_eq!(temperature(found), temperature(expected), "{name}");
}

/// All files below a folder with what is in them.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(contents(&path)),
            false => found.push((path.clone(), fs::read(&path).unwrap())),
        }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    for (path, bytes) in contents(from) {
        let path = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

#[test]
fn a_run_stopped_in_any_epoch_ends_like_one_that_never_was() {
    for (name, variant, config) in cases() {
        let whole = fit(variant, &trainer(&config)).unwrap();
        let epochs = whole.history.epochs.len();
        if name == "ended early" {
            assert!(
                (4..40).contains(&epochs) && whole.epoch < epochs,
                "{epochs}"
            );
        }
        // Of many, those around the best, after which it still has to be known.
        let few = [1, whole.epoch, whole.epoch + 1, epochs];
        for stopped in (1..=epochs).filter(|epoch| epochs < 8 || few.contains(epoch)) {
            let folder = tempfile::tempdir().unwrap();
            stopped_in(stopped, variant, &config, folder.path());
            let resumed = fit(variant, &trainer(&config).resume(folder.path())).unwrap();
            assert_same(&resumed, &whole, &format!("{name}, stopped in {stopped}"));
        }
    }
}

#[test]
fn a_run_stopped_in_every_epoch_ends_like_one_that_never_was() {
    for (name, variant, config) in cases() {
        let whole = fit(variant, &trainer(&config)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        // Each goes on for one whole epoch, and is stopped in the next.
        for epoch in 2..=whole.history.epochs.len() {
            stopped_in(epoch, variant, &config, folder.path());
        }
        let resumed = fit(variant, &trainer(&config).resume(folder.path())).unwrap();
        assert_same(&resumed, &whole, name);
        assert!(resumed.seconds > 0.0);
    }
}

#[test]
fn a_run_that_is_done_is_given_back_and_left_as_it_is() {
    for (name, variant, config) in cases() {
        let folder = tempfile::tempdir().unwrap();
        let whole = fit(variant, &trainer(&config).with_directory(folder.path())).unwrap();
        let left = contents(folder.path());
        let again = fit(variant, &trainer(&config).resume(folder.path())).unwrap();
        assert_same(&again, &whole, name);
        assert!(contents(folder.path()) == left, "{name}: files changed");
        // And a folder makes no difference to what comes out.
        let without = fit(variant, &trainer(&config)).unwrap();
        assert_same(&without, &whole, name);
    }
}

/// Whatever of an epoch's files is there, whole or cut, the account names those of the epoch before until it is renamed itself.
#[test]
fn a_run_killed_between_any_two_writes_ends_like_one_that_never_was() {
    let (_, variant, config) = cases().into_iter().nth(2).unwrap();
    let whole = fit(variant, &trainer(&config)).unwrap();
    // In the middle of the warm-up, in the first epoch after it, and later.
    for (phase, epoch, in_all) in [("warm_up", 2, 2), ("main", 1, 3), ("main", 3, 5)] {
        let (before, after) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        stopped_in(in_all, variant, &config, before.path());
        stopped_in(in_all + 1, variant, &config, after.path());
        let names = ["model", "optim", "scheduler"].map(|record| {
            Path::new(phase)
                .join("checkpoint")
                .join(format!("{record}-{epoch}.bpk"))
        });
        for written in 0..8 {
            let folder = tempfile::tempdir().unwrap();
            copy(before.path(), folder.path());
            fs::create_dir_all(folder.path().join(&names[0]).parent().unwrap()).unwrap();
            for (place, name) in names.iter().enumerate() {
                let bytes = fs::read(after.path().join(name)).unwrap();
                match written >> place & 1 {
                    1 => fs::write(folder.path().join(name), bytes).unwrap(),
                    _ => {
                        let unfinished = format!(".tmpAb3x{place}0");
                        let unfinished = folder.path().join(name).with_file_name(unfinished);
                        fs::write(unfinished, &bytes[..bytes.len() / 2]).unwrap();
                    }
                }
            }
            fs::write(folder.path().join(".tmpAb3xY0"), "{\"ident").unwrap();
            let resumed = fit(variant, &trainer(&config).resume(folder.path())).unwrap();
            let name = format!("{phase}, epoch {epoch}, written {written:03b}");
            assert_same(&resumed, &whole, &name);
        }
    }
}

/// Children of this test are killed, at moments that fall where they may.
#[cfg(unix)]
#[test]
fn a_killed_process_leaves_what_the_next_goes_on_from() {
    const FOLDER: &str = "MEMAE_TEST_RESUMED";
    let config = all_at_once();
    if let Ok(folder) = std::env::var(FOLDER) {
        fit(Variant::MemAe, &trainer(&config).resume(folder)).unwrap();
        return;
    }
    let whole = fit(Variant::MemAe, &trainer(&config)).unwrap();
    for milliseconds in [20, 35, 50, 70, 90] {
        let folder = tempfile::tempdir().unwrap();
        for lives in 1.. {
            let test = "resume::a_killed_process_leaves_what_the_next_goes_on_from";
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", test])
                .env(FOLDER, folder.path())
                .stdout(Stdio::null())
                .spawn()
                .unwrap();
            // Each is given a little longer, so that the last gets to the end on any machine.
            std::thread::sleep(Duration::from_millis(milliseconds * lives));
            let ended = child.try_wait().unwrap();
            child.kill().unwrap();
            let status = child.wait().unwrap();
            if ended.is_some() {
                assert!(status.success(), "{status}");
                break;
            }
        }
        let resumed = fit(Variant::MemAe, &trainer(&config).resume(folder.path())).unwrap();
        assert_same(&resumed, &whole, &format!("killed after {milliseconds} ms"));
    }
}

fn refused(trainer: &Trainer, network: &ImageAutoencoderConfig, images: &LabeledImages) -> String {
    let _draws = seeded_draws();
    let error = trainer.fit(network, images).unwrap_err();
    assert_line(&error.to_string(), &[]);
    error.to_string()
}

#[test]
fn another_run_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let config = plain();
    stopped_in(3, Variant::MemAe, &config, folder.path());
    let left = contents(folder.path());
    let own = network(Variant::MemAe);
    let account = folder.path().join("run.json");

    let message = refused(
        &trainer(&config).with_directory(folder.path()),
        &own,
        &images(),
    );
    assert_eq!(
        message,
        format!(
            "{}: found a training, expected a folder without one; resume it, or choose another folder",
            folder.path().display()
        )
    );
    let resumed = |config: &TrainConfig| trainer(config).resume(folder.path());
    let expected = |what: &str| {
        format!(
            "{}: found a training with {what} to go on with it",
            account.display()
        )
    };
    assert_eq!(
        refused(
            &resumed(&config.clone().with_batch_size(8)),
            &own,
            &images()
        ),
        expected("training.batch_size 16, expected 8")
    );
    assert_eq!(
        refused(&resumed(&config.clone().with_seed(1)), &own, &images()),
        expected("training.seed 0, expected 1")
    );
    assert_eq!(
        refused(
            &resumed(&config),
            &small_network(Variant::MemAe, 30, QueryUnit::Encoding),
            &images()
        ),
        expected("network.memory.num_items 20, expected 30")
    );
    // Fewer samples are named by their number, others by a checksum.
    for (others, what) in [
        (digits(3, 50), "samples.train 57, expected 4"),
        (digits(4, 60), "samples.values_crc32 "),
    ] {
        let message = refused(&resumed(&config), &own, &others);
        let start = format!("{}: found a training with {what}", account.display());
        assert!(message.starts_with(&start), "{message}");
    }
    assert!(contents(folder.path()) == left, "files changed");
}

#[test]
fn damaged_checkpoints_are_errors_and_left_as_they_are() {
    let config = plain();
    let whole = tempfile::tempdir().unwrap();
    stopped_in(3, Variant::MemAe, &config, whole.path());
    let own = network(Variant::MemAe);
    let part = Path::new("main/checkpoint");
    type Damage = fn(Vec<u8>) -> Vec<u8>;
    let cut: Damage = |bytes| bytes[..bytes.len() / 2].to_vec();
    let flipped: Damage = |mut bytes| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        bytes
    };
    let longer: Damage = |bytes| [&bytes[..], b"more"].concat();
    let other_version: Damage = |bytes| {
        let text = String::from_utf8(bytes).unwrap();
        let version = concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\"");
        assert!(text.contains(version), "{text}");
        text.replace(version, "\"version\": \"0.0.7\"").into_bytes()
    };
    for (name, damage, expected) in [
        (part.join("model-2.bpk"), cut, "bytes, expected "),
        (part.join("model-2.bpk"), flipped, "found the checksum "),
        (part.join("optim-2.bpk"), flipped, "found the checksum "),
        (part.join("scheduler-2.bpk"), longer, "expected at most "),
        (PathBuf::from("run.json"), cut, "no account of a training: "),
        (
            PathBuf::from("run.json"),
            other_version,
            "found a training with version \"0.0.7\", expected \"",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        copy(whole.path(), folder.path());
        let path = folder.path().join(&name);
        fs::write(&path, damage(fs::read(&path).unwrap())).unwrap();
        let left = contents(folder.path());
        let message = refused(&trainer(&config).resume(folder.path()), &own, &images());
        assert!(
            message.starts_with(path.to_str().unwrap()) && message.contains(expected),
            "{message}"
        );
        assert!(
            contents(folder.path()) == left,
            "{}: changed",
            name.display()
        );
    }
    let folder = tempfile::tempdir().unwrap();
    copy(whole.path(), folder.path());
    fs::remove_file(folder.path().join(part).join("optim-2.bpk")).unwrap();
    let message = refused(&trainer(&config).resume(folder.path()), &own, &images());
    assert!(message.contains("optim-2.bpk: cannot be read"), "{message}");
}
