//! Videos, as folders of frames.

use super::*;

/// A bright bar that moves to the right over `count` frames; an odd one stands still.
fn frames(folder: &Path, count: u32, step: u32) {
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
        printed.contains("empirical, no guarantee: 1 groups were held out, 1.00 % needs 99"),
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
