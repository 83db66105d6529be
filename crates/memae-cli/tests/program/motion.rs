//! The motion in videos, as folders of frames.

use super::*;

const HEIGHT: u32 = 48;
const WIDTH: u32 = 72;

/// A square with texture over a ground that stands still, which moves so many pixels to the right from frame to frame.
pub(super) fn square(folder: &Path, count: i32, right: i32, row: i32) {
    drawn_square(folder, count, right, row, 0);
}

/// The same, so many levels brighter.
pub(super) fn drawn_square(folder: &Path, count: i32, right: i32, row: i32, brighter: i32) {
    fs::create_dir_all(folder).expect("writable");
    for frame in 0..count {
        let image = GrayImage::from_fn(WIDTH, HEIGHT, |x, y| {
            let (x, y) = (x as i32, y as i32);
            let left = (frame * right).rem_euclid(WIDTH as i32);
            let at = [(x - left).rem_euclid(WIDTH as i32), y - row];
            let level = match at.iter().all(|at| (0..14).contains(at)) {
                true => (130 + brighter + (at[0] * 37 + at[1] * 53) % 110).min(255),
                false => 40 + (x * 7 + y * 11) % 23,
            };
            image::Luma([level as u8])
        });
        image
            .save(folder.join(format!("{frame:03}.png")))
            .expect("writable");
    }
}

const TRAIN: [&str; 9] = [
    "train",
    "normal",
    "--kind",
    "video",
    "--method",
    "memory",
    "--items",
    "4",
    "--rate=0.2",
];

/// A folder with a detector of squares that go right, which took a training, and videos.
pub(super) fn squares() -> &'static Path {
    static SQUARES: OnceLock<(tempfile::TempDir, String)> = OnceLock::new();
    let (folder, _) = SQUARES.get_or_init(|| {
        let folder = tempfile::tempdir().expect("temporary folder");
        for video in 0..8 {
            square(
                &folder.path().join(format!("normal/{video}")),
                24,
                2,
                3 * video,
            );
        }
        square(&folder.path().join("usual"), 24, 2, 13);
        square(&folder.path().join("fast"), 24, 6, 13);
        square(&folder.path().join("back"), 24, -2, 13);
        let output = memae(
            folder.path(),
            &[
                &TRAIN[..],
                &["--image-rate", "10", "--out", "m.safetensors"],
            ]
            .concat(),
        );
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        let said = err(&output);
        assert!(
            said.contains("8 videos, 192 frames of 48x72 at 10.00 a second"),
            "{said}"
        );
        (folder, out(&output))
    });
    folder.path()
}

fn verdicts(folder: &Path, command: &str, source: &str) -> Vec<serde_json::Value> {
    verdicts_of(folder, "m.safetensors", command, source)
}

/// What a detector says of each frame that it scores.
pub(super) fn verdicts_of(
    folder: &Path,
    detector: &str,
    command: &str,
    source: &str,
) -> Vec<serde_json::Value> {
    let printed = run(folder, &[command, detector, source, "--json"]);
    let lines = printed.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn highest(folder: &Path, source: &str) -> f64 {
    highest_of(folder, "m.safetensors", source)
}

pub(super) fn highest_of(folder: &Path, detector: &str, source: &str) -> f64 {
    let scores = verdicts_of(folder, detector, "score", source).into_iter();
    let scores = scores.map(|line| line["score"].as_f64().expect("a number"));
    scores.fold(0.0, f64::max)
}

#[test]
fn what_moves_otherwise_is_told() {
    let folder = squares();
    let usual = highest(folder, "usual");
    for source in ["fast", "back"] {
        let found = highest(folder, source);
        assert!(found > 1.5 * usual, "{source}: {found}, usually {usual}");
        let flagged = run(
            folder,
            &["score", "m.safetensors", source, "--only-anomalies"],
        );
        assert!(flagged.lines().count() > 10, "{source}: {flagged}");
    }
    let inspected = run(folder, &["inspect", "m.safetensors"]);
    assert!(
        inspected.contains("takes motion in 8 directions, 40 parameters"),
        "{inspected}"
    );
    assert!(inspected.contains("5 items of 8 values"), "{inspected}");
}

#[test]
fn a_camera_gets_the_scores_of_a_file() {
    let folder = squares();
    let scored = verdicts(folder, "score", "fast");
    assert_eq!(scored.len(), 16);
    assert_eq!(scored[0]["frame"], 8);
    assert_eq!(verdicts(folder, "watch", "fast"), scored);
}

#[test]
fn a_jump_of_everything_is_said() {
    let folder = squares();
    let video = folder.join("cut");
    square(&video, 22, 2, 4);
    for frame in 11..22_u32 {
        let image = GrayImage::from_fn(WIDTH, HEIGHT, |x, y| {
            let at = y * WIDTH + x;
            image::Luma([((at * at / 7 + at * 31) % 256) as u8])
        });
        let path = video.join(format!("{frame:03}.png"));
        image.save(path).expect("writable");
    }
    let output = memae(folder, &["score", "m.safetensors", "cut", "--json"]);
    assert_eq!(output.status.code(), Some(0));
    let frames: Vec<u64> = out(&output)
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
            line["frame"].as_u64().expect("a number")
        })
        .collect();
    assert_eq!(frames, [8, 9, 10, 19, 20, 21]);
    let said = err(&output);
    assert!(
        said.contains("the picture is another from one frame to the next")
            && said.contains("cut: frame 11"),
        "{said}"
    );
    let watched = memae(folder, &["watch", "m.safetensors", "cut", "--json"]);
    let gap = out(&watched);
    let gap = gap.lines().find(|line| line.contains("as at a cut"));
    let gap: serde_json::Value = serde_json::from_str(gap.expect("said")).expect("JSON");
    assert_eq!((&gap["after"], &gap["left_out"]), (&11.into(), &0.into()));
}

/// One recording is divided into stretches, in none of which motion of another is known.
#[test]
fn one_video_is_enough_and_a_short_one_is_not() {
    let folder = tempfile::tempdir().expect("temporary folder");
    square(&folder.path().join("long"), 120, 2, 10);
    square(&folder.path().join("short"), 40, 2, 10);
    let train = |source| {
        let mut arguments = TRAIN.to_vec();
        arguments[1] = source;
        arguments.extend(["--image-rate", "10", "--out", "one.safetensors"]);
        memae(folder.path(), &arguments)
    };
    let output = train("long");
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(
        err(&output)
            .contains("1 videos, 120 frames of 48x72 at 10.00 a second, divided into 6 stretches"),
        "{}",
        err(&output)
    );
    let output = train("short");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        err(&output)
            .contains("short: found 40 frames, expected at least 54 in one video, or 3 videos"),
        "{}",
        err(&output)
    );
}

/// One video of several that can't be decoded is left out, and named.
#[test]
fn a_damaged_video_is_left_out() {
    let folder = tempfile::tempdir().expect("temporary folder");
    for video in 0..4 {
        let frames = folder.path().join(format!("normal/{video}"));
        square(&frames, 24, 2, 3 * video);
    }
    fs::write(folder.path().join("normal/2/007.png"), b"no picture").expect("writable");
    let arguments = [
        &TRAIN[..],
        &["--image-rate", "10", "--out", "m.safetensors"],
    ]
    .concat();
    let output = memae(folder.path(), &arguments);
    let said = err(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("3 videos, 72 frames"), "{said}");
    assert!(
        said.contains("left out: 1") && said.contains("007.png"),
        "{said}"
    );
}

#[test]
fn folds_and_new_thresholds() {
    let folder = squares();
    let folds = [
        &TRAIN[..],
        &[
            "--image-rate",
            "10",
            "--folds",
            "3",
            "--out",
            "f.safetensors",
        ],
    ]
    .concat();
    let printed = run(folder, &folds);
    assert!(printed.contains("3 folds"), "{printed}");
    let arguments = [
        "recalibrate",
        "m.safetensors",
        "normal",
        "--out",
        "r.safetensors",
        "--rate",
        "0.3",
    ];
    let printed = run(folder, &arguments);
    assert!(printed.contains("new normal samples: 128"), "{printed}");
    assert!(printed.contains("by 128 held out in 8 groups"), "{printed}");
}

#[test]
fn the_report_shows_curves_and_the_memory() {
    let folder = squares();
    let arguments = [
        "eval",
        "m.safetensors",
        "--normal",
        "usual",
        "--anomalous",
        "fast",
        "--report",
        "page.html",
    ];
    let printed = run(folder, &arguments);
    assert!(printed.contains("AUC"), "{printed}");
    let page = fs::read_to_string(folder.join("page.html")).expect("written");
    assert!(
        page.contains("frames") && page.contains("active items"),
        "{}",
        page.len()
    );
}

#[test]
fn what_says_nothing_of_motion_is_refused() {
    let folder = squares();
    let said =
        |arguments: &[&str]| error(folder, &[arguments, &["--out", "x.safetensors"]].concat());
    assert!(
        said(&TRAIN).ends_with(
            "normal/0: found frames without times, expected --image-rate, which says how many there are a second"
        ),
        "{}",
        said(&TRAIN)
    );
    let with = |more: &[&'static str]| said(&[&TRAIN[..], &["--image-rate", "10"], more].concat());
    assert_eq!(
        with(&["--epochs", "2"]),
        "error: --epochs: found `--method memory`, expected another method, as it is a setting of the network"
    );
    assert!(with(&["--size", "0x9"]).contains("frames of 0x9"));
    let mut auto = TRAIN.to_vec();
    auto[5] = "auto";
    assert_eq!(
        said(&auto),
        "error: --method: found `auto` for videos, expected `network`, `memory` or `both`"
    );
    let network = ["train", "normal", "--kind", "video", "--image-rate", "10"];
    assert!(
        said(&network).starts_with(
            "error: --image-rate: found neither `--method memory` nor `--method both`"
        )
    );
    assert_eq!(
        said(&["train", "normal", "--kind", "images", "--image-rate", "10"]),
        "error: --image-rate: found pictures, expected videos; `--kind video` takes folders of pictures for the frames of videos"
    );
    // Nothing moves.
    for video in 0..3 {
        square(&folder.join(format!("still/{video}")), 12, 0, 5);
    }
    let mut still = TRAIN.to_vec();
    still[1] = "still";
    still.extend(["--image-rate", "10"]);
    assert!(
        said(&still).contains("found no motion in"),
        "{}",
        said(&still)
    );
    assert!(!folder.join("x.safetensors").exists());
    let every = ["watch", "m.safetensors", "fast", "--every", "2"];
    assert!(error(folder, &every).starts_with("error: --every: found a detector of videos"));
}
