//! A region of interest: what lies outside becomes the background and has no part in anything.

use std::io::Cursor;

use image::{
    DynamicImage, GrayAlphaImage, GrayImage, ImageBuffer, ImageFormat, Luma, Rgb, RgbImage,
};
use memae_data::dataset::ImageFolderConfig;
use memae_data::metrics::{PixelScores, VideoMetricError};
use memae_data::sample::{FrameColour, ImagePreprocessing, Pixels, Region, StoredRange};

fn png(image: impl Into<DynamicImage>) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image
        .into()
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("in memory");
    bytes.into_inner()
}

/// The right half.
fn right() -> Region {
    Region::rectangle(0.0, 0.5, 1.0, 0.5).expect("a rectangle")
}

fn bits(preprocessing: &ImagePreprocessing, bytes: &[u8]) -> Vec<u8> {
    match preprocessing.decode(bytes).expect("an image").pixels {
        Pixels::Bits8(values) => values,
        other => panic!("{other:?}"),
    }
}

#[test]
fn outside_is_the_background() {
    let colour = ImagePreprocessing::default()
        .with_region(right())
        .with_background([1, 2, 3]);
    let grey = colour.clone().with_colour(FrameColour::Grey);
    let bytes = png(GrayImage::from_fn(4, 2, |x, y| {
        Luma([(10 * x + y) as u8 + 50])
    }));
    assert_eq!(
        bits(&colour, &bytes),
        [
            1, 1, 70, 80, 1, 1, 71, 81, 2, 2, 70, 80, 2, 2, 71, 81, 3, 3, 70, 80, 3, 3, 71, 81
        ]
    );
    // 0.299 + 2 · 0.587 + 3 · 0.114
    assert_eq!(bits(&grey, &bytes), [2, 2, 70, 80, 2, 2, 71, 81]);
    let grey = grey.with_background([9; 3]);
    assert_eq!(bits(&grey, &bytes), [9, 9, 70, 80, 9, 9, 71, 81]);
    let bytes = png(RgbImage::from_fn(2, 1, |x, _| Rgb([100 + x as u8; 3])));
    assert_eq!(bits(&grey, &bytes), [9, 101]);
    let bytes = png(GrayAlphaImage::from_fn(4, 1, |x, _| {
        image::LumaA([200, if x == 3 { 0 } else { 255 }])
    }));
    assert_eq!(bits(&grey, &bytes), [9, 9, 200, 9]);
}

#[test]
fn what_is_outside_changes_no_sample() {
    let with = |value: u8| {
        png(GrayImage::from_fn(40, 30, |x, y| {
            Luma([if x < 20 { value } else { (x + y) as u8 }])
        }))
    };
    let preprocessing = ImagePreprocessing::default()
        .with_region(right())
        .with_size(7, 9);
    assert_eq!(
        bits(&preprocessing, &with(0)),
        bits(&preprocessing, &with(251))
    );
    // A picture is seen whole.
    let (_, shown) = preprocessing.decode_shown(&with(251)).expect("an image");
    assert_eq!(shown.rgb[0], 251);
}

#[test]
fn deep_values_outside_are_neither_clipped_nor_numbers_that_are_missed() {
    let preprocessing = ImagePreprocessing::default()
        .with_colour(FrameColour::Grey)
        .with_region(right())
        .with_range(StoredRange::given(0.0, 1000.0));
    let bytes = png(ImageBuffer::from_fn(4, 1, |x, _| {
        Luma([[60_000u16, 60_000, 500, 2000][x as usize]])
    }));
    let prepared = preprocessing.decode(&bytes).expect("an image");
    assert_eq!(
        (prepared.pixels, prepared.clipped),
        (Pixels::Float(vec![0.0, 0.0, 0.5, 1.0]), 1)
    );

    let folder = tempfile::tempdir().expect("temporary folder");
    let measured = preprocessing.with_range(StoredRange::Measured);
    std::fs::write(folder.path().join("a.png"), &bytes).expect("writable");
    let read = ImageFolderConfig::default()
        .with_preprocessing(measured)
        .read(folder.path())
        .expect("one image");
    let StoredRange::Given { low, high, .. } = read.preprocessing.range else {
        panic!("{:?}", read.preprocessing);
    };
    assert_eq!((low, high), (500.0, 2000.0));
}

#[test]
fn settings_keep_their_region_and_older_ones_have_none() {
    let preprocessing = ImagePreprocessing::default()
        .with_region(right())
        .with_size(5, 5);
    let text = serde_json::to_string(&preprocessing).expect("plain data");
    assert_eq!(
        serde_json::from_str::<ImagePreprocessing>(&text).expect("as written"),
        preprocessing
    );
    let folder = ImageFolderConfig::default().with_preprocessing(preprocessing);
    let text = serde_json::to_string(&folder).expect("plain data");
    assert_eq!(
        serde_json::from_str::<ImageFolderConfig>(&text).expect("as written"),
        folder
    );

    let without = serde_json::to_string(&ImagePreprocessing::default()).expect("plain data");
    assert!(!without.contains("region"), "{without}");
    assert_eq!(
        serde_json::from_str::<ImagePreprocessing>(&without)
            .expect("as written")
            .region,
        None
    );
    let bad = r#"{"region":{"rectangle":{"top":0,"left":0,"height":0,"width":1}}}"#;
    let error = serde_json::from_str::<ImagePreprocessing>(bad).expect_err("no area");
    assert!(
        error
            .to_string()
            .contains("region: found a rectangle of 0 x 1 at 0, 0"),
        "{error}"
    );
}

#[test]
fn pixels_outside_take_no_part_in_metrics() {
    let mask = [true, false, true, true, false, false];
    let map = [0.9, 0.1, 0.4, 0.8, 0.3, 0.5];
    let inside = [false, true, true, true, true, false];
    let mut pixels = PixelScores::new();
    pixels
        .push_within(&map, &mask, (2, 3), Some(&inside))
        .expect("sizes agree");
    assert_eq!((pixels.counts(), pixels.regions()), ((2, 2), 2));
    let mut all = PixelScores::new();
    all.push_within(&map, &mask, (2, 3), Some(&[true; 6]))
        .expect("sizes agree");
    let mut plain = PixelScores::new();
    plain.push(&map, &mask, (2, 3)).expect("sizes agree");
    let (all, plain) = (
        all.rank().expect("both kinds"),
        plain.rank().expect("both kinds"),
    );
    assert_eq!((all.auc(), all.aupro(0.3)), (plain.auc(), plain.aupro(0.3)));
    // A region that the border of what is looked at cuts in two counts as two.
    let mut cut = PixelScores::new();
    cut.push_within(&[0.0; 3], &[true; 3], (1, 3), Some(&[true, false, true]))
        .expect("sizes agree");
    assert_eq!(cut.regions(), 2);
    let error = cut.push_within(&[0.0; 3], &[true; 3], (1, 3), Some(&[true; 2]));
    assert!(matches!(
        error,
        Err(VideoMetricError::RegionSize {
            values: 2,
            height: 1,
            width: 3
        })
    ));
}
