//! What is found twice counts once, and what is normal is not anomalous.

use super::*;

/// What a promise says of how many samples were held out.
fn held_out(printed: &str) -> &str {
    let (_, after) = printed.split_once(", by ").expect("a promise");
    after.split(" held out").next().unwrap_or_default()
}

#[test]
fn pictures_that_are_found_again_hold_nothing_out() {
    let digits = digits();
    let output = |name: &str| digits.path().join(name).display().to_string();
    let (once, again) = (output("once.safetensors"), output("again.safetensors"));
    let recalibrate = |out: &str, normal: &[&str]| {
        let all = [
            &["recalibrate", "nines.safetensors"],
            normal,
            &["--out", out, "--rate", "0.1"],
        ];
        memae(digits.path(), &all.concat())
    };
    let good = "parts/test/good";
    let first = recalibrate(&once, &[good]);
    let overlapping = [good, "parts/test/../test/good", "parts/test/good/0.png"];
    let second = recalibrate(&again, &overlapping);
    assert_eq!(held_out(&out(&first)), "20", "{}", err(&first));
    assert_eq!(out(&first), out(&second));
    assert!(
        err(&second).contains("21 files were found again and count once"),
        "{}",
        err(&second)
    );
}

#[test]
fn pictures_are_trained_on_once() {
    let digits = digits();
    let folder = tempfile::tempdir().expect("temporary folder");
    let train = |paths: &[&str], out: &str| {
        let path = folder.path().join(out).display().to_string();
        let options = ["--out", &path, "--epochs", "1", "--items", "10"];
        let output = memae(digits.path(), &[&["train"], paths, &options[..]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        err(&output)
    };
    let once = train(&["parts/train/good"], "once");
    let twice = train(&["parts/train/good", "parts/train"], "twice");
    let said = |text: &str, line: &str| text.lines().any(|said| said.starts_with(line));
    for printed in [&once, &twice] {
        assert!(said(printed, "120 pictures"), "{printed}");
    }
    assert!(
        said(&twice, "120 files were found again and count once"),
        "{twice}"
    );
}

#[test]
fn videos_are_trained_on_once() {
    let folder = tempfile::tempdir().expect("temporary folder");
    for video in 0..3 {
        videos::frames(&folder.path().join(format!("normal/{video}")), 24, 1);
    }
    let train = [
        "train",
        "normal",
        "normal/../normal",
        "--kind",
        "video",
        "--method",
        "memory",
        "--image-rate",
        "10",
        "--out",
        "m.safetensors",
    ];
    let output = memae(folder.path(), &train);
    let said = err(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(
        said.contains("3 videos, 72 frames") && said.contains("3 files were found again"),
        "{said}"
    );
}

#[test]
fn nothing_is_normal_and_anomalous() {
    let digits = digits();
    let eval = |normal: &str, anomalous: &[&str]| {
        let options = [
            "eval",
            "nines.safetensors",
            "--normal",
            normal,
            "--anomalous",
        ];
        error(digits.path(), &[&options[..], anomalous].concat())
    };
    let both = "found among the normal and among the anomalous samples, expected it in one of them";
    assert_eq!(
        eval(
            "parts/test/good",
            &["parts/test/other", "parts/test/good/3.png"]
        ),
        format!("error: parts/test/good/3.png: {both}")
    );
    // A folder holds all that is below it.
    assert_eq!(
        eval("parts/test", &["parts/test/other"]),
        format!("error: parts/test/other/0.png: {both}")
    );
    let recalibrate = [
        "recalibrate",
        "nines.safetensors",
        "parts/test/good",
        "--anomalous",
        "parts/test/good",
        "--out",
        "unwritten.safetensors",
    ];
    assert_eq!(
        error(digits.path(), &recalibrate),
        format!("error: parts/test/good/0.png: {both}")
    );
    assert!(!digits.path().join("unwritten.safetensors").exists());
    // What is missing is told by its name, not by the want of a kind.
    let missing = eval("nowhere", &["parts/test/other"]);
    assert!(missing.contains("nowhere"), "{missing}");
}
