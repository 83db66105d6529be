//! Few normal samples, of which all choose the threshold: in folds.

use std::fmt::Write;

use burn::tensor::Device;
use memae::data::protocol::FoldsConfig;
use memae::detect::{AnyDetector, DetectionThreshold, ThresholdOrigin};

use super::videos::frames;
use super::*;

/// Drawn nines in a folder.
fn nines(count: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    let digits = DigitsConfig::default()
        .with_train_per_class(count)
        .with_test_per_class(1)
        .generate();
    let nines = digits.train.indices_of(9);
    save(&folder.path().join("nines"), &digits.train, &nines);
    folder
}

/// Folds, scores and groups that a threshold comes from.
fn counts(threshold: &DetectionThreshold) -> (usize, usize, usize) {
    let ThresholdOrigin::Folds {
        folds, calibration, ..
    } = threshold.origin()
    else {
        panic!("{threshold:?}");
    };
    (*folds, calibration.num_scores(), calibration.num_groups())
}

#[test]
fn all_pictures_but_those_that_are_watched_choose_the_threshold() {
    let folder = nines(30);
    let train = [
        "train", "nines", "--folds", "3", "--rate", "0.05", "--epochs", "4",
    ];
    let train = |out: &str| memae(folder.path(), &[&train[..], &["--out", out]].concat());
    let output = train("m.safetensors");
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let words = "flags about 5.00 % of normal samples, by 27 scored across 3 folds; no guarantee, since they were scored by 3 other \
                 networks";
    let printed = out(&output);
    assert!(printed.contains(words), "{printed}");
    assert!(printed.contains(" of 3 other normal samples"), "{printed}");
    for fold in 1..4 {
        let said = format!("fold {fold} of 3: 18 trained on, 9 scored");
        assert!(err(&output).contains(&said), "{}", err(&output));
    }

    let load = |name: &str| AnyDetector::load(folder.path().join(name), &Device::flex());
    let Ok(AnyDetector::Image(detector)) = load("m.safetensors") else {
        panic!("a detector of pictures");
    };
    let threshold = detector.detection_threshold();
    assert_eq!(counts(threshold), (3, 27, 27));
    let pixels = detector.pixel_threshold().expect("of pictures");
    assert_eq!(counts(pixels.threshold()), (3, 27, 27));
    let provenance = detector.provenance();
    let samples = ["train", "select", "calibrate by folds"].map(|part| provenance.samples[part]);
    assert_eq!(samples, [27, 3, 27]);
    assert!(!provenance.samples.contains_key("calibrate"));
    let training = provenance.training.as_ref().expect("said");
    let folds: FoldsConfig = serde_json::from_value(training["folds"].clone()).expect("settings");
    assert_eq!(folds, FoldsConfig::default().with_folds(3));
    assert_eq!(training["epochs"], 4);

    // The same seed gives the same bits.
    assert_eq!(train("again.safetensors").status.code(), Some(0));
    let again = load("again.safetensors").expect("whole");
    assert_eq!(again.detection_threshold(), threshold);

    // Wherever it is spoken of.
    let inspected = run(folder.path(), &["inspect", "m.safetensors"]);
    assert!(inspected.contains(words), "{inspected}");
    assert!(inspected.contains("27 calibrate by folds"), "{inspected}");
    let parts = digits().path().join("parts");
    let parts = parts.to_str().expect("UTF-8");
    let eval = ["eval", "m.safetensors", parts, "--report", "r.html"];
    run(folder.path(), &eval);
    let page = fs::read_to_string(folder.path().join("r.html")).expect("a page");
    assert!(page.contains("3 other networks"), "{page}");
    assert!(!page.contains("The promise holds"), "{page}");
    let scored = run(
        folder.path(),
        &["score", "m.safetensors", "nines", "--json"],
    );
    assert_eq!(scored.lines().count(), 30);
    assert!(!scored.contains("\"p_value\":null"), "{scored}");

    let good = format!("{parts}/test/good");
    let recalibrate = [
        "recalibrate",
        "m.safetensors",
        &good,
        "--out",
        "n.safetensors",
    ];
    let printed = run(folder.path(), &recalibrate);
    assert!(printed.contains("scored by 3 other networks"), "{printed}");
    assert!(
        printed.contains("at most 5.00 % of normal samples, by 20 held out"),
        "{printed}"
    );
    let compared = run(
        folder.path(),
        &["compare", "m.safetensors", "n.safetensors"],
    );
    assert!(compared.contains("no guarantee"), "{compared}");
    assert!(
        compared.contains("calibrate by folds: 27 -> -"),
        "{compared}"
    );
}

/// The tiles of a picture are held out together, and so are the pictures of a folder.
#[test]
fn the_rate_of_folds_is_of_whole_pictures_and_groups() {
    let folder = tempfile::tempdir().expect("temporary folder");
    for number in 0..12u32 {
        let path = folder
            .path()
            .join(format!("good/{}/{number}.png", number / 2));
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        let value = |x: u32, y: u32| image::Luma([((x * 7 + y * 5 + number) % 64) as u8]);
        GrayImage::from_fn(24, 16, value)
            .save(path)
            .expect("writable");
    }
    let train = [
        "train",
        "good",
        "--out",
        "m.safetensors",
        "--folds",
        "2",
        "--tiles",
        "16",
        "--tile-overlap",
        "8",
        "--epochs",
        "2",
    ];
    let threshold = |more: &[&str]| {
        let printed = run(folder.path(), &[&train[..], more].concat());
        let detector = AnyDetector::load(folder.path().join("m.safetensors"), &Device::flex());
        (
            printed,
            detector.expect("whole").detection_threshold().clone(),
        )
    };
    let (printed, single) = threshold(&[]);
    assert_eq!(counts(&single), (2, 11, 11));
    // 1/12
    assert!(
        printed.contains("flags about 8.33 % of normal samples: 11 scored across 2 folds are too few for the 1.00 % asked for; no guarantee"),
        "{printed}"
    );
    let (printed, folders) = threshold(&["--groups", "folder"]);
    assert_eq!(counts(&folders), (2, 10, 5));
    assert!(
        printed.contains("empirical, no guarantee: 5 groups were scored across 2 folds by 2 other networks, 1.00 % needs 99"),
        "{printed}"
    );
    let recalibrated = run(folder.path(), &["recalibrate", "m.safetensors", "good"]);
    assert!(
        recalibrated.contains("empirical, no guarantee: 6 groups"),
        "{recalibrated}"
    );
}

/// What a row is scored by knows nothing of it, its encoder neither.
#[test]
fn the_encoder_of_a_fold_knows_what_its_network_is_trained_on() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let divided = FoldsConfig::default().with_folds(3).divide_single(40);
    let divided = divided.expect("enough");
    let far = divided.folds()[1][0];
    let mut text = "x,y,kind\n".to_string();
    for row in 0..40 {
        let x = if row == far { 1e6 } else { (row % 10) as f64 };
        writeln!(text, "{x},{},{}", row % 7, ["a", "b"][row % 2]).expect("in memory");
    }
    fs::write(folder.path().join("rows.csv"), text).expect("writable");
    let train = [
        "train",
        "rows.csv",
        "--out",
        "m.safetensors",
        "--folds",
        "3",
    ];
    let printed = run(folder.path(), &train);
    assert!(
        printed.contains("36 scored across 3 folds are too few"),
        "{printed}"
    );
    let detector = AnyDetector::load(folder.path().join("m.safetensors"), &Device::flex());
    let detector = detector.expect("whole");
    let threshold = detector.detection_threshold();
    assert_eq!(counts(threshold), (3, 36, 36));
    // Its logarithm is six times that of all others: where the encoder knew it, it would be 1 of 1.
    assert!(threshold.value() > 5.0, "{}", threshold.value());
    let rows = detector.detect_file(folder.path().join("rows.csv"), &Device::flex());
    let rows = rows.expect("scored");
    assert!(rows[far].verdict.score < 5.0, "{:?}", rows[far]);
}

#[test]
fn videos_are_whole_in_a_fold() {
    let folder = tempfile::tempdir().expect("temporary folder");
    for video in 0..5 {
        frames(&folder.path().join(format!("normal/{video}")), 20, 1);
    }
    let train = [
        "train",
        "normal",
        "--kind",
        "video",
        "--out",
        "m.safetensors",
        "--folds",
        "2",
        "--size",
        "32x32",
        "--items",
        "20",
        "--epochs",
        "1",
    ];
    let printed = run(folder.path(), &train);
    assert!(
        printed.contains("empirical, no guarantee: 4 groups were scored across 2 folds by 2 other networks, 1.00 % needs 99"),
        "{printed}"
    );
    let detector = AnyDetector::load(folder.path().join("m.safetensors"), &Device::flex());
    let detector = detector.expect("whole");
    assert_eq!(counts(detector.detection_threshold()), (2, 4 * 5, 4));
}

#[test]
fn folds_that_cannot_be_are_errors_of_one_line() {
    let folder = nines(8);
    let train = |folds: &str, more: &[&str]| {
        let train = [
            "train",
            "nines",
            "--out",
            "m.safetensors",
            "--folds",
            folds,
            "--epochs",
            "2",
        ];
        let output = memae(folder.path(), &[&train[..], more].concat());
        assert!(!folder.path().join("m.safetensors").exists());
        assert_eq!(output.status.code(), Some(1), "{}", out(&output));
        err(&output)
    };
    let one = train("1", &[]);
    assert_eq!(one, "error: --folds: found 1, expected at least 2\n");
    assert!(train("0", &[]).contains("--folds: found 0, expected at least 2"));
    let many = train("8", &[]);
    assert!(
        many.contains("error: --folds: found 8, expected 2 to 7 of 8 normal samples in 8 groups"),
        "{many}"
    );
    assert!(train("99999999999", &[]).contains("--folds: found 99999999999, expected 2 to 7"));
    let one_group = train("2", &["--groups", "folder"]);
    assert!(
        one_group.contains(
            "error: --folds: found 8 normal samples in 1 groups, expected at least 3 groups"
        ),
        "{one_group}"
    );
    let few = train("2", &[]);
    assert!(
        few.contains("error: --folds: found 2, which leaves 3 of 8 normal samples to train on, expected at least 4"),
        "{few}"
    );
    for message in [one, many, one_group, few] {
        let errors = message.lines().filter(|line| line.contains("error"));
        assert_eq!(errors.count(), 1, "{message}");
    }
    assert!(train("two", &[]).contains("'--folds <K>'"));
}

/// Ctrl-C in a fold ends the training, and nothing is written.
#[cfg(unix)]
#[test]
fn folds_stop_where_they_are_told_to() {
    let folder = nines(40);
    let mut training = Command::new(env!("CARGO_BIN_EXE_memae"))
        .args([
            "train",
            "nines",
            "--out",
            "m.safetensors",
            "--folds",
            "5",
            "--epochs",
            "20000",
        ])
        .current_dir(folder.path())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut said = std::io::BufReader::new(training.stderr.take().expect("piped"));
    let mut line = String::new();
    while !line.contains("fold 1 of 5") {
        line.clear();
        let read = std::io::BufRead::read_line(&mut said, &mut line);
        assert!(read.expect("readable") > 0, "it ended");
    }
    let id = training.id().to_string();
    let stopped = Command::new("kill").args(["-INT", &id]).status();
    assert!(stopped.expect("kill starts").success());
    let status = training.wait().expect("it ends");
    assert_eq!(status.code(), Some(130));
    assert!(!folder.path().join("m.safetensors").exists());
}
