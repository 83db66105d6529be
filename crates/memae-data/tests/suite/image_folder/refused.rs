//! What is refused.

use super::*;

#[test]
fn a_missing_folder_says_so() {
    let folder = folder(&["a/1.png"]);
    let expected =
        "ROOT: no such folder, expected the folder with one folder of images for each class";
    assert_eq!(default_message(&folder.path().join("absent")), expected);
    assert_eq!(default_message(&folder.path().join("a/1.png")), expected);
}

#[test]
fn files_that_are_no_images_are_named() {
    // The first file, whose size is asked for, and a later one.
    for name in ["train/good/1.png", "test/scratch/0.png"] {
        let folder = folder(&SETS);
        fs::write(folder.path().join(name), b"<html>").expect("writable");
        assert_eq!(
            default_message(folder.path()),
            format!("{name}: found no image, expected JPEG, PNG, BMP, TIFF, WebP, GIF or PNM")
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
fn test_images_alone_are_not_enough() {
    for name in ["test/good/1.png", "test/1.png"] {
        let folder = folder(&[name]);
        assert_eq!(
            default_message(folder.path()),
            "ROOT: training images not found, expected one of: train"
        );
    }
}

#[test]
fn folders_without_images_are_errors() {
    let empty = tempfile::tempdir().expect("temporary folder");
    const NONE: &str = "found no images, expected images, or one folder of images for each class";
    assert_eq!(default_message(empty.path()), format!("ROOT: {NONE}"));
    let folder = folder(&["train/good/1.png"]);
    fs::create_dir(folder.path().join("test")).expect("writable");
    assert_eq!(default_message(folder.path()), format!("test: {NONE}"));

    let folder = self::folder(&SETS);
    let class = folder.path().join("test/crack");
    fs::create_dir(&class).expect("writable");
    fs::write(class.join(".DS_Store"), b"").expect("writable");
    fs::write(class.join("1.heic"), b"").expect("writable");
    assert_eq!(
        default_message(folder.path()),
        "test/crack: found no images, expected images that end in .jpg, .jpeg, .jfif, .jpe, .png, .bmp, .tif, .tiff, \
         .webp, .gif, .pgm, .ppm, .pbm, .pnm, .pam"
    );
}

#[test]
fn files_of_several_images_are_not_supported() {
    use image::codecs::gif::GifEncoder;

    let folder = folder(&SETS);
    let file = fs::File::create(folder.path().join("train/good/3.gif")).expect("writable");
    let mut encoder = GifEncoder::new(file);
    for level in [0, 255] {
        let image = image::RgbaImage::from_pixel(7, 5, image::Rgba([level; 4]));
        let frame = image::Frame::new(image);
        encoder.encode_frame(frame).expect("writable");
    }
    drop(encoder);
    assert_eq!(
        default_message(folder.path()),
        "train/good/3.gif: not supported: found 2 frames, expected a file of one image"
    );
}
