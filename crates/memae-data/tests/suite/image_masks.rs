//! Masks of images: which file is whose, what is refused, and pixel-level metrics of images of different sizes against
//! scikit-learn (`fixtures/image_masks.json`, written by `fixtures/image_masks.py`) and against their definitions.

use std::fs;
use std::path::{Path, PathBuf};

use image::{GrayImage, Luma};
use memae_data::dataset::MaskFolder;
use memae_data::metrics::{PixelScores, average_precision, detection_at_best_f1, roc_auc};
use memae_data::sample::Mask;
use proptest::prelude::*;
use serde::Deserialize;
use tempfile::TempDir;

/// A grey picture, `height` x `width`, white in its last row where `marked`.
fn save(root: &Path, name: &str, (height, width): (u32, u32), marked: bool) -> PathBuf {
    let path = root.join(name);
    fs::create_dir_all(path.parent().expect("in a folder")).expect("writable");
    let value = |_, y| Luma([if marked && y + 1 == height { 255 } else { 0 }]);
    GrayImage::from_fn(width, height, value)
        .save(&path)
        .expect("writable");
    path
}

fn data_set() -> TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    let root = folder.path();
    save(root, "test/good/0.png", (4, 6), false);
    for (name, mask) in [
        ("test/scratch/0.png", "Ground_Truth/scratch/0_mask.png"),
        ("test/scratch/1.bmp", "Ground_Truth/scratch/1.png"),
        ("test/scratch/2.pgm", "Ground_Truth/scratch/2.pgm"),
        ("test/dent/deep/0.png", "Ground_Truth/dent/deep/0_mask.png"),
    ] {
        save(root, name, (5, 7), false);
        save(root, mask, (5, 7), true);
    }
    folder
}

fn of(folder: &TempDir) -> MaskFolder {
    MaskFolder::of_data_set(folder.path()).expect("in MVTec AD's layout")
}

fn message(result: Result<Mask, impl std::fmt::Display>, folder: &TempDir) -> String {
    let message = result.expect_err("refused").to_string();
    assert!(!message.contains('\n'), "{message}");
    message.replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn each_image_has_its_mask_under_one_of_three_names() {
    let folder = data_set();
    let masks = of(&folder);
    assert_eq!(masks.folder(), folder.path().join("Ground_Truth"));
    for name in [
        "scratch/0.png",
        "scratch/1.bmp",
        "scratch/2.pgm",
        "dent/deep/0.png",
    ] {
        let mask = masks
            .read(folder.path().join("test").join(name), true)
            .expect(name);
        assert_eq!(mask.size(), (5, 7));
        let expected: Vec<bool> = (0..35).map(|pixel| pixel >= 28).collect();
        assert_eq!(mask.anomalous(), expected, "{name}");
    }
    let normal = masks
        .read(folder.path().join("test/good/0.png"), false)
        .expect("needs none");
    assert_eq!((normal.size(), normal.is_anomalous()), ((4, 6), false));
}

#[test]
fn masks_may_lie_anywhere() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let root = folder.path();
    let image = save(root, "defects/7.png", (3, 2), false);
    save(root, "marked/7.png", (3, 2), true);
    let masks = MaskFolder::new(root.join("marked"), root.join("defects"));
    assert!(masks.read(&image, true).expect("a mask").is_anomalous());
    // Beside the images.
    save(root, "defects/7_mask.png", (3, 2), true);
    let masks = MaskFolder::new(root.join("defects"), root.join("defects"));
    assert!(masks.read(&image, true).expect("a mask").is_anomalous());
}

#[test]
fn a_mask_has_the_size_of_its_image_as_it_is_turned() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let root = folder.path();
    // A TIFF of one row and three columns that is to be turned by 90 degrees.
    let mut tiff: Vec<u8> = b"II*\0\x0b\0\0\0\x09\x09\x09".to_vec();
    let fields: [(u16, u16, u32, u32); 9] = [
        (256, 3, 1, 3),
        (257, 3, 1, 1),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (274, 3, 1, 6),
        (277, 3, 1, 1),
        (279, 4, 1, 3),
    ];
    tiff.extend((fields.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in fields {
        tiff.extend(tag.to_le_bytes());
        tiff.extend(kind.to_le_bytes());
        tiff.extend(count.to_le_bytes());
        tiff.extend(value.to_le_bytes());
    }
    tiff.extend([0; 4]);
    fs::create_dir_all(root.join("images")).expect("writable");
    let image = root.join("images/0.tif");
    fs::write(&image, tiff).expect("writable");
    save(root, "masks/0.png", (3, 1), true);
    let masks = MaskFolder::new(root.join("masks"), root.join("images"));
    assert_eq!(masks.read(&image, true).expect("turned").size(), (3, 1));
    save(root, "masks/0.png", (1, 3), true);
    assert_eq!(
        message(masks.read(&image, true), &folder),
        "masks/0.png: found a mask of 1x3, expected 3x1 as images/0.tif has"
    );
}

#[test]
fn what_leaves_an_image_without_one_mask_is_an_error_that_names_both() {
    let folder = data_set();
    let (root, masks) = (folder.path(), of(&folder));
    let lost = save(root, "test/dent/3.bmp", (5, 7), false);
    assert_eq!(
        message(masks.read(&lost, true), &folder),
        "test/dent/3.bmp: found no mask of this anomalous image, expected one of: Ground_Truth/dent/3_mask.png, \
         Ground_Truth/dent/3.png, Ground_Truth/dent/3.bmp"
    );
    save(root, "Ground_Truth/dent/3.png", (5, 7), true);
    save(root, "Ground_Truth/dent/3_mask.png", (5, 7), true);
    assert_eq!(
        message(masks.read(&lost, true), &folder),
        "test/dent/3.bmp: found the masks Ground_Truth/dent/3_mask.png and Ground_Truth/dent/3.png, expected one"
    );
    let image = root.join("test/scratch/0.png");
    save(root, "Ground_Truth/scratch/0_mask.png", (5, 8), true);
    assert_eq!(
        message(masks.read(&image, true), &folder),
        "Ground_Truth/scratch/0_mask.png: found a mask of 5x8, expected 5x7 as test/scratch/0.png has"
    );
    let normal = root.join("test/good/0.png");
    save(root, "Ground_Truth/good/0_mask.png", (4, 6), true);
    assert_eq!(
        message(masks.read(&normal, false), &folder),
        "Ground_Truth/good/0_mask.png: found anomalous pixels, expected none, since test/good/0.png is normal"
    );
    save(root, "Ground_Truth/good/0_mask.png", (4, 6), false);
    assert!(masks.read(&normal, false).is_ok());
    assert_eq!(
        message(masks.read(root.join("train/good/0.png"), true), &folder),
        "train/good/0.png: found an image in another folder, expected one in test, which the masks are of"
    );
    let image = root.join("test/scratch/1.bmp");
    fs::write(&image, "no image").expect("writable");
    assert!(message(masks.read(&image, true), &folder).starts_with("test/scratch/1.bmp: "));
    fs::write(root.join("Ground_Truth/scratch/2.pgm"), "no image").expect("writable");
    let image = root.join("test/scratch/2.pgm");
    assert!(message(masks.read(&image, true), &folder).starts_with("Ground_Truth/scratch/2.pgm: "));
}

#[test]
fn folders_without_masks_or_tests_say_so() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let message = || {
        let error = MaskFolder::of_data_set(folder.path()).expect_err("no masks");
        error
            .to_string()
            .replace(&format!("{}/", folder.path().display()), "")
    };
    assert_eq!(
        message(),
        "ground_truth: no such folder, expected the folder with the masks of test images"
    );
    fs::create_dir(folder.path().join("ground_truth")).expect("writable");
    assert_eq!(
        message(),
        "test: no such folder, expected the folder with test images"
    );
    fs::create_dir(folder.path().join("test")).expect("writable");
    fs::create_dir(folder.path().join("testing")).expect("writable");
    assert_eq!(
        message(),
        "testing: found beside test, expected one folder of test images"
    );
    fs::remove_dir(folder.path().join("testing")).expect("writable");
    assert!(MaskFolder::of_data_set(folder.path()).is_ok());
    let _ = fs::create_dir(folder.path().join("Ground_Truth"));
    // On a file system that does not tell them apart it is the same folder.
    if fs::read_dir(folder.path()).expect("readable").count() == 3 {
        assert_eq!(
            message(),
            "ground_truth: found beside Ground_Truth, expected one folder of the masks of test images"
        );
    }
    let absent = MaskFolder::of_data_set(folder.path().join("absent")).expect_err("absent");
    assert!(
        absent.to_string().contains("absent: cannot be read"),
        "{absent}"
    );
}

#[test]
fn soft_edges_are_parted_in_the_middle_where_they_are_allowed() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let root = folder.path();
    let image = save(root, "images/0.png", (1, 5), false);
    let soft = |values: Vec<u8>| {
        let path = root.join("masks/0.png");
        fs::create_dir_all(root.join("masks")).expect("writable");
        GrayImage::from_vec(5, 1, values)
            .expect("five pixels")
            .save(path)
            .expect("writable");
    };
    let masks = MaskFolder::new(root.join("masks"), root.join("images"));
    let allowed = masks.clone().with_soft_edges();
    soft(vec![0, 3, 127, 128, 250]);
    assert!(
        message(masks.read(&image, true), &folder)
            .starts_with("masks/0.png: mask: found the values 0, 3")
    );
    let found = allowed.read(&image, true).expect("parted");
    assert_eq!(found.anomalous(), [false, false, false, true, true]);
    // Two values mean what they always do.
    soft(vec![0, 0, 1, 0, 1]);
    let found = allowed.read(&image, true).expect("two values");
    assert_eq!(found.anomalous(), [false, false, true, false, true]);
    soft(vec![0, 3, 100, 0, 0]);
    assert!(message(allowed.read(&image, true), &folder).contains("found values from 0 to 100"));
}

#[derive(Deserialize)]
struct Case {
    name: String,
    images: Vec<ImageCase>,
    regions: usize,
    auc: f64,
    average_precision: f64,
    best_f1: f64,
    aupro: f64,
}

#[derive(Deserialize)]
struct ImageCase {
    size: (usize, usize),
    map: Vec<f32>,
    mask: Vec<u8>,
}

#[test]
fn pixels_of_images_of_all_sizes_agree_with_scikit_learn() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../fixtures/image_masks.json"))
        .expect("written by the script");
    assert_eq!(cases.len(), 2);
    for case in cases {
        let mut pixels = PixelScores::new();
        for image in &case.images {
            let mask: Vec<bool> = image.mask.iter().map(|&value| value == 1).collect();
            pixels
                .push(&image.map, &mask, image.size)
                .expect("sizes agree");
        }
        assert_eq!(pixels.regions(), case.regions, "{}", case.name);
        let ranking = pixels.rank().expect("both kinds");
        for (what, found, expected) in [
            ("AUC", ranking.auc(), case.auc),
            (
                "average precision",
                ranking.average_precision(),
                case.average_precision,
            ),
            ("best F1", ranking.best_f1().0, case.best_f1),
            ("AUPRO", ranking.aupro(0.3).expect("a rate"), case.aupro),
        ] {
            assert!(
                (found - expected).abs() <= 1e-12,
                "{}: {what} is {found}, expected {expected}",
                case.name
            );
        }
    }
}

type Drawn = (usize, usize, Vec<(f32, bool)>);

fn images() -> impl Strategy<Value = Vec<Drawn>> {
    let image = (1usize..6, 1usize..8).prop_flat_map(|(height, width)| {
        let score = prop_oneof![(0u8..5).prop_map(f32::from), 0.0f32..5.0];
        let pixel = (score, (0u8..4).prop_map(|value| value == 0));
        (
            Just(height),
            Just(width),
            proptest::collection::vec(pixel, height * width),
        )
    });
    proptest::collection::vec(image, 1..6)
}

/// Numbers of the regions, spread among neighbours until nothing changes; 0 for normal pixels.
fn regions((height, width, pixels): &Drawn) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..pixels.len())
        .map(|at| if pixels[at].1 { at + 1 } else { 0 })
        .collect();
    for _ in 0..height * width {
        for a in 0..numbers.len() {
            for b in 0..numbers.len() {
                let touch =
                    (a / width).abs_diff(b / width) <= 1 && (a % width).abs_diff(b % width) <= 1;
                if touch && numbers[a] != 0 && numbers[b] != 0 {
                    numbers[a] = numbers[a].min(numbers[b]);
                }
            }
        }
    }
    numbers
}

proptest! {
    /// All pixels of all images in one row, whatever image they are of; of AUPRO each region of each image on its own.
    #[test]
    fn pixels_of_images_of_all_sizes_agree_with_the_definitions(mut images in images()) {
        // Both kinds.
        images.push((1, 2, vec![(1.0, true), (2.0, false)]));
        let mut pixels = PixelScores::new();
        for (height, width, drawn) in &images {
            let (map, mask): (Vec<f32>, Vec<bool>) = drawn.iter().copied().unzip();
            pixels.push(&map, &mask, (*height, *width)).unwrap();
        }
        let ranking = pixels.rank().unwrap();
        let all: Vec<(f32, bool)> = images.iter().flat_map(|(_, _, drawn)| drawn.iter().copied()).collect();
        let scores: Vec<f64> = all.iter().map(|&(score, _)| f64::from(score)).collect();
        let anomalous: Vec<bool> = all.iter().map(|&(_, anomalous)| anomalous).collect();
        prop_assert!((ranking.auc() - roc_auc(&scores, &anomalous).unwrap()).abs() < 1e-12);
        let expected = average_precision(&scores, &anomalous).unwrap();
        prop_assert!((ranking.average_precision() - expected).abs() < 1e-12);
        let expected = detection_at_best_f1(&scores, &anomalous).unwrap().f1();
        prop_assert!((ranking.best_f1().0 - expected).abs() < 1e-12);

        let mut thresholds = scores;
        thresholds.sort_by(|a, b| b.total_cmp(a));
        thresholds.dedup();
        let normals = anomalous.iter().filter(|anomalous| !**anomalous).count() as f64;
        let mut curve = vec![(0.0, 0.0)];
        for threshold in thresholds {
            let passed = all.iter().filter(|(score, anomalous)| !anomalous && f64::from(*score) >= threshold);
            let mut shares = Vec::new();
            for image in &images {
                let numbers = regions(image);
                let mut names: Vec<usize> = numbers.iter().copied().filter(|&number| number != 0).collect();
                names.sort();
                names.dedup();
                for name in names {
                    let of_region: Vec<f32> =
                        (0..numbers.len()).filter(|&at| numbers[at] == name).map(|at| image.2[at].0).collect();
                    let hit = of_region.iter().filter(|&&score| f64::from(score) >= threshold).count();
                    shares.push(hit as f64 / of_region.len() as f64);
                }
            }
            curve.push((passed.count() as f64 / normals, shares.iter().sum::<f64>() / shares.len() as f64));
        }
        let area: f64 = curve.windows(2).map(|pair| (pair[1].0 - pair[0].0) * (pair[0].1 + pair[1].1) / 2.0).sum();
        prop_assert!((ranking.aupro(1.0).unwrap() - area).abs() < 1e-12);
    }
}

/// Photographs of magnetic tiles with masks drawn by hand, which have soft edges.
#[test]
fn every_defect_of_the_tiles_has_its_mask() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/tiles");
    if !root.is_dir() {
        println!("skipped: no ../shared/data/tiles");
        return;
    }
    let masks = MaskFolder::of_data_set(&root)
        .expect("in MVTec AD's layout")
        .with_soft_edges();
    let (mut images, mut marked) = (0, 0);
    for class in fs::read_dir(root.join("test")).expect("readable") {
        let class = class.expect("readable").path();
        let anomalous = !class.ends_with("good");
        for image in fs::read_dir(class).expect("readable") {
            let mask = masks
                .read(image.expect("readable").path(), anomalous)
                .expect("a mask");
            assert_eq!(mask.is_anomalous(), anomalous);
            images += 1;
            marked += usize::from(anomalous);
        }
    }
    assert_eq!((images, marked), (255, 179));
}
