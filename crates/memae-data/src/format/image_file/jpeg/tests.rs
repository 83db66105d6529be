use std::io::Cursor;

use image::{ImageFormat, RgbImage};

use super::*;

fn is_whole(bytes: &[u8]) -> bool {
    damage(bytes).is_none()
}

#[test]
fn files_are_whole_where_their_end_marker_is() {
    let pixel = |x: u32, y: u32| image::Rgb([(x * 37) as u8, (x * y) as u8, (x ^ y) as u8]);
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_fn(23, 17, pixel)
        .write_to(&mut bytes, ImageFormat::Jpeg)
        .unwrap();
    let whole = bytes.into_inner();
    assert!(is_whole(&whole));
    assert!(
        is_whole(&[&whole[..], &[0; 100]].concat()),
        "padding after it"
    );
    for end in 2..whole.len() {
        assert!(!is_whole(&whole[..end]), "{end} of {} bytes", whole.len());
    }
    // A thumbnail in a segment of the camera's, cut off after it.
    let thumbnail = [&[0xff, 0xd8, 0xff, 0xe1, 0, 8][..], b"Exif", &[0xff, 0xd9]].concat();
    assert!(!is_whole(&thumbnail));
    assert!(is_whole(&[&thumbnail[..], &[0xff, 0xd9]].concat()));
    assert!(!is_whole(&[0xff, 0xd8]));
    assert!(!is_whole(&[0xff, 0xd8, 0xff]));
    assert!(!is_whole(&[0xff, 0xd8, 0xff, 0xe1, 0]));
}
