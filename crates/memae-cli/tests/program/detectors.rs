//! What is done with detectors' files.

use super::*;

#[test]
fn a_detector_says_what_is_in_it() {
    let digits = digits();
    let printed = run(digits.path(), &["inspect", "nines.safetensors"]);
    for part in [
        "kind           image",
        "takes 1x28x28",
        "28 items of 1024 values",
        "120 pictures from parts",
        "84 train",
        "memory use     ",
        "items a query, ",
        "measured       share of select above the threshold ",
        "command        ",
    ] {
        assert!(printed.contains(part), "{part}: {printed}");
    }
    let json = run(digits.path(), &["inspect", "nines.safetensors", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["version"], 2);
    let shares = json["provenance"]["memory"]["read_shares"].as_array();
    let shares: Vec<f64> = shares
        .expect("as many as items")
        .iter()
        .filter_map(serde_json::Value::as_f64)
        .collect();
    assert_eq!(shares.len(), 28);
    assert!(
        (shares.iter().sum::<f64>() - 1.0).abs() < 1e-9,
        "{shares:?}"
    );
    assert!(
        shares.iter().any(|share| (share - 1.0 / 28.0).abs() > 1e-3),
        "{shares:?}"
    );
    let (folder, detector) = own_detector();
    let detector = detector.to_str().expect("UTF-8");
    run(
        folder.path(),
        &["inspect", detector, "--memory", "items.png"],
    );
    let picture = image::open(folder.path().join("items.png")).expect("a picture");
    assert!(picture.width() > 200);

    // Another usage is another picture; a file without draws them without shares.
    let device = burn::tensor::Device::flex();
    let loaded = memae::detect::AnyDetector::load(detector, &device).expect("whole");
    let mut provenance = loaded.provenance().clone();
    let read = provenance.memory.take();
    assert!(read.is_some_and(|read| read.queries == 84));
    loaded
        .with_provenance(provenance)
        .save(detector)
        .expect("writable");
    let printed = run(
        folder.path(),
        &["inspect", detector, "--memory", "unknown.png"],
    );
    assert!(!printed.contains("memory use"), "{printed}");
    let unknown = image::open(folder.path().join("unknown.png")).expect("a picture");
    assert_ne!(unknown, picture);
}

#[test]
fn recalibration_changes_the_threshold_alone() {
    let (folder, detector) = own_detector();
    let detector = detector.to_str().expect("UTF-8");
    let good = digits().path().join("parts/test/good");
    let good = good.to_str().expect("UTF-8");
    let printed = run(
        folder.path(),
        &[
            "recalibrate",
            detector,
            good,
            "--rate",
            "0.1",
            "--out",
            "new.safetensors",
        ],
    );
    assert!(printed.contains("new normal samples: 20"), "{printed}");
    assert!(printed.contains("drift: "), "{printed}");
    assert!(
        printed.contains("flags at most 10.00 % of normal samples, by 20 held out"),
        "{printed}"
    );
    let compared = run(
        folder.path(),
        &["compare", detector, "new.safetensors", good],
    );
    let settings: Vec<&str> = compared
        .lines()
        .filter(|line| line.contains(" -> ") && !line.starts_with("  "))
        .collect();
    assert!(
        settings
            .iter()
            .all(|line| line.starts_with("detector.threshold.")
                || line.starts_with("detector.pixel_threshold.threshold.")
                || line.starts_with("provenance.")),
        "{compared}"
    );
    for changed in [
        "detector.threshold.value: ",
        "detector.pixel_threshold.threshold.value: ",
        "provenance.samples.calibrate: 24 -> 20",
        "provenance.command: ",
    ] {
        assert!(compared.contains(changed), "{changed}: {compared}");
    }
    assert!(
        compared.contains("samples scored by both: 20"),
        "{compared}"
    );
    assert!(
        compared.contains("rank correlation of the scores: 1.0000"),
        "{compared}"
    );

    // What was asked for at the training is asked for still.
    let printed = run(
        folder.path(),
        &["recalibrate", detector, good, "--out", "same.safetensors"],
    );
    assert!(
        printed.contains("flags at most 5.00 % of normal samples, by 20 held out"),
        "{printed}"
    );
    let conflict = memae(
        folder.path(),
        &["recalibrate", detector, "--threshold", "3", "--rate", "0.1"],
    );
    assert_eq!(conflict.status.code(), Some(1), "{}", out(&conflict));

    // With anomalous samples at hand it may be the one that tells them best.
    let bad = digits().path().join("parts/test/other");
    let bad = bad.to_str().expect("UTF-8");
    let best = [
        "recalibrate",
        detector,
        good,
        "--anomalous",
        bad,
        "--out",
        "best.safetensors",
    ];
    let printed = run(folder.path(), &best);
    assert!(
        printed.contains("the best F1 of 100 labelled samples"),
        "{printed}"
    );
    let eval = [
        "eval",
        "best.safetensors",
        "--normal",
        good,
        "--anomalous",
        bad,
        "--json",
    ];
    let figures: serde_json::Value =
        serde_json::from_str(&run(folder.path(), &eval)).expect("JSON");
    assert_eq!(figures["f1"], figures["best_f1"]);

    run(
        folder.path(),
        &["recalibrate", detector, "--threshold", "-3.5"],
    );
    let printed = run(folder.path(), &["inspect", detector]);
    assert!(printed.contains("-3.5: given by hand"), "{printed}");
    let same = run(folder.path(), &["compare", detector, detector]);
    assert_eq!(same, "the settings are the same\n");
}

/// A picture of another digit among the normal ones is the first suspect.
#[test]
fn what_does_not_belong_is_suspected() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let digits = DigitsConfig::default()
        .with_train_per_class(80)
        .with_test_per_class(1)
        .generate();
    let normal = folder.path().join("normal");
    save(&normal, &digits.train, &digits.train.indices_of(1));
    save(
        &folder.path().join("zero"),
        &digits.train,
        &digits.train.indices_of(0)[..1],
    );
    fs::copy(
        folder.path().join("zero/0.png"),
        normal.join("not_a_one.png"),
    )
    .expect("writable");
    run(
        folder.path(),
        &[
            "train",
            "normal",
            "--out",
            "ones.safetensors",
            "--quiet",
            "--epochs",
            "10",
        ],
    );
    let printed = run(folder.path(), &["suspects", "ones.safetensors", "-n", "3"]);
    assert_eq!(printed.lines().count(), 4);
    let first = printed.lines().nth(1).expect("a suspect");
    assert!(first.ends_with("normal/not_a_one.png"), "{printed}");
}

#[test]
fn completions_and_manual_are_made() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let printed = run(folder.path(), &["completions", "bash"]);
    assert!(printed.contains("recalibrate"), "{printed}");
    run(folder.path(), &["completions", "--man", "man"]);
    let page = fs::read_to_string(folder.path().join("man/memae-train.1")).expect("a page");
    assert!(page.contains("NORMAL"), "{page}");
}

#[test]
fn no_more_suspects_are_promised_than_there_are() {
    let output = memae(
        digits().path(),
        &["suspects", "nines.safetensors", "-n", "100"],
    );
    assert_eq!(out(&output).lines().count(), 51);
    assert!(
        err(&output).contains("no more than these 50"),
        "{}",
        err(&output)
    );
}

/// Names that are no text are told apart by their bytes, and what is left out is counted once.
#[cfg(target_os = "linux")]
#[test]
fn files_are_compared_by_their_names_as_they_are() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let (folder, detector) = own_detector();
    let detector = detector.to_str().expect("UTF-8");
    let new = folder.path().join("new");
    fs::create_dir(&new).expect("writable");
    let parts = digits().path().join("parts/test");
    let names = [&b"a\xe9.png"[..], b"a\xe8.png"].map(OsStr::from_bytes);
    fs::copy(parts.join("good/0.png"), new.join(names[0])).expect("writable");
    fs::copy(parts.join("other/0.png"), new.join(names[1])).expect("writable");
    fs::write(new.join("b.png"), "no picture").expect("writable");
    let output = memae(folder.path(), &["compare", detector, detector, "new"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        out(&output).contains("samples scored by both: 2"),
        "{}",
        out(&output)
    );
    assert!(err(&output).contains("left out: 1"), "{}", err(&output));

    // The output leads back to the files.
    let json = out(&memae(folder.path(), &["score", detector, "new", "--json"]));
    let mut found: Vec<Vec<u8>> = Vec::new();
    for line in json.lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let bytes = line["path_bytes"].as_array();
        found.extend(bytes.map(|bytes| {
            let bytes = bytes.iter().filter_map(serde_json::Value::as_u64);
            bytes.map(|byte| byte as u8).collect()
        }));
    }
    found.sort();
    assert_eq!(found, [&b"new/a\xe8.png"[..], b"new/a\xe9.png"]);
    let csv = memae(folder.path(), &["score", detector, "new", "--csv"]).stdout;
    assert!(csv.windows(10).any(|window| window == b"new/a\xe9.png"));
}
