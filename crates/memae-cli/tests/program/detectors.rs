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
        "command        ",
    ] {
        assert!(printed.contains(part), "{part}: {printed}");
    }
    let json = run(digits.path(), &["inspect", "nines.safetensors", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["version"], 2);
    let (folder, detector) = own_detector();
    let detector = detector.to_str().expect("UTF-8");
    run(
        folder.path(),
        &["inspect", detector, "--memory", "items.png"],
    );
    let picture = image::open(folder.path().join("items.png")).expect("a picture");
    assert!(picture.width() > 200);
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
            .all(|line| line.starts_with("detector.threshold.")),
        "{compared}"
    );
    assert!(
        compared.contains("samples scored by both: 20"),
        "{compared}"
    );
    assert!(
        compared.contains("rank correlation of the scores: 1.0000"),
        "{compared}"
    );

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
