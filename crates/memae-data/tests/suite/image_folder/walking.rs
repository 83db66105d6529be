//! Which files are found, and what is passed over.

use memae_data::format::PassedOverReason;

use super::*;

fn write(root: &Path, name: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().expect("in a folder")).expect("writable");
    fs::write(path, b"no image").expect("writable");
}

/// How many were passed over for each reason, and their names.
fn passed_over(images: &ImageFolder) -> Vec<(PassedOverReason, usize, Vec<String>)> {
    let name = |path: &std::path::PathBuf| path.display().to_string().replace(MAIN_SEPARATOR, "/");
    images
        .passed_over
        .by_reason()
        .map(|(reason, count, names)| (reason, count, names.iter().map(name).collect()))
        .collect()
}

#[test]
fn what_is_passed_over_is_counted_and_named() {
    let folder = folder(&SETS);
    let expected = read(folder.path());
    assert!(expected.passed_over.is_empty());
    for name in [
        "readme.txt",
        "license.png",
        ".hidden/a.png",
        "ground_truth/scratch/0_mask.png",
        "validation/good/0.png",
        "train/.DS_Store",
        "train/list.csv",
        "train/good/.DS_Store",
        "train/good/._1.png",
        "train/good/Thumbs.db",
        "train/good/notes.txt",
        "train/good/no_ending",
        "train/good/photo.heic",
        "test/dent/desktop.ini",
        "test/ground_truth/dent/000.png",
    ] {
        write(folder.path(), name);
    }
    let images = read(folder.path());
    assert_eq!(images.train, expected.train);
    assert_eq!(images.test, expected.test);
    assert_eq!(images.classes, expected.classes);
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        passed_over(&images),
        [
            (
                PassedOverReason::Hidden,
                4,
                names(&[
                    ".hidden",
                    "train/.DS_Store",
                    "train/good/.DS_Store",
                    "train/good/._1.png",
                ])
            ),
            (
                PassedOverReason::Ending,
                7,
                names(&[
                    "readme.txt",
                    "train/list.csv",
                    "train/good/Thumbs.db",
                    "train/good/no_ending",
                    "train/good/notes.txt",
                ])
            ),
            (
                PassedOverReason::GroundTruth,
                2,
                names(&["ground_truth", "test/ground_truth"])
            ),
            (
                PassedOverReason::Beside,
                2,
                names(&["license.png", "validation"])
            ),
        ]
    );
    let text = images.passed_over.to_string();
    assert!(
        text.starts_with("15 passed over: 4 hidden (.hidden, "),
        "{text}"
    );
    assert!(
        text.contains(", …), 2 folders of masks (ground_truth, "),
        "{text}"
    );
}

#[test]
fn folders_within_a_class_are_entered() {
    let folder = folder(&[
        "train/good/2.png",
        "train/good/10.png",
        "train/good/batch10/1.png",
        "train/good/batch2/deep/1.png",
        "train/good/batch2/2.jpeg",
        "train/good/3.bmp",
    ]);
    let images = read(folder.path());
    assert_eq!(
        relative(&images.train_files, folder.path()),
        [
            "train/good/2.png",
            "train/good/3.bmp",
            "train/good/10.png",
            "train/good/batch2/2.jpeg",
            "train/good/batch2/deep/1.png",
            "train/good/batch10/1.png",
        ]
    );
    assert_eq!(images.train.labels(), [0; 6]);
    assert_eq!(images.train.pixels(5), planes(&picture(2)));
}

#[test]
fn every_ending_is_read() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let class = folder.path().join("train/good");
    fs::create_dir_all(&class).expect("writable");
    // One colour, which loses nothing.
    let image = RgbImage::from_pixel(8, 8, Rgb([90; 3]));
    let formats = [
        ("jpg", image::ImageFormat::Jpeg),
        ("JPEG", image::ImageFormat::Jpeg),
        ("jfif", image::ImageFormat::Jpeg),
        ("jpe", image::ImageFormat::Jpeg),
        ("png", image::ImageFormat::Png),
        ("bmp", image::ImageFormat::Bmp),
        ("tif", image::ImageFormat::Tiff),
        ("tiff", image::ImageFormat::Tiff),
        ("webp", image::ImageFormat::WebP),
        ("gif", image::ImageFormat::Gif),
        ("pgm", image::ImageFormat::Pnm),
        ("ppm", image::ImageFormat::Pnm),
        ("pnm", image::ImageFormat::Pnm),
        ("pam", image::ImageFormat::Pnm),
    ];
    for (index, (ending, format)) in formats.into_iter().enumerate() {
        let path = class.join(format!("{index}.{ending}"));
        image.save_with_format(path, format).expect("writable");
    }
    // A bit a pixel, of which 1 is black.
    fs::write(class.join("14.pbm"), b"P4\n8 8\n\0\0\0\0\0\0\0\xff").expect("writable");
    let images = read(folder.path());
    assert!(images.passed_over.is_empty(), "{}", images.passed_over);
    assert_eq!(images.train.len(), 15);
    for index in 0..14 {
        let pixels = images.train.pixels(index);
        assert!(
            pixels.iter().all(|&pixel| pixel.abs_diff(90) < 2),
            "{:?}",
            images.train_files[index]
        );
    }
    assert_eq!(images.train.pixels(14)[..56], [255; 56]);
    assert_eq!(images.train.pixels(14)[56..64], [0; 8]);
}

#[cfg(target_os = "linux")]
#[test]
fn links_are_followed_but_not_round_in_circles() {
    use std::os::unix::fs::symlink;

    let folder = folder(&[
        "train/good/1.png",
        "elsewhere/2.png",
        "elsewhere/more/3.png",
    ]);
    let root = folder.path();
    symlink(root.join("elsewhere/2.png"), root.join("train/good/2.png")).expect("writable");
    symlink(root.join("elsewhere/more"), root.join("train/good/more")).expect("writable");
    symlink(root.join("train"), root.join("train/good/round")).expect("writable");
    symlink(root.join("gone"), root.join("train/good/notes")).expect("writable");
    let images = read(root);
    assert_eq!(
        relative(&images.train_files, root),
        [
            "train/good/1.png",
            "train/good/2.png",
            "train/good/more/3.png"
        ]
    );
    let reasons: Vec<_> = passed_over(&images)
        .into_iter()
        .map(|(reason, count, names)| (reason, count, names.concat()))
        .collect();
    assert_eq!(
        reasons,
        [
            (
                PassedOverReason::NotRegular,
                1,
                "train/good/notes".to_string()
            ),
            (
                PassedOverReason::LinkLoop,
                1,
                "train/good/round".to_string()
            ),
            (PassedOverReason::Beside, 1, "elsewhere".to_string()),
        ]
    );

    // An image that is gone is missing.
    symlink(root.join("gone"), root.join("train/good/4.png")).expect("writable");
    let message = default_message(root);
    assert!(
        message.starts_with("train/good/4.png: cannot be read: "),
        "{message}"
    );
}

/// Folders that all link to each other: there are more ways through them than anyone could go.
#[cfg(target_os = "linux")]
#[test]
fn folders_are_entered_once_however_they_are_linked() {
    let names: Vec<String> = (0..14)
        .map(|index| format!("train/good/{index}/1.png"))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let folder = folder(&names);
    let class = folder.path().join("train/good");
    for from in 0..14 {
        for to in (0..14).filter(|&to| to != from) {
            let link = class.join(format!("{from}/to{to}"));
            std::os::unix::fs::symlink(class.join(to.to_string()), link).expect("writable");
        }
    }
    let images = read(folder.path());
    assert_eq!(images.train.len(), 14);
    let reasons: Vec<_> = passed_over(&images)
        .into_iter()
        .map(|(reason, ..)| reason)
        .collect();
    assert_eq!(reasons, [PassedOverReason::LinkLoop]);
}

/// Neither a class nor a set has images that another one has, whatever links lead where.
#[cfg(target_os = "linux")]
#[test]
fn no_folder_is_entered_in_two_classes_or_sets() {
    use std::os::unix::fs::symlink;

    let folder = folder(&["train/a/1.png", "train/b/2.png"]);
    let train = folder.path().join("train");
    symlink("../b", train.join("a/tob")).expect("writable");
    symlink("../a", train.join("b/toa")).expect("writable");
    let images = read(folder.path());
    assert_eq!(
        relative(&images.train_files, folder.path()),
        ["train/a/1.png", "train/b/2.png"]
    );
    assert_eq!(images.train.labels(), [0, 1]);
    assert_eq!(images.passed_over.count(), 2);

    // A set that is the other one has no images of its own, though its name comes first.
    symlink("train", folder.path().join("test")).expect("writable");
    let images = read(folder.path());
    assert_eq!((images.train.len(), images.test.len()), (2, 0));
    assert_eq!(images.passed_over.count(), 3, "{}", images.passed_over);

    // The same of a class.
    fs::remove_file(folder.path().join("test")).expect("there");
    fs::create_dir_all(folder.path().join("test/c")).expect("writable");
    picture(9)
        .save(folder.path().join("test/c/3.png"))
        .expect("writable");
    symlink("../train/a", folder.path().join("test/a")).expect("writable");
    let images = read(folder.path());
    assert_eq!(
        relative(&images.test_files, folder.path()),
        ["test/c/3.png"]
    );
    assert_eq!(images.passed_over.count(), 3, "{}", images.passed_over);
}

#[test]
fn folders_of_masks_are_known_by_their_name_in_whatever_case() {
    let folder = folder(&[
        "train/good/1.png",
        "test/good/1.png",
        "test/Ground_Truth/1.png",
    ]);
    let images = read(folder.path());
    assert_eq!(images.test.len(), 1);
    assert_eq!(
        images.passed_over.to_string(),
        "1 passed over: 1 folders of masks (test/Ground_Truth)"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn what_never_ends_is_passed_over() {
    let folder = folder(&["train/good/1.png"]);
    let class = folder.path().join("train/good");
    std::os::unix::fs::symlink("/dev/zero", class.join("2.png")).expect("writable");
    let made = std::process::Command::new("mkfifo")
        .arg(class.join("3.png"))
        .status();
    assert!(made.expect("a program of every Linux").success());
    let images = read(folder.path());
    assert_eq!(images.train.len(), 1);
    assert_eq!(
        images.passed_over.to_string(),
        "2 passed over: 2 no regular files (train/good/2.png, train/good/3.png)"
    );
}
