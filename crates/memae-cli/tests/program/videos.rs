//! Videos, as folders of frames.

use super::*;

/// A bright bar that moves to the right over `count` frames; an odd one stands still.
pub(super) fn frames(folder: &Path, count: u32, step: u32) {
    fs::create_dir_all(folder).expect("writable");
    for number in 0..count {
        let image = GrayImage::from_fn(32, 32, |x, _| {
            image::Luma([if (x + 32 - number * step % 32) % 32 < 6 {
                230
            } else {
                20
            }])
        });
        image
            .save(folder.join(format!("{number:03}.png")))
            .expect("writable");
    }
}

#[test]
fn frames_are_trained_on_and_scored() {
    let folder = tempfile::tempdir().expect("temporary folder");
    for video in 0..4 {
        frames(&folder.path().join(format!("normal/{video}")), 24, 1);
    }
    frames(&folder.path().join("new"), 20, 5);
    let train = [
        "train",
        "normal",
        "--kind",
        "video",
        "--out",
        "m.safetensors",
        "--size",
        "32x32",
        "--items",
        "20",
        "--epochs",
        "1",
    ];
    let printed = run(folder.path(), &train);
    assert!(
        printed.contains("empirical, no guarantee: 1 group was held out, 1.00 % needs 99"),
        "{printed}"
    );
    let scored = run(folder.path(), &["score", "m.safetensors", "new", "--json"]);
    assert_eq!(scored.lines().count(), 5);
    assert!(
        scored
            .lines()
            .next()
            .is_some_and(|line| line.contains("\"frame\":8")),
        "{scored}"
    );
    // Frame by frame the same, to the last bits.
    let watched = run(folder.path(), &["watch", "m.safetensors", "new", "--json"]);
    assert_eq!(watched.lines().count(), 5);
    let score = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        (
            line["frame"].clone(),
            line["score"].as_f64().expect("a number"),
        )
    };
    for (watched, scored) in watched.lines().map(score).zip(scored.lines().map(score)) {
        assert_eq!(watched.0, scored.0);
        assert!(
            (watched.1 - scored.1).abs() < 1e-4 * scored.1.abs().max(1.0),
            "{watched:?} {scored:?}"
        );
    }
    let every = ["watch", "m.safetensors", "new", "--every", "2"];
    assert_eq!(
        error(folder.path(), &every),
        "error: --every: found a detector of videos, whose frames come by themselves, expected one of pictures"
    );
    // All videos of a folder.
    let scored = run(folder.path(), &["score", "m.safetensors", "normal"]);
    assert_eq!(scored.lines().count(), 1 + 4 * 9);
}

/// One recording is divided into stretches.
#[test]
fn one_video_is_enough() {
    let folder = tempfile::tempdir().expect("temporary folder");
    frames(&folder.path().join("camera"), 330, 1);
    let train = [
        "train",
        "camera",
        "--kind",
        "video",
        "--out",
        "m.safetensors",
        "--size",
        "32x32",
        "--items",
        "20",
        "--epochs",
        "1",
        "--rate",
        "0.3",
    ];
    let printed = run(folder.path(), &train);
    assert!(printed.contains("no guarantee: 2 groups"), "{printed}");
}

fn train_in(folder: &Path, normal: &str) -> Output {
    let train = [
        "train",
        normal,
        "--kind",
        "video",
        "--out",
        "m.safetensors",
        "--size",
        "32x32",
    ];
    memae(
        folder,
        &[&train[..], &["--items", "20", "--epochs", "1"]].concat(),
    )
}

/// Of a recording that is too short no part could be held out that the training does not reach.
#[test]
fn a_short_recording_is_divided_into_what_it_has() {
    let folder = tempfile::tempdir().expect("temporary folder");
    frames(&folder.path().join("short"), 95, 1);
    frames(&folder.path().join("enough"), 100, 1);
    let said = train_in(folder.path(), "short");
    assert_eq!(said.status.code(), Some(1));
    assert!(
        err(&said).contains("found 95 frames, expected at least 96 in one video, or 3 videos"),
        "{}",
        err(&said)
    );
    let output = train_in(folder.path(), "enough");
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(
        out(&output).contains("no guarantee: 1 group was"),
        "{}",
        out(&output)
    );
    assert!(
        err(&output).contains("divided into 3 stretches"),
        "{}",
        err(&output)
    );
}

#[test]
fn a_damaged_video_is_left_out_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let normal = folder.path().join("set/training");
    for video in 0..4 {
        frames(&normal.join(format!("{video}")), 20, 1);
    }
    fs::write(normal.join("2/007.png"), "no picture").expect("writable");
    frames(&normal.join("short"), 5, 1);
    fs::create_dir(normal.join("empty")).expect("writable");
    let output = train_in(folder.path(), "set");
    let said = err(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    for part in ["left out: 3", "007.png", "short: found 5 frames", "empty: "] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let printed = run(folder.path(), &["inspect", "m.safetensors"]);
    assert!(printed.contains("3 videos from set"), "{printed}");
    assert!(printed.contains("memory use"), "{printed}");

    // Frames are measured by the videos that they are of.
    frames(&folder.path().join("odd"), 20, 5);
    let eval = [
        "eval",
        "m.safetensors",
        "--normal",
        "set/training/0",
        "--anomalous",
        "odd",
        "--json",
    ];
    let figures: serde_json::Value =
        serde_json::from_str(&run(folder.path(), &eval)).expect("JSON");
    assert_eq!(
        (figures["normal"].as_u64(), figures["anomalous"].as_u64()),
        (Some(5), Some(5))
    );
    let masks = error(folder.path(), &[&eval[..], &["--masks", "odd"]].concat());
    assert!(
        masks.contains("--masks: found a detector of kind video"),
        "{masks}"
    );
    let as_folder = error(folder.path(), &["eval", "m.safetensors", "set"]);
    assert!(
        as_folder.contains("--normal and --anomalous"),
        "{as_folder}"
    );
}
