//! What becomes of the values of images.

use image::{ExtendedColorType, GrayImage, ImageBuffer, ImageEncoder, ImageFormat, Luma};
use memae_data::format::Numbering;
use memae_data::sample::{
    FrameColour, ImagePreprocessing, PixelSlice, ResizeFilter, StoredRange, Video,
};

use super::*;

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

/// A grey image of 16 bits.
fn deep(root: &Path, name: &str, values: &[u16]) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().expect("in a folder")).expect("writable");
    let image = ImageBuffer::<Luma<u16>, _>::from_vec(values.len() as u32, 1, values.to_vec());
    image.expect("one row").save(path).expect("writable");
}

fn close(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            (found - expected).abs() < 1e-6,
            "{found}, expected {expected}"
        );
    }
}

#[test]
fn images_are_turned_before_their_size_matters() {
    let folder = folder(&["train/good/1.png"]);
    let mut jpeg = Vec::new();
    // Stored lying on its side: 5 columns and 7 rows.
    let stored = image::DynamicImage::from(picture(0)).rotate270().to_rgb8();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 100);
    let exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    encoder.set_exif_metadata(exif.to_vec()).expect("supported");
    encoder
        .write_image(stored.as_raw(), 5, 7, ExtendedColorType::Rgb8)
        .expect("in memory");
    fs::write(folder.path().join("train/good/2.jpg"), jpeg).expect("writable");
    let images = read(folder.path());
    assert_eq!(images.train.shape().to_string(), "3x5x7");
    for (found, expected) in images.train.pixels(1).iter().zip(planes(&picture(0))) {
        // Chroma is kept in coarser blocks.
        assert!(
            found.abs_diff(expected) < 90,
            "{found}, expected {expected}"
        );
    }
}

#[test]
fn transparent_pixels_show_the_background_and_nothing_else() {
    let folder = tempfile::tempdir().expect("temporary folder");
    fs::create_dir_all(folder.path().join("train/good")).expect("writable");
    for index in 0..4u8 {
        let cut_out = image::RgbaImage::from_fn(8, 8, |x, y| match (2..6).contains(&x) {
            true => image::Rgba([90, 90, 90, 255]),
            false => image::Rgba([index * 80, (x * y) as u8, index, 0]),
        });
        let path = folder.path().join(format!("train/good/{index}.png"));
        cut_out.save(path).expect("writable");
    }
    for (colour, background, expected) in [
        (FrameColour::Rgb, [0, 0, 0], 0),
        (FrameColour::Rgb, [200, 200, 200], 200),
        (FrameColour::Grey, [255, 255, 255], 255),
        (FrameColour::Grey, [255, 0, 0], 76),
    ] {
        let config = ImageFolderConfig::default()
            .with_colour(colour)
            .with_background(background);
        let images = config.read(folder.path()).expect("intact");
        assert_eq!(images.train.pixels(0)[..3], [expected, expected, 90]);
        for index in 1..4 {
            assert_eq!(images.train.pixels(index), images.train.pixels(0));
        }
        // By a range, and resized, they are still all alike.
        let scaled = config
            .with_range(StoredRange::given(0.0, 180.0))
            .with_size(5, 5)
            .read(folder.path())
            .expect("intact");
        for index in 1..4 {
            assert_eq!(scaled.train.values(index), scaled.train.values(0));
        }
    }
}

#[test]
fn sixteen_bits_are_kept() {
    let folder = tempfile::tempdir().expect("temporary folder");
    deep(folder.path(), "train/good/1.png", &[0, 300, 301, 65_535]);
    deep(folder.path(), "test/good/1.tif", &[65_534, 1, 2, 3]);
    for (colour, channels) in [(FrameColour::Grey, 1), (FrameColour::Rgb, 3)] {
        let images = ImageFolderConfig::default()
            .with_colour(colour)
            .read(folder.path())
            .expect("intact");
        assert!(matches!(images.train.values(0), PixelSlice::Float(_)));
        for (set, values) in [
            (&images.train, [0.0, 300.0, 301.0, 65_535.0]),
            (&images.test, [65_534.0, 1.0, 2.0, 3.0]),
        ] {
            let expected = values.map(|value| value / 65_535.0);
            let expected: Vec<f32> = (0..channels).flat_map(|_| expected).collect();
            assert_eq!(set.scaled(0), expected);
        }
        assert_eq!(images.clipped.train + images.clipped.test, 0);
    }
}

#[test]
fn a_measured_range_is_that_of_training_images() {
    let folder = tempfile::tempdir().expect("temporary folder");
    deep(folder.path(), "train/good/1.png", &[300, 1200, 3900]);
    deep(folder.path(), "train/good/2.png", &[400, 500, 600]);
    deep(folder.path(), "test/good/1.png", &[200, 2100, 4000]);
    deep(folder.path(), "test/dent/1.png", &[300, 3900, 65_535]);
    let config = ImageFolderConfig::default()
        .with_colour(FrameColour::Grey)
        .with_range(StoredRange::Measured);
    let images = config.read(folder.path()).expect("intact");
    close(&images.train.scaled(0), &[0.0, 0.25, 1.0]);
    close(
        &images.train.scaled(1),
        &[100.0 / 3600.0, 200.0 / 3600.0, 300.0 / 3600.0],
    );
    close(&images.test.scaled(0), &[0.0, 1.0, 1.0]);
    close(&images.test.scaled(1), &[0.0, 0.5, 1.0]);
    assert_eq!((images.clipped.train, images.clipped.test), (0, 3));

    // The settings that come back read a file alone, to the same values.
    let text = serde_json::to_string(&images.preprocessing).expect("plain data");
    let again: ImagePreprocessing = serde_json::from_str(&text).expect("own text");
    assert_eq!(again, images.preprocessing);
    for (index, file) in images.test_files.iter().enumerate() {
        let prepared = again.read(file).expect("intact");
        assert_eq!(prepared.shape, images.test.shape());
        assert_eq!(prepared.pixels.as_slice(), images.test.values(index));
    }
    let error = config
        .preprocessing
        .read(&images.test_files[0])
        .expect_err("no range yet");
    assert!(
        error
            .to_string()
            .contains("expected the one that was measured"),
        "{error}"
    );
    // An image of 8 bits would be black by a range of 16.
    let other = folder.path().join("8.png");
    GrayImage::new(3, 1).save(&other).expect("writable");
    let error = again.read(&other).expect_err("other values").to_string();
    assert!(
        error.ends_with(
            "8.png: found an image of 8 bits, expected 16 bits, which the range of values is of"
        ),
        "{error}"
    );
}

#[test]
fn depths_mix_where_each_has_its_own_range_only() {
    let folder = tempfile::tempdir().expect("temporary folder");
    fs::create_dir_all(folder.path().join("train/good")).expect("writable");
    let eight = GrayImage::from_vec(2, 1, vec![0, 51]).expect("sizes agree");
    eight
        .save(folder.path().join("train/good/1.png"))
        .expect("writable");
    deep(folder.path(), "train/good/2.png", &[13_107, 65_535]);
    let config = ImageFolderConfig::default().with_colour(FrameColour::Grey);
    let images = config.read(folder.path()).expect("intact");
    assert_eq!(images.train.scaled(0), [0.0, 0.2]);
    assert_eq!(images.train.scaled(1), [0.2, 1.0]);
    for range in [StoredRange::Measured, StoredRange::given(0.0, 255.0)] {
        assert_eq!(
            message(&config.clone().with_range(range), folder.path()),
            "train/good/2.png: found an image of 16 bits, expected 8 bits, which the range of values is of"
        );
    }
    // Values of 16 bits take four bytes each, and so do those of 8 bits beside them.
    let small = config.with_max_bytes(15);
    assert_eq!(
        message(&small, folder.path()),
        "ROOT: found 2 images of 1x1x2, expected at most 15 bytes of pixels, or a smaller size"
    );
    assert!(small.with_max_bytes(16).read(folder.path()).is_ok());
}

fn floats(root: &Path, name: &str, values: &[f32]) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().expect("in a folder")).expect("writable");
    let file = fs::File::create(path).expect("writable");
    let mut encoder = tiff::encoder::TiffEncoder::new(file).expect("writable");
    encoder
        .write_image::<tiff::encoder::colortype::Gray32Float>(values.len() as u32, 1, values)
        .expect("writable");
}

#[test]
fn floats_need_a_range() {
    let folder = tempfile::tempdir().expect("temporary folder");
    floats(folder.path(), "train/good/1.tif", &[-1.5, 0.25, 2.5]);
    let config = ImageFolderConfig::default().with_colour(FrameColour::Grey);
    assert_eq!(
        message(&config, folder.path()),
        "train/good/1.tif: found an image of floats, which have no range of their own, \
         expected a range that is given or measured"
    );
    let read = |range| {
        let images = config.clone().with_range(range).read(folder.path());
        images.expect("a range is given")
    };
    close(
        &read(StoredRange::Measured).train.scaled(0),
        &[0.0, 0.4375, 1.0],
    );
    let given = read(StoredRange::given(0.0, 1.0));
    close(&given.train.scaled(0), &[0.0, 0.25, 1.0]);
    assert_eq!(given.clipped.train, 2);

    floats(
        folder.path(),
        "train/good/2.tif",
        &[f32::NAN, 1.0, f32::INFINITY],
    );
    for range in [StoredRange::Measured, StoredRange::given(0.0, 1.0)] {
        assert_eq!(
            message(&config.clone().with_range(range), folder.path()),
            "train/good/2.tif: found 2 pixels that are NaN or infinite, expected finite numbers"
        );
    }
}

#[test]
fn ranges_that_are_none_are_errors() {
    let folder = folder(&["train/good/1.png"]);
    for (low, high, text) in [
        (1.0, 1.0, "1 to 1"),
        (2.0, 1.0, "2 to 1"),
        (f64::NAN, 1.0, "NaN to 1"),
        (0.0, f64::INFINITY, "0 to inf"),
    ] {
        let config = ImageFolderConfig::default().with_range(StoredRange::given(low, high));
        assert_eq!(
            message(&config, folder.path()),
            format!(
                "range of values: found {text}, expected two finite numbers, the lower one first"
            )
        );
    }
    let black = tempfile::tempdir().expect("temporary folder");
    deep(black.path(), "train/good/1.png", &[7, 7]);
    let config = ImageFolderConfig::default().with_range(StoredRange::Measured);
    assert_eq!(
        message(&config, black.path()),
        "ROOT: range of values: found one value only in all training images, expected values that differ"
    );
}

/// Resizing keeps values in [0, 1], also by filters that reach beyond.
#[test]
fn deep_images_are_resized_within_the_range() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let edge: Vec<u16> = (0..16).map(|x| if x < 8 { 0 } else { u16::MAX }).collect();
    deep(folder.path(), "train/good/1.png", &edge);
    let images = ImageFolderConfig::default()
        .with_colour(FrameColour::Grey)
        .with_size(3, 40)
        .with_filter(ResizeFilter::Lanczos3)
        .read(folder.path())
        .expect("intact");
    let values = images.train.scaled(0);
    assert_eq!(images.train.shape().to_string(), "1x3x40");
    assert!(values.iter().all(|value| (0.0..=1.0).contains(value)));
    close(&[values[0], values[39]], &[0.0, 1.0]);
    let between = values.iter().filter(|value| (0.01..0.99).contains(*value));
    assert!(between.count() > 2, "an edge that is interpolated");
}
