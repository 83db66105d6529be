//! Images in class folders: every layout, and everything that can be wrong with them.

use std::fs;
use std::path::{MAIN_SEPARATOR, Path};

use image::{GrayImage, ImageFormat, Luma, Rgb, RgbImage};
use memae_data::dataset::{ImageFolder, ImageFolderConfig};
use memae_data::format::Numbering;
use memae_data::protocol::{OneClassConfig, Split};
use memae_data::sample::{FrameColour, ResizeFilter, Video};
use proptest::prelude::*;

/// A picture of 7 columns and 5 rows that tells rows, columns and channels apart, and `level` from other levels.
fn picture(level: u8) -> RgbImage {
    RgbImage::from_fn(7, 5, |x, y| {
        Rgb([level, (x * 30) as u8, (y * 40 + x) as u8].map(|value| value.wrapping_add(level)))
    })
}

/// Its pixels, `[channels, height, width]` flattened.
fn planes(image: &RgbImage) -> Vec<u8> {
    let channel = |channel: usize| image.pixels().map(move |pixel| pixel.0[channel]);
    (0..3).flat_map(channel).collect()
}

fn save(root: &Path, name: &str, image: &RgbImage) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().expect("in a folder")).expect("writable");
    image.save(path).expect("writable");
}

/// A folder of pictures, each with its index as level.
fn folder(names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    for (level, name) in names.iter().enumerate() {
        save(folder.path(), name, &picture(level as u8));
    }
    folder
}

const SETS: [&str; 7] = [
    "train/good/2.png",
    "train/good/10.png",
    "train/good/1.png",
    "test/scratch/0.png",
    "test/good/0.png",
    "test/dent/000.png",
    "test/dent/001.bmp",
];

fn read(folder: &Path) -> ImageFolder {
    ImageFolderConfig::default().read(folder).expect("intact")
}

/// The message without the folder's name, which changes from run to run.
fn message(config: &ImageFolderConfig, folder: &Path) -> String {
    let message = config.read(folder).expect_err("damaged").to_string();
    assert!(!message.contains('\n'), "{message}");
    message
        .replace(&format!("{}{MAIN_SEPARATOR}", folder.display()), "")
        .replace(&folder.display().to_string(), "ROOT")
        .replace(MAIN_SEPARATOR, "/")
}

fn default_message(folder: &Path) -> String {
    message(&ImageFolderConfig::default(), folder)
}

fn relative(files: &[std::path::PathBuf], folder: &Path) -> Vec<String> {
    let relative = |path: &std::path::PathBuf| {
        let path = path.strip_prefix(folder).expect("in the folder");
        path.display().to_string().replace(MAIN_SEPARATOR, "/")
    };
    files.iter().map(relative).collect()
}

#[test]
fn both_sets_share_the_labels_of_all_classes() {
    let folder = folder(&SETS);
    let images = read(folder.path());
    assert_eq!(images.classes.names(), ["dent", "good", "scratch"]);
    assert_eq!(images.train.shape().to_string(), "3x5x7");
    assert_eq!(images.train.labels(), [1, 1, 1]);
    assert_eq!(images.test.labels(), [0, 0, 1, 2]);
    assert_eq!(
        relative(&images.train_files, folder.path()),
        ["train/good/1.png", "train/good/2.png", "train/good/10.png"]
    );
    assert_eq!(
        relative(&images.test_files, folder.path()),
        [
            "test/dent/000.png",
            "test/dent/001.bmp",
            "test/good/0.png",
            "test/scratch/0.png"
        ]
    );
    for (index, level) in [2, 0, 1].into_iter().enumerate() {
        assert_eq!(images.train.pixels(index), planes(&picture(level)));
    }
    for (index, level) in [5, 6, 4, 3].into_iter().enumerate() {
        assert_eq!(images.test.pixels(index), planes(&picture(level)));
    }
}

#[test]
fn a_set_goes_through_the_one_class_protocol_by_name() {
    let folder = folder(&SETS);
    let images = read(folder.path());
    let normal = images.classes.label("good").expect("known");
    let data = OneClassConfig::new(normal)
        .apply(&images.train, &images.test)
        .expect("good in both");
    assert_eq!(data.train, images.train);
    assert_eq!(data.test, images.test, "so that files tell of its images");
    assert_eq!(data.anomalous, [true, true, false, true]);

    let error = images.classes.label("crack").expect_err("no such class");
    assert_eq!(
        error.to_string(),
        "class `crack`: not found, expected one of: dent, good, scratch"
    );
}

#[test]
fn one_set_is_divided_at_random() {
    let names: Vec<String> = (0..6)
        .flat_map(|index| [format!("10/{index}.png"), format!("9/{index}.png")])
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let folder = folder(&names);
    let images = read(folder.path());
    assert_eq!(
        images.classes.names(),
        ["9", "10"],
        "numbers by their value"
    );
    assert_eq!(images.train.labels(), [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
    assert!(images.test.is_empty() && images.test_files.is_empty());
    assert_eq!(images.test.shape(), images.train.shape());

    let data = OneClassConfig::new(images.classes.label("10").expect("known"))
        .with_split(Split::two_to_one(1))
        .apply(&images.train, &images.test)
        .expect("six of each");
    assert_eq!(
        (data.train.len(), data.normal(), data.anomalies()),
        (4, 2, 6)
    );
}

#[test]
fn classes_may_be_called_train_and_test() {
    let folder = folder(&["train/1.png", "test/1.png", "tram/1.png"]);
    assert_eq!(
        read(folder.path()).classes.names(),
        ["test", "train", "tram"]
    );
    let folder = self::folder(&["train/1.png", "car/1.png"]);
    assert_eq!(read(folder.path()).classes.names(), ["car", "train"]);
}

#[test]
fn what_is_no_image_of_a_class_is_passed_over() {
    let folder = folder(&SETS);
    let expected = read(folder.path());
    for name in [
        "readme.txt",
        "license.png",
        ".hidden/a.png",
        "ground_truth/scratch/0_mask.png",
        "train/.DS_Store",
        "train/list.csv",
        "train/good/.DS_Store",
        "train/good/._1.png",
        "train/good/Thumbs.db",
        "train/good/notes.txt",
        "train/good/no_ending",
        "train/good/thumbnails/1.png",
        "test/dent/desktop.ini",
    ] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("in a folder")).expect("writable");
        fs::write(path, b"no image").expect("writable");
    }
    assert_eq!(read(folder.path()), expected);
}

#[test]
fn images_are_brought_to_the_form_of_frames() {
    let folder = folder(&["a/1.png", "a/2.png", "b/1.png"]);
    // Another size, in grey, as a JPEG with an ending in capitals.
    let grey = GrayImage::from_fn(11, 13, |x, y| Luma([(x * y) as u8]));
    let path = folder.path().join("a/3.JPG");
    grey.save_with_format(path, ImageFormat::Jpeg)
        .expect("writable");

    for (colour, channels) in [(FrameColour::Grey, 1), (FrameColour::Rgb, 3)] {
        let config = ImageFolderConfig::default()
            .with_colour(colour)
            .with_size(3, 2)
            .with_filter(ResizeFilter::Triangle);
        let images = config.read(folder.path()).expect("intact");
        assert_eq!(images.train.shape().to_string(), format!("{channels}x3x2"));
        assert_eq!(images.train.labels(), [0, 0, 0, 1]);
        let format = memae_data::sample::FrameFormat::default()
            .with_colour(colour)
            .with_size(3, 2)
            .with_filter(ResizeFilter::Triangle);
        for (index, file) in images.train_files.iter().enumerate() {
            // A video of this one image.
            let alone = tempfile::tempdir().expect("temporary folder");
            let copy = alone.path().join(file.file_name().expect("a file"));
            fs::copy(file, copy).expect("writable");
            let video = Video::from_folder(alone.path(), Numbering::Natural).expect("an image");
            let frame = video.frames(&format).expect("in range").next();
            let frame = frame.expect("one frame").expect("intact");
            assert_eq!(images.train.pixels(index), frame.pixels, "{file:?}");
        }
    }
}

#[test]
fn jpegs_are_read() {
    let folder = tempfile::tempdir().expect("temporary folder");
    save(
        folder.path(),
        "train/grey/1.jpg",
        &RgbImage::from_pixel(8, 16, Rgb([90; 3])),
    );
    save(
        folder.path(),
        "test/grey/1.jpeg",
        &RgbImage::from_pixel(8, 16, Rgb([90; 3])),
    );
    save(
        folder.path(),
        "test/white/1.jpg",
        &RgbImage::from_pixel(8, 16, Rgb([255; 3])),
    );
    let images = ImageFolderConfig::default()
        .with_colour(FrameColour::Grey)
        .read(folder.path())
        .expect("intact");
    assert_eq!(images.train.pixels(0), [90; 128]);
    assert_eq!(images.test.labels(), [0, 1]);
    assert!(images.test.pixels(1).iter().all(|&pixel| pixel >= 254));
}

#[test]
fn a_missing_folder_says_so() {
    let folder = folder(&["a/1.png"]);
    let expected =
        "ROOT: no such folder, expected the folder with one folder of images for each class";
    assert_eq!(default_message(&folder.path().join("absent")), expected);
    assert_eq!(default_message(&folder.path().join("a/1.png")), expected);
}

#[test]
fn a_missing_set_is_named() {
    let folder = folder(&["train/good/1.png"]);
    assert_eq!(
        default_message(folder.path()),
        "ROOT: test images not found, expected one of: test"
    );
    let folder = self::folder(&["test/good/1.png"]);
    assert_eq!(
        default_message(folder.path()),
        "ROOT: training images not found, expected one of: train"
    );
}

#[test]
fn folders_without_classes_or_images_are_errors() {
    let empty = tempfile::tempdir().expect("temporary folder");
    assert_eq!(
        default_message(empty.path()),
        "ROOT: found no folders, expected one folder of images for each class"
    );
    let flat = folder(&["1.png", "2.png"]);
    assert_eq!(
        default_message(flat.path()),
        "ROOT: found no folders, expected one folder of images for each class"
    );
    // Test images without their classes.
    let unlabelled = folder(&["train/good/1.png", "test/1.png"]);
    assert_eq!(
        default_message(unlabelled.path()),
        "test: found no folders, expected one folder of images for each class"
    );

    let folder = folder(&SETS);
    let class = folder.path().join("test/crack");
    fs::create_dir(&class).expect("writable");
    fs::write(class.join(".DS_Store"), b"").expect("writable");
    fs::write(class.join("1.webp"), b"").expect("writable");
    assert_eq!(
        default_message(folder.path()),
        "test/crack: found no images, expected images that end in .jpg, .jpeg, .png, .bmp, .tif, .tiff"
    );
}

#[test]
fn files_that_are_no_images_are_named() {
    // The first file, whose size is asked for, and a later one.
    for name in ["train/good/1.png", "test/scratch/0.png"] {
        let folder = folder(&SETS);
        fs::write(folder.path().join(name), b"<html>").expect("writable");
        assert_eq!(
            default_message(folder.path()),
            format!("{name}: found no image, expected JPEG, PNG, BMP or TIFF")
        );
    }
    let folder = folder(&SETS);
    let path = folder.path().join("test/good/0.png");
    let whole = fs::read(&path).expect("written before");
    fs::write(&path, &whole[..whole.len() / 2]).expect("writable");
    let message = default_message(folder.path());
    assert!(
        message.starts_with("test/good/0.png: found a damaged or cut off image ("),
        "{message}"
    );
}

#[test]
fn sizes_that_differ_ask_for_one() {
    let folder = folder(&SETS);
    save(folder.path(), "test/good/1.png", &RgbImage::new(11, 13));
    assert_eq!(
        default_message(folder.path()),
        "test/good/1.png: found an image of 13x11, expected 5x7 as in train/good/1.png, \
         or a size to bring all images to"
    );
    let sized = ImageFolderConfig::default().with_size(5, 7);
    let images = sized.read(folder.path()).expect("a size is given");
    assert_eq!(images.test.labels(), [0, 0, 1, 1, 2]);
}

#[test]
fn sizes_out_of_range_are_errors() {
    let folder = folder(&SETS);
    for (height, width) in [(0, 7), (5, 0), (16_385, 7), (5, usize::MAX)] {
        assert_eq!(
            message(
                &ImageFolderConfig::default().with_size(height, width),
                folder.path()
            ),
            format!("frame size: found {height}x{width}, expected sides of 1 to 16384 pixels")
        );
    }
}

#[test]
fn memory_is_limited_before_images_are_decoded() {
    let folder = folder(&SETS);
    let bytes = 7 * 3 * 5 * 7;
    let config = ImageFolderConfig::default().with_max_bytes(bytes);
    assert!(config.read(folder.path()).is_ok());
    // Damage that decoding would find.
    fs::write(folder.path().join(SETS[3]), b"damaged").expect("writable");
    assert_eq!(
        message(&config.clone().with_max_bytes(bytes - 1), folder.path()),
        "ROOT: found 7 images of 3x5x7, expected at most 734 bytes of pixels, or a smaller size"
    );
    let large = config.with_size(16_384, 16_384).with_max_bytes(1 << 30);
    assert_eq!(
        message(&large, folder.path()),
        "ROOT: found 7 images of 3x16384x16384, expected at most 1073741824 bytes of pixels, or a smaller size"
    );
}

#[test]
fn more_classes_than_labels_are_an_error() {
    let root = tempfile::tempdir().expect("temporary folder");
    for class in 0..256 {
        save(root.path(), &format!("{class}/1.png"), &RgbImage::new(1, 1));
    }
    let images = read(root.path());
    let labels: Vec<u8> = (0..=255).collect();
    assert_eq!(images.train.labels(), labels);
    assert_eq!(images.classes.label("255").expect("known"), 255);

    save(root.path(), "256/1.png", &RgbImage::new(1, 1));
    assert_eq!(
        default_message(root.path()),
        "ROOT: found 257 classes, expected at most 256"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text_are_errors() {
    use std::os::unix::ffi::OsStrExt;

    let folder = folder(&["a/1.png"]);
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9");
    fs::create_dir(folder.path().join(name)).expect("writable");
    assert_eq!(
        default_message(folder.path()),
        "caf\u{fffd}: found a folder whose name is not UTF-8, expected the name of a class"
    );
}

#[test]
fn settings_survive_serialisation() {
    let config = ImageFolderConfig::default()
        .with_colour(FrameColour::Grey)
        .with_size(64, 32)
        .with_filter(ResizeFilter::Lanczos3)
        .with_max_bytes(1 << 20);
    let text = serde_json::to_string(&config).expect("plain data");
    assert_eq!(
        serde_json::from_str::<ImageFolderConfig>(&text).expect("own text"),
        config
    );
    let short: ImageFolderConfig = serde_json::from_str(r#"{"size": [64, 32]}"#).expect("defaults");
    assert_eq!(short, ImageFolderConfig::default().with_size(64, 32));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Any classes in any set: labels, pixels and files go together.
    #[test]
    fn every_image_keeps_its_class(
        train in proptest::collection::btree_map("[a-c][0-9]{1,2}", 1u8..4, 1..5),
        test in proptest::collection::btree_map("[a-c][0-9]{1,2}", 1u8..4, 1..5),
    ) {
        let root = tempfile::tempdir().expect("temporary folder");
        let mut level = 0;
        let mut levels = std::collections::BTreeMap::new();
        for (set, classes) in [("train", &train), ("test", &test)] {
            for (class, &count) in classes {
                for index in 0..count {
                    let name = format!("{set}/{class}/{index}.png");
                    save(root.path(), &name, &picture(level));
                    levels.insert(name, level);
                    level += 1;
                }
            }
        }
        let images = read(root.path());
        let both = train.keys().chain(test.keys());
        let distinct: std::collections::BTreeSet<&String> = both.collect();
        prop_assert_eq!(images.classes.names().len(), distinct.len());
        prop_assert_eq!(images.train_files.len() + images.test_files.len(), levels.len());
        for (set, files) in [(&images.train, &images.train_files), (&images.test, &images.test_files)] {
            prop_assert_eq!(set.len(), files.len());
            prop_assert!(set.labels().is_sorted());
            for (index, name) in relative(files, root.path()).iter().enumerate() {
                let class = name.split('/').nth(1).expect("set, class, file");
                prop_assert_eq!(images.classes.label(class).expect("known"), set.label(index));
                prop_assert_eq!(set.pixels(index), planes(&picture(levels[name])));
            }
        }
    }
}
