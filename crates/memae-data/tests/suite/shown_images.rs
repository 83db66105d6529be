//! What people see of an image beside the sample that is made of it.

use std::io::Cursor;

use image::{DynamicImage, ImageBuffer, ImageFormat, Luma, Rgba};
use memae_data::sample::{FrameColour, ImagePreprocessing, StoredRange};

fn png(image: impl Into<DynamicImage>) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image
        .into()
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("in memory");
    bytes.into_inner()
}

#[test]
fn the_sample_is_that_of_the_image_alone_and_the_picture_keeps_its_size_and_colour() {
    let cut_out = ImageBuffer::from_fn(3, 2, |x, y| {
        Rgba([90 * x as u8, 100 * y as u8, 7, if x == 2 { 0 } else { 255 }])
    });
    let bytes = png(cut_out);
    let preprocessing = ImagePreprocessing::default()
        .with_colour(FrameColour::Grey)
        .with_size(4, 8)
        .with_background([1, 2, 3]);
    let (sample, shown) = preprocessing.decode_shown(&bytes).expect("an image");
    assert_eq!(sample, preprocessing.decode(&bytes).expect("an image"));
    assert_eq!((shown.height, shown.width), (2, 3));
    assert_eq!(shown.rgb[..9], [0, 0, 7, 90, 0, 7, 1, 2, 3]);
    assert_eq!(shown.rgb[9..], [0, 100, 7, 90, 100, 7, 1, 2, 3]);
}

#[test]
fn deep_images_are_seen_within_their_range() {
    let bytes = png(ImageBuffer::from_fn(3, 1, |x, _| {
        Luma([[1000u16, 2000, 9000][x as usize]])
    }));
    let preprocessing =
        ImagePreprocessing::default().with_range(StoredRange::given(1000.0, 3000.0));
    let (sample, shown) = preprocessing.decode_shown(&bytes).expect("an image");
    assert_eq!(sample, preprocessing.decode(&bytes).expect("an image"));
    assert_eq!(shown.rgb, [0, 0, 0, 128, 128, 128, 255, 255, 255]);
    // Its whole range.
    let (_, shown) = ImagePreprocessing::default()
        .decode_shown(&bytes)
        .expect("an image");
    assert_eq!(shown.rgb[..4], [4, 4, 4, 8]);
}

#[test]
fn what_makes_no_sample_makes_no_picture() {
    let bytes = png(ImageBuffer::from_pixel(1, 1, Luma([7u16])));
    let measured = ImagePreprocessing::default().with_range(StoredRange::Measured);
    assert!(measured.decode_shown(&bytes).is_err());
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("cut.png");
    std::fs::write(&path, &bytes[..bytes.len() - 20]).expect("writable");
    let error = ImagePreprocessing::default()
        .read_shown(&path)
        .expect_err("cut off");
    assert!(
        error.to_string().starts_with(path.to_str().expect("text")),
        "{error}"
    );
}
