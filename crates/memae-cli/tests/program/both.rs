//! How videos look and how they move, in one detector.

use super::motion::{drawn_square, highest_of, square, squares, verdicts_of};
use super::*;

const TRAIN: [&str; 16] = [
    "train",
    "normal",
    "--kind",
    "video",
    "--method",
    "both",
    "--image-rate",
    "10",
    "--size",
    "32x32",
    "--items",
    "20",
    "--epochs",
    "1",
    "--rate=0.2",
    "--out",
];

/// The folder of the detector of motion, with one of both beside it, which took a training.
fn detectors() -> &'static Path {
    static DETECTORS: OnceLock<&Path> = OnceLock::new();
    DETECTORS.get_or_init(|| {
        let folder = squares();
        let output = memae(folder, &[&TRAIN[..], &["b.safetensors"]].concat());
        let said = err(&output);
        assert_eq!(output.status.code(), Some(0), "{said}");
        for part in [
            "8 videos, 192 frames of 48x72 at 10.00 a second",
            "items of",
            "8 videos, 72 clips, 1 passes",
        ] {
            assert!(said.contains(part), "{part} in {said}");
        }
        drawn_square(&folder.join("bright"), 24, 2, 13, 100);
        folder
    })
}

#[test]
fn what_looks_or_moves_otherwise_is_told() {
    let folder = detectors();
    let usual = highest_of(folder, "b.safetensors", "usual");
    for source in ["fast", "back", "bright"] {
        let found = highest_of(folder, "b.safetensors", source);
        assert!(found > usual + 1.0, "{source}: {found}, usually {usual}");
    }
    let inspected = run(folder, &["inspect", "b.safetensors"]);
    for part in [
        "kind           video",
        "motion in 8 directions",
        "of appearance 20 items of",
        "of motion 11 items of 8 values",
    ] {
        assert!(inspected.contains(part), "{part} in {inspected}");
    }
}

/// A clip of sixteen frames scores its ninth, and motion is a mean over the last eight.
#[test]
fn a_camera_gets_the_scores_of_a_file() {
    let folder = detectors();
    let verdicts = |command| verdicts_of(folder, "b.safetensors", command, "fast");
    let scored = verdicts("score");
    let frames: Vec<u64> = scored
        .iter()
        .map(|line| line["frame"].as_u64().expect("a number"))
        .collect();
    assert_eq!(frames, (8..=16).collect::<Vec<_>>());
    assert_eq!(verdicts("watch"), scored);
}

#[test]
fn every_command_takes_it() {
    let folder = detectors();
    let eval = [
        "eval",
        "b.safetensors",
        "--normal",
        "usual",
        "--anomalous",
        "bright",
        "--report",
        "both.html",
        "--json",
    ];
    let figures: serde_json::Value = serde_json::from_str(&run(folder, &eval)).expect("JSON");
    assert_eq!(figures["auc"], 1.0, "{figures}");
    let page = fs::read_to_string(folder.join("both.html")).expect("written");
    assert!(page.contains("frames") && page.contains("active items"));
    let recalibrate = [
        "recalibrate",
        "b.safetensors",
        "normal",
        "--rate",
        "0.3",
        "--out",
        "b2.safetensors",
    ];
    let printed = run(folder, &recalibrate);
    assert!(printed.contains("by 72 held out in 8 groups"), "{printed}");
    let printed = run(
        folder,
        &["compare", "b.safetensors", "m.safetensors", "fast"],
    );
    assert!(!printed.is_empty());
    let folds = [&TRAIN[..], &["f2.safetensors", "--folds", "3"]].concat();
    assert!(run(folder, &folds).contains("3 folds"));
}

#[test]
fn one_video_is_divided() {
    let folder = tempfile::tempdir().expect("temporary folder");
    square(&folder.path().join("normal"), 300, 2, 10);
    let output = memae(folder.path(), &[&TRAIN[..], &["one.safetensors"]].concat());
    let said = err(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("divided into 4 stretches"), "{said}");
    let short = tempfile::tempdir().expect("temporary folder");
    square(&short.path().join("normal"), 90, 2, 10);
    let said = error(short.path(), &[&TRAIN[..], &["one.safetensors"]].concat());
    assert!(
        said.contains("found 90 frames, expected at least 192"),
        "{said}"
    );
}

/// A video that is too short for a clip has no frame that both score.
#[test]
fn what_is_too_short_is_said() {
    let folder = tempfile::tempdir().expect("temporary folder");
    for video in 0..5 {
        let frames = if video == 3 { 12 } else { 24 };
        let path = folder.path().join(format!("normal/{video}"));
        square(&path, frames, 2, 5 * video);
    }
    let output = memae(folder.path(), &[&TRAIN[..], &["m.safetensors"]].concat());
    let said = err(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("normal/3") && said.contains("left out: 1"),
        "{said}"
    );
}

#[test]
fn rows_have_no_appearance() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let rows: String = (0..40).map(|row| format!("{row},{}\n", row % 7)).collect();
    fs::write(folder.path().join("t.csv"), format!("a,b\n{rows}")).expect("writable");
    let said = error(
        folder.path(),
        &[
            "train",
            "t.csv",
            "--method",
            "both",
            "--out",
            "t.safetensors",
        ],
    );
    assert_eq!(
        said,
        "error: --method: found `both` for rows, expected `network`, `memory` or `auto`, which keeps the better of both"
    );
}
