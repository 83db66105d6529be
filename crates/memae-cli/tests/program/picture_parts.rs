//! Parts of pictures: tiles, and regions of interest.

use std::sync::OnceLock;

use image::{GrayImage, Luma};
use serde_json::Value;

use super::*;

/// Side of the pictures.
const SIDE: u32 = 256;

/// Fine upright stripes with some noise; `defect` is a square in which they lie. Brought to a quarter of its size all of it is
/// an even grey.
fn striped(seed: u32, defect: Option<(u32, u32)>) -> GrayImage {
    let mut noise = seed.wrapping_mul(2_654_435_761) | 1;
    GrayImage::from_fn(SIDE, SIDE, |x, y| {
        noise ^= noise << 13;
        noise ^= noise >> 17;
        noise ^= noise << 5;
        let along = if is_in(defect, x, y) { y } else { x };
        let level = if along % 4 < 2 { 80 } else { 160 };
        Luma([(level + noise % 24) as u8])
    })
}

fn is_in(defect: Option<(u32, u32)>, x: u32, y: u32) -> bool {
    defect.is_some_and(|(left, top)| (left..left + 40).contains(&x) && (top..top + 40).contains(&y))
}

/// Striped pictures in MVTec AD's layout, with a detector of tiles and one of whole pictures.
fn stripes() -> &'static Path {
    static STRIPES: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = STRIPES.get_or_init(|| {
        let folder = tempfile::tempdir().expect("temporary folder");
        let save = |image: GrayImage, name: String| {
            let path = folder.path().join("parts").join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
            image.save(path).expect("writable");
        };
        for number in 0..14 {
            save(striped(number, None), format!("train/good/{number}.png"));
        }
        for number in 0..6 {
            save(
                striped(100 + number, None),
                format!("test/good/{number}.png"),
            );
            // Across the edges of tiles, and in a corner.
            let defect = Some((33 * number, 216 - 40 * number));
            save(
                striped(200 + number, defect),
                format!("test/lying/{number}.png"),
            );
            let mask = GrayImage::from_fn(SIDE, SIDE, |x, y| {
                Luma([if is_in(defect, x, y) { 255 } else { 0 }])
            });
            save(mask, format!("ground_truth/lying/{number}_mask.png"));
        }
        let train = [
            "train",
            "parts",
            "--rate",
            "0.3",
            "--rule",
            "reconstruction",
        ];
        let tiles = [
            "--tiles",
            "64",
            "--epochs",
            "10",
            "--out",
            "tiles.safetensors",
        ];
        run(folder.path(), &[&train[..], &tiles].concat());
        let whole = ["--epochs", "60", "--out", "whole.safetensors"];
        run(folder.path(), &[&train[..], &whole].concat());
        folder
    });
    folder.path()
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let printed = run(folder, &[arguments, &["--json"]].concat());
    serde_json::from_str(&printed).expect("JSON")
}

#[test]
fn tiles_show_what_a_whole_picture_is_too_small_for() {
    let folder = stripes();
    let [tiles, whole] = ["tiles", "whole"]
        .map(|name| json(folder, &["eval", &format!("{name}.safetensors"), "parts"]));
    let of = |figures: &Value, name: &str| figures[name].as_f64().expect("a number");
    assert_eq!(
        (&tiles["normal"], &tiles["anomalous"]),
        (&6.into(), &6.into())
    );
    assert!(of(&tiles, "auc") > 0.99, "{tiles}");
    assert!(of(&tiles, "auc") > of(&whole, "auc"), "{whole}");
    for name in ["auc", "aupro", "average_precision"] {
        let [tiles, whole] = [&tiles, &whole].map(|figures| of(&figures["pixels"], name));
        assert!(tiles > whole + 0.2, "{name}: {tiles} {whole}");
    }
}

#[test]
fn a_picture_in_tiles_has_one_verdict_and_one_map() {
    let folder = stripes();
    let score = [
        "score",
        "tiles.safetensors",
        "parts/test/lying",
        "--heatmaps",
        "maps",
    ];
    let printed = run(folder, &[&score[..], &["--json"]].concat());
    let lines: Vec<Value> = printed
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines.len(), 6, "{printed}");
    assert!(
        lines.iter().all(|line| line["anomalous"] == true),
        "{printed}"
    );
    let mask = image::open(folder.join("maps/000001_0_mask.png")).expect("a picture");
    assert_eq!((mask.width(), mask.height()), (SIDE, SIDE));
    // Each by itself is scored alike to the bit.
    for line in &lines {
        let path = line["path"].as_str().expect("a path");
        let alone = json(folder, &["score", "tiles.safetensors", path]);
        assert_eq!(alone["score"], line["score"], "{path}");
    }
    let suspects = run(folder, &["suspects", "tiles.safetensors", "-n", "2"]);
    let worst = suspects.lines().nth(1).expect("two suspects");
    assert!(
        worst.contains("parts/train/good/") && worst.contains(".png: tile 64x64 at "),
        "{worst}"
    );
    let name = worst
        .split_whitespace()
        .nth(2)
        .expect("a name")
        .trim_end_matches(':');
    let again = json(folder, &["score", "tiles.safetensors", name]);
    let expected = format!("{:.4}", again["score"].as_f64().expect("a number"));
    assert!(worst.contains(&expected), "{worst} {expected}");

    let inspected = run(folder, &["inspect", "tiles.safetensors"]);
    for part in [
        "64x64, overlapping by 16, of pictures at a scale of 1",
        "14 pictures from parts",
        "3 calibrate",
    ] {
        assert!(inspected.contains(part), "{part}: {inspected}");
    }
    let recalibrate = [
        "recalibrate",
        "tiles.safetensors",
        "parts/test/good",
        "--rate",
        "0.2",
    ];
    let printed = run(
        folder,
        &[&recalibrate[..], &["--out", "new.safetensors"]].concat(),
    );
    assert!(printed.contains("new normal samples: 6"), "{printed}");
    assert!(printed.contains("by 6 held out"), "{printed}");
    let compared = run(
        folder,
        &[
            "compare",
            "tiles.safetensors",
            "new.safetensors",
            "parts/test",
        ],
    );
    assert!(
        compared.contains("samples scored by both: 12"),
        "{compared}"
    );
    assert!(
        compared.contains("rank correlation of the scores: 1.0000"),
        "{compared}"
    );
    let report = [
        "eval",
        "tiles.safetensors",
        "parts",
        "--report",
        "report.html",
    ];
    run(folder, &report);
    let watch = [
        "watch",
        "tiles.safetensors",
        "parts/test/good",
        "--every",
        "0.05",
    ];
    let watched = run(
        folder,
        &[&watch[..], &["--until-idle", "0.5", "--json"]].concat(),
    );
    assert_eq!(watched.lines().count(), 6, "{watched}");
}

#[test]
fn pictures_smaller_than_a_tile_are_left_out() {
    let folder = stripes();
    let own = tempfile::tempdir().expect("temporary folder");
    GrayImage::new(63, 200)
        .save(own.path().join("small.png"))
        .expect("writable");
    let detector = folder.join("tiles.safetensors");
    let output = memae(
        own.path(),
        &["score", detector.to_str().expect("UTF-8"), "small.png"],
    );
    assert_eq!(output.status.code(), Some(1));
    let said = err(&output);
    assert!(
        said.contains("small.png: found an image that is 200x63 when it is cut"),
        "{said}"
    );
}

/// What lies outside of what is looked at is drawn over.
fn with_outside(path: &Path, out: &Path, inside: impl Fn(u32, u32) -> bool) {
    let mut image = image::open(path).expect("a picture").into_luma8();
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        if !inside(x, y) {
            pixel.0 = [(37 * x + 91 * y) as u8];
        }
    }
    image.save(out).expect("writable");
}

#[test]
fn what_lies_outside_a_region_changes_no_score() {
    let digits = digits();
    let folder = tempfile::tempdir().expect("temporary folder");
    let disc = |x: u32, y: u32| x.abs_diff(14).pow(2) + y.abs_diff(13).pow(2) < 110;
    let left = |x: u32, _: u32| x < 14;
    let mask = GrayImage::from_fn(56, 56, |x, y| {
        Luma([if disc(x / 2, y / 2) { 255 } else { 0 }])
    });
    mask.save(folder.path().join("mask.png")).expect("writable");
    let parts = digits.path().join("parts");
    let parts = parts.to_str().expect("UTF-8");
    let original = digits.path().join("parts/test/other/3.png");
    for (option, value, inside, size) in [
        (
            "--region",
            "0,0,0.5,1",
            &left as &dyn Fn(u32, u32) -> bool,
            "1x28x14",
        ),
        ("--region-mask", "mask.png", &disc, "1x21x21"),
    ] {
        let train = [
            "train",
            parts,
            "--out",
            "m.safetensors",
            "--epochs",
            "2",
            option,
            value,
        ];
        run(folder.path(), &train);
        let inspected = run(folder.path(), &["inspect", "m.safetensors"]);
        assert!(inspected.contains(&format!("takes {size}")), "{inspected}");
        assert!(inspected.contains("region         "), "{inspected}");
        let score = |name: &str| {
            let found = json(folder.path(), &["score", "m.safetensors", name]);
            found["score"].as_f64().expect("a number").to_bits()
        };
        with_outside(&original, &folder.path().join("same.png"), |_, _| true);
        with_outside(&original, &folder.path().join("outside.png"), inside);
        with_outside(&original, &folder.path().join("inside.png"), |x, y| {
            !inside(x, y)
        });
        assert_eq!(score("same.png"), score("outside.png"), "{option}");
        assert_ne!(score("same.png"), score("inside.png"), "{option}");
        // Without being told again.
        let recalibrated = ["recalibrate", "m.safetensors", "same.png", "outside.png"];
        let printed = run(
            folder.path(),
            &[&recalibrated[..], &["--out", "n.safetensors"]].concat(),
        );
        assert!(printed.contains("new normal samples: 2"), "{printed}");
        let compared = run(
            folder.path(),
            &["compare", "m.safetensors", "n.safetensors"],
        );
        assert!(!compared.contains("preprocessing"), "{compared}");
    }
}

#[test]
fn parts_that_cannot_be_are_errors_of_one_line() {
    let digits = digits();
    let folder = tempfile::tempdir().expect("temporary folder");
    let save =
        |name: &str, image: GrayImage| image.save(folder.path().join(name)).expect("writable");
    save("empty.png", GrayImage::new(28, 28));
    save("wide.png", GrayImage::from_pixel(56, 28, Luma([255])));
    save(
        "soft.png",
        GrayImage::from_fn(28, 28, |x, _| Luma([9 * x as u8])),
    );
    fs::write(folder.path().join("a.csv"), "a,b\n1,2\n3,4\n").expect("writable");
    let parts = digits.path().join("parts");
    let parts = parts.to_str().expect("UTF-8");
    for (options, message) in [
        (
            &["--region", "0,0,2,1"][..],
            "region: found a rectangle of 1 x 2 at 0, 0",
        ),
        (
            &["--region", "0,0,0,1"],
            "region: found a rectangle of 1 x 0 at 0, 0",
        ),
        (
            &["--region", "0,0,1"],
            "expected four numbers from 0 to 1: left, top, width, height",
        ),
        (
            &["--region", "0,0,0.001,1"],
            "region: found no pixel of 28x28 that lies in it",
        ),
        (
            &["--region-mask", "empty.png"],
            "empty.png: region: found a mask that covers nothing",
        ),
        (
            &["--region-mask", "wide.png"],
            "region: found an image of 28x28, expected the ratio of sides of its mask, 28x56",
        ),
        (&["--region-mask", "soft.png"], "soft.png: "),
        (&["--region-mask", "nowhere.png"], "nowhere.png: "),
        (
            &["--region-mask", "empty.png", "--region", "0,0,1,1"],
            "cannot be used with",
        ),
        (
            &["--tiles", "0"],
            "tiles: found a side of 0, expected 1 to 16384 pixels",
        ),
        (
            &["--tiles", "16", "--tile-overlap", "9"],
            "tiles: found an overlap of 9 of 16",
        ),
        (
            &["--tiles", "16", "--tile-scale", "2"],
            "tiles: found a scale of 2",
        ),
        (
            &["--tiles", "64"],
            "found an image that is 28x28 when it is cut",
        ),
        (&["--tiles", "16", "--size", "8x8"], "cannot be used with"),
        (&["--tile-overlap", "4"], "--tiles <PIXELS>"),
    ] {
        let train = [
            &["train", parts, "--out", "m.safetensors", "--epochs", "2"][..],
            options,
        ]
        .concat();
        let output = memae(folder.path(), &train);
        let said = err(&output);
        assert_eq!(output.status.code(), Some(1), "{options:?}: {said}");
        let line = said.lines().find(|line| line.contains(message));
        assert!(line.is_some(), "{options:?}: {said}");
        assert!(!folder.path().join("m.safetensors").exists());
    }
    for option in [&["--region", "0,0,1,0.5"][..], &["--tiles", "16"]] {
        let train = [&["train", "a.csv", "--out", "m.safetensors"][..], option].concat();
        let expected = format!("error: {}: found rows, expected pictures", option[0]);
        assert_eq!(error(folder.path(), &train), expected);
    }
    let over = [
        "train",
        parts,
        "--out",
        "wide.png",
        "--region-mask",
        "wide.png",
    ];
    assert!(error(folder.path(), &over).contains("found one of the files that are read"));
}
