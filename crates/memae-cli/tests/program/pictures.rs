//! Pictures, from training to verdicts.

use std::io::{BufRead, Read};

use burn::tensor::Device;
use memae::data::dataset::ImageFiles;
use memae::data::protocol::NormalPartsConfig;
use memae::data::sample::StoredRange;
use memae::detect::{AnyDetector, ThresholdOrigin};
use serde_json::Value;

use super::*;

fn json_lines(text: &str) -> Vec<Value> {
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}")))
        .collect()
}

#[test]
fn training_says_what_the_threshold_promises() {
    let digits = digits();
    assert!(
        digits.printed.starts_with("nines.safetensors: threshold "),
        "{}",
        digits.printed
    );
    // 24 of 120 are held out: 1/25 is the least that they can promise.
    assert!(
        digits
            .printed
            .contains("flags at most 5.00 % of normal samples, by 24 held out"),
        "{}",
        digits.printed
    );
    let path = digits.path().join("nines.safetensors");
    let detector = AnyDetector::load(path, &Device::flex()).expect("whole");
    let ThresholdOrigin::HeldOut { calibration, .. } = detector.detection_threshold().origin()
    else {
        panic!("{:?}", detector.detection_threshold());
    };
    assert_eq!(calibration.num_scores(), 24);
    let provenance = detector.provenance();
    let counts = ["train", "select", "calibrate"].map(|part| provenance.samples[part]);
    assert_eq!(counts, [84, 12, 24]);
    assert_eq!(provenance.suspects.len(), 50);
    assert!(
        provenance
            .command
            .as_ref()
            .is_some_and(|command| command.ends_with("--rate 0.05"))
    );
}

#[test]
fn scores_are_the_same_to_the_bit_in_every_process() {
    let digits = digits();
    let score = ["score", "nines.safetensors", "parts/test", "--json"];
    let first = run(digits.path(), &score);
    let lines = json_lines(&first);
    assert_eq!(lines.len(), 100);
    assert_eq!(first, run(digits.path(), &score));

    // In this process: all at once, and one by one, to the last bits.
    let device = Device::flex();
    let path = digits.path().join("nines.safetensors");
    let detector = AnyDetector::load(&path, &device).expect("whole");
    let AnyDetector::Image(images) = &detector else {
        panic!("{detector:?}");
    };
    let files: Vec<PathBuf> = lines
        .iter()
        .map(|line| digits.path().join(line["path"].as_str().expect("a path")))
        .collect();
    let preprocessing = images.preprocessing().expect("said");
    let read = ImageFiles::read(&files, preprocessing, 1 << 30, 2).expect("whole");
    let verdicts = images.detect(&read.images, &device).expect("scored");
    for ((line, verdict), file) in lines.iter().zip(verdicts).zip(&files) {
        assert_eq!(line["score"].as_f64(), Some(verdict.score), "{line}");
        assert_eq!(line["normalized"].as_f64(), Some(verdict.normalized));
        assert_eq!(line["p_value"].as_f64(), verdict.p_value);
        assert_eq!(line["anomalous"].as_bool(), Some(verdict.anomalous));
        let alone = detector.detect_file(file, &device).expect("a picture")[0].verdict;
        assert!(
            (alone.score - verdict.score).abs() < 1e-5 * verdict.score,
            "{line}"
        );
    }

    // Right after the training, which saw the same bits.
    let suspects = run(digits.path(), &["suspects", "nines.safetensors", "-n", "1"]);
    let worst = detector.provenance().suspects[0].clone();
    assert!(suspects.contains(&worst.name), "{suspects}");
    let scored = run(
        digits.path(),
        &["score", "nines.safetensors", "parts/train", "--json"],
    );
    let scored = json_lines(&scored);
    let again = scored
        .iter()
        .find(|line| line["path"] == worst.name.as_str());
    assert_eq!(again.expect("scored")["score"].as_f64(), Some(worst.score));
}

#[test]
fn verdicts_come_as_text_and_csv_too() {
    let digits = digits();
    let text = run(
        digits.path(),
        &["score", "nines.safetensors", "parts/test/other"],
    );
    assert_eq!(text.lines().count(), 81);
    let csv = run(
        digits.path(),
        &[
            "score",
            "nines.safetensors",
            "parts/test/other",
            "--csv",
            "--only-anomalies",
        ],
    );
    let anomalies = text
        .lines()
        .filter(|line| line.starts_with("ANOMALY"))
        .count();
    assert!(anomalies > 20, "{text}");
    assert_eq!(csv.lines().count(), 1 + anomalies);
    assert!(csv.starts_with("path,place,score,normalized,p_value,anomalous\nparts/test/other/"));
    assert!(csv.lines().skip(1).all(|line| line.ends_with(",true")));
}

#[test]
fn exit_codes_tell_scripts_what_was_found() {
    let digits = digits();
    let code = |arguments: &[&str]| memae(digits.path(), arguments).status.code();
    let score = ["score", "nines.safetensors", "parts/test/other"];
    assert_eq!(code(&score), Some(0));
    assert_eq!(
        code(&[&score[..], &["--fail-on-anomaly"]].concat()),
        Some(3)
    );
    // What is missing is left out, and anomalies win over that.
    assert_eq!(code(&[&score[..], &["nowhere.png"]].concat()), Some(2));
    let both = [&score[..], &["nowhere.png", "--fail-on-anomaly"]].concat();
    assert_eq!(code(&both), Some(3));
    assert_eq!(
        code(&["score", "nines.safetensors", "nowhere.png"]),
        Some(1)
    );
}

#[test]
fn evaluation_agrees_with_the_scores() {
    let digits = digits();
    let printed = run(
        digits.path(),
        &["eval", "nines.safetensors", "parts", "--json"],
    );
    let figures: Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!(
        (figures["normal"].as_u64(), figures["anomalous"].as_u64()),
        (Some(20), Some(80))
    );
    assert!(
        figures["auc"].as_f64().is_some_and(|auc| auc > 0.9),
        "{figures}"
    );
    let flags = |folder: &str| {
        let printed = run(
            digits.path(),
            &["score", "nines.safetensors", folder, "--json"],
        );
        let lines = json_lines(&printed).into_iter();
        lines.filter(|line| line["anomalous"] == true).count() as u64
    };
    assert_eq!(
        figures["false_positives"].as_u64(),
        Some(flags("parts/test/good"))
    );
    assert_eq!(
        figures["true_positives"].as_u64(),
        Some(flags("parts/test/other"))
    );
    let by_hand = [
        "eval",
        "nines.safetensors",
        "--normal",
        "parts/test/good",
        "--anomalous",
        "parts/test/other",
        "--json",
    ];
    assert_eq!(printed, run(digits.path(), &by_hand));
}

#[test]
fn a_folder_trains_alike_wherever_its_pictures_lie() {
    let digits = digits();
    let folder = tempfile::tempdir().expect("temporary folder");
    let train = |normal: &Path, out: &str| {
        let normal = normal.to_str().expect("UTF-8");
        run(
            folder.path(),
            &["train", normal, "--out", out, "--epochs", "2", "--quiet"],
        );
        let picture = digits.path().join("parts/test/other/0.png");
        let scored = run(
            folder.path(),
            &["score", out, picture.to_str().expect("UTF-8"), "--json"],
        );
        json_lines(&scored)[0]["score"].as_f64().expect("a number")
    };
    let good = digits.path().join("parts/train/good");
    assert_eq!(
        train(&good, "a.safetensors"),
        train(&digits.path().join("parts"), "b.safetensors")
    );
}

/// What is put into a folder is scored once, when it is whole.
#[test]
fn a_folder_is_watched() {
    let digits = digits();
    let folder = tempfile::tempdir().expect("temporary folder");
    let inbox = folder.path().join("inbox");
    fs::create_dir(&inbox).expect("writable");
    let good = digits.path().join("parts/test/good");
    fs::copy(good.join("0.png"), inbox.join("0.png")).expect("writable");
    let detector = digits.path().join("nines.safetensors");
    let watching = Command::new(env!("CARGO_BIN_EXE_memae"))
        .args(["watch", detector.to_str().expect("UTF-8"), "inbox"])
        .args(["--every", "0.05", "--until-idle", "1.5", "--json"])
        .current_dir(folder.path())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    std::thread::sleep(std::time::Duration::from_millis(400));
    fs::copy(good.join("1.png"), inbox.join("1.png")).expect("writable");
    fs::write(inbox.join("2.png"), "no picture").expect("writable");
    let output = watching.wait_with_output().expect("ends by itself");
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    let printed = out(&output);
    let lines = json_lines(&printed);
    assert_eq!(lines.len(), 3, "{printed}");
    for name in ["inbox/0.png", "inbox/1.png", "inbox/2.png"] {
        assert_eq!(
            lines.iter().filter(|line| line["path"] == name).count(),
            1,
            "{printed}"
        );
    }
}

/// What is no sample of a detector that keeps sizes is left out, and all others keep their verdicts.
#[test]
fn pictures_of_another_size_are_left_out_by_a_detector_that_keeps_sizes() {
    let (folder, path) = own_detector();
    let device = Device::flex();
    let AnyDetector::Image(images) = AnyDetector::load(&path, &device).expect("whole") else {
        panic!("of pictures");
    };
    let mut preprocessing = images.preprocessing().expect("said").clone();
    preprocessing.size = None;
    let images = images.with_preprocessing(preprocessing).expect("fits");
    images.save(&path).expect("writable");
    let good = digits().path().join("parts/test/good");
    let small = |name: &str| image::open(good.join(name)).expect("a picture");
    small("0.png")
        .save(folder.path().join("0.png"))
        .expect("writable");
    small("1.png")
        .resize_exact(56, 56, image::imageops::FilterType::Nearest)
        .save(folder.path().join("1.png"))
        .expect("writable");
    small("2.png")
        .save(folder.path().join("2.png"))
        .expect("writable");
    let output = memae(
        folder.path(),
        &[
            "score",
            "nines.safetensors",
            "0.png",
            "1.png",
            "2.png",
            "--json",
        ],
    );
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    assert!(
        err(&output).contains("1.png: found a picture of 1x56x56, expected 1x28x28"),
        "{}",
        err(&output)
    );
    let lines = json_lines(&out(&output));
    for name in ["0.png", "2.png"] {
        let alone = run(
            folder.path(),
            &["score", "nines.safetensors", name, "--json"],
        );
        let line = lines
            .iter()
            .find(|line| line["path"] == name)
            .expect("scored");
        let alone = json_lines(&alone)[0]["score"].as_f64().expect("a number");
        let score = line["score"].as_f64().expect("a number");
        assert!(
            (score - alone).abs() < 1e-5 * alone,
            "{name}: {score}, alone {alone}"
        );
    }
}

/// Folders of several pictures of one part: they are held out together, at training and after it.
#[test]
fn groups_are_kept_when_a_threshold_is_chosen_anew() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let from = digits().path().join("parts/train/good");
    for part in 0..10 {
        let to = folder.path().join(format!("normal/{part}"));
        fs::create_dir_all(&to).expect("writable");
        for number in 0..4 {
            let name = format!("{}.png", part * 4 + number);
            fs::copy(from.join(&name), to.join(&name)).expect("writable");
        }
    }
    let train = ["train", "normal", "--out", "m.safetensors", "--epochs", "2"];
    let printed = run(
        folder.path(),
        &[&train[..], &["--groups", "folder"]].concat(),
    );
    assert!(printed.contains("no guarantee: 2 groups"), "{printed}");
    let recalibrate = [
        "recalibrate",
        "m.safetensors",
        "normal",
        "--out",
        "n.safetensors",
    ];
    let printed = run(folder.path(), &recalibrate);
    assert!(printed.contains("no guarantee: 10 groups"), "{printed}");
    let printed = run(
        folder.path(),
        &[&recalibrate[..], &["--groups", "single"]].concat(),
    );
    assert!(
        printed.contains("by 40 held out") || printed.contains("40 held out are too few"),
        "{printed}"
    );
}

/// A camera may write one file again and again.
#[test]
fn a_picture_that_is_overwritten_is_scored_again() {
    let digits = digits();
    let folder = tempfile::tempdir().expect("temporary folder");
    let inbox = folder.path().join("inbox");
    fs::create_dir(&inbox).expect("writable");
    let parts = digits.path().join("parts/test");
    let latest = inbox.join("latest.png");
    fs::copy(parts.join("good/0.png"), &latest).expect("writable");
    let detector = digits.path().join("nines.safetensors");
    let mut watching = Command::new(env!("CARGO_BIN_EXE_memae"))
        .args(["watch", detector.to_str().expect("UTF-8"), "inbox"])
        .args(["--every", "0.05", "--until-idle", "5", "--json"])
        .current_dir(folder.path())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut printed = std::io::BufReader::new(watching.stdout.take().expect("piped"));
    let mut first = String::new();
    printed.read_line(&mut first).expect("a verdict");
    fs::copy(parts.join("other/0.png"), &latest).expect("writable");
    let mut rest = String::new();
    printed.read_to_string(&mut rest).expect("text");
    assert_eq!(watching.wait().expect("ends by itself").code(), Some(0));
    let lines = json_lines(&(first + &rest));
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_ne!(lines[0]["score"], lines[1]["score"]);
}

#[test]
fn watching_may_say_anomalies_alone() {
    let digits = digits();
    let watch = [
        "watch",
        "nines.safetensors",
        "parts/test/other",
        "--every",
        "0.05",
        "--until-idle",
        "0.3",
    ];
    let all = run(digits.path(), &watch);
    let anomalies = run(digits.path(), &[&watch[..], &["--only-anomalies"]].concat());
    assert_eq!(all.lines().count(), 81);
    let expected = all
        .lines()
        .filter(|line| line.starts_with("ANOMALY"))
        .count();
    assert_eq!(anomalies.lines().count(), 1 + expected);
}

/// Nobody would end it else.
#[cfg(target_os = "linux")]
#[test]
fn watching_ends_when_nobody_reads() {
    let digits = digits();
    let command = format!(
        "timeout 60 {} watch nines.safetensors parts/test --every 0.05 --json | true; echo ${{PIPESTATUS[0]}}",
        env!("CARGO_BIN_EXE_memae")
    );
    let output = Command::new("bash")
        .args(["-c", &command])
        .current_dir(digits.path())
        .output()
        .expect("bash starts");
    assert_eq!(out(&output), "0\n", "{}", err(&output));
}

/// The range of pictures of 16 bits is that of those trained on: new ones may leave it, and so may those the threshold is chosen by.
#[test]
fn the_range_is_that_of_the_pictures_that_are_trained_on() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let good = folder.path().join("good");
    fs::create_dir(&good).expect("writable");
    let parts = NormalPartsConfig::default()
        .divide_single(20)
        .expect("parts");
    for number in 0..20 {
        let beyond = if parts.train.contains(&number) {
            0
        } else {
            500
        };
        let value = |x, y| {
            image::Luma([if (x + y) % 2 == 0 {
                1000 - beyond
            } else {
                3000 + beyond
            }])
        };
        let picture = image::ImageBuffer::<image::Luma<u16>, _>::from_fn(8, 8, value);
        picture
            .save(good.join(format!("{number}.png")))
            .expect("writable");
    }
    let train = ["train", "good", "--out", "m.safetensors", "--epochs", "1"];
    run(folder.path(), &train);
    let detector = AnyDetector::load(folder.path().join("m.safetensors"), &Device::flex());
    let Ok(AnyDetector::Image(detector)) = detector else {
        panic!("a detector of pictures");
    };
    let range = detector.preprocessing().expect("of pictures").range;
    let StoredRange::Given { low, high, .. } = range else {
        panic!("{range:?}");
    };
    assert_eq!((low, high), (1000.0, 3000.0));
}

#[test]
fn verdicts_come_in_the_order_of_the_files_whichever_is_scored_first() {
    let digits = digits();
    let folder = tempfile::tempdir().expect("temporary folder");
    let picture = digits.path().join("parts/test/good/0.png");
    // More than a few batches, with damaged files in each.
    for number in 0..700 {
        let path = folder.path().join(format!("{number:03}.png"));
        match number % 50 {
            7 => fs::write(path, "no picture").expect("writable"),
            _ => fs::hard_link(&picture, path).expect("one file system"),
        }
    }
    let detector = digits.path().join("nines.safetensors");
    let output = memae(
        folder.path(),
        &["score", &detector.to_string_lossy(), ".", "--json"],
    );
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    let lines = json_lines(&out(&output));
    let named = |line: &Value| line["path"].as_str().map(str::to_string);
    let found: Vec<String> = lines.iter().filter_map(named).collect();
    let expected: Vec<String> = (0..700)
        .map(|number| format!("./{number:03}.png"))
        .collect();
    assert_eq!(found, expected);
    let scores: Vec<&Value> = lines.iter().filter_map(|line| line.get("score")).collect();
    assert_eq!(scores.len(), 686);
}

/// A slow hand writes a part, and the rest later.
#[test]
fn a_picture_that_is_half_written_is_waited_for() {
    let digits = digits();
    let folder = tempfile::tempdir().expect("temporary folder");
    let incoming = folder.path().join("incoming");
    fs::create_dir(&incoming).expect("writable");
    let whole = fs::read(digits.path().join("parts/test/good/0.png")).expect("readable");
    fs::write(incoming.join("slow.png"), &whole[..whole.len() / 2]).expect("writable");
    fs::write(incoming.join("never.png"), &whole[..whole.len() / 2]).expect("writable");
    let detector = digits.path().join("nines.safetensors");
    let mut watch = Command::new(env!("CARGO_BIN_EXE_memae"))
        .arg("watch")
        .arg(&detector)
        .arg(&incoming)
        .args(["--every", "0.05", "--until-idle", "3", "--json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    // Long enough that the half was looked at.
    std::thread::sleep(std::time::Duration::from_secs(1));
    fs::write(incoming.join("slow.png"), &whole).expect("writable");
    let mut printed = String::new();
    let mut output = watch.stdout.take().expect("a pipe");
    output.read_to_string(&mut printed).expect("text");
    let ended = watch.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.contains("left out: 1"), "{said}");
    let lines = json_lines(&printed);
    assert_eq!(lines.len(), 2, "{printed}");
    assert!(lines[0]["score"].is_number(), "{printed}");
    assert!(
        lines[1]["error"]
            .as_str()
            .is_some_and(|error| error.contains("never.png")),
        "{printed}"
    );
}

#[test]
fn scoring_ends_when_nobody_reads() {
    let digits = digits();
    let folder = tempfile::tempdir().expect("temporary folder");
    let picture = digits.path().join("parts/test/good/0.png");
    for number in 0..700 {
        let link = folder.path().join(format!("{number}.png"));
        fs::hard_link(&picture, link).expect("one file system");
    }
    let detector = digits.path().join("nines.safetensors");
    let script = format!(
        "timeout 60 {} score {} . --json | true; echo ${{PIPESTATUS[0]}}",
        env!("CARGO_BIN_EXE_memae"),
        detector.display()
    );
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder.path())
        .output()
        .expect("bash");
    assert_eq!(out(&output), "0\n", "{}", err(&output));
    assert_eq!(err(&output), "");
}
