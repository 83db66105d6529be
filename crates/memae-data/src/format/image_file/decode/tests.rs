use super::*;

/// A picture with as much detail as fits, so that nothing of its file is dispensable.
fn picture() -> DynamicImage {
    let pixel =
        |x: u32, y: u32| image::Rgb([(x * 37 + y * 101) as u8, (x * y) as u8, (x ^ y) as u8]);
    image::RgbImage::from_fn(23, 17, pixel).into()
}

fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture().write_to(&mut bytes, format).expect("in memory");
    bytes.into_inner()
}

#[test]
fn every_format_is_read() {
    for format in FORMATS {
        let image = decode_image(&encoded(format)).expect("whole");
        assert_eq!((image.width(), image.height()), (23, 17), "{format:?}");
        if format != ImageFormat::Jpeg {
            assert_eq!(image, picture(), "{format:?}");
        }
    }
}

#[test]
fn images_that_end_anywhere_are_errors() {
    for format in FORMATS {
        let whole = encoded(format);
        let image = decode_image(&whole).expect("whole");
        for end in 0..whole.len() {
            match decode_image(&whole[..end]) {
                Err(_) => {}
                // What is missing may be of no use to anyone, such as the checksum of an empty last chunk.
                Ok(cut) => assert_eq!(cut, image, "{format:?}: {end} of {} bytes", whole.len()),
            }
        }
    }
}

#[test]
fn jpegs_are_whole_where_their_end_marker_is() {
    let whole = encoded(ImageFormat::Jpeg);
    assert!(jpeg_is_whole(&whole));
    assert!(
        jpeg_is_whole(&[&whole[..], &[0; 100]].concat()),
        "padding after it"
    );
    for end in 2..whole.len() {
        assert!(
            !jpeg_is_whole(&whole[..end]),
            "{end} of {} bytes",
            whole.len()
        );
    }
    // A thumbnail in a segment of the camera's, cut off after it.
    let thumbnail = [&[0xff, 0xd8, 0xff, 0xe1, 0, 8][..], b"Exif", &[0xff, 0xd9]].concat();
    assert!(!jpeg_is_whole(&thumbnail));
    assert!(jpeg_is_whole(&[&thumbnail[..], &[0xff, 0xd9]].concat()));
    assert!(!jpeg_is_whole(&[0xff, 0xd8]));
    assert!(!jpeg_is_whole(&[0xff, 0xd8, 0xff]));
    assert!(!jpeg_is_whole(&[0xff, 0xd8, 0xff, 0xe1, 0]));
}

#[test]
fn files_that_are_no_images_say_so() {
    for bytes in [
        &b""[..],
        b"hello, world",
        b"GIF89a\x01\x00\x01\x00",
        &[0; 64],
    ] {
        assert_eq!(
            decode_image(bytes),
            Err(ImageFileError::Format),
            "{bytes:?}"
        );
    }
    let error = decode_image(&encoded(ImageFormat::Png)[..60]).expect_err("cut off");
    assert!(
        error
            .to_string()
            .starts_with("found a damaged or cut off image ("),
        "{error}"
    );
}

#[test]
fn sizes_beyond_the_limit_are_errors_before_memory_is_taken() {
    // The size that a header claims, and nothing behind it.
    let mut png = encoded(ImageFormat::Png);
    png[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
    let checksum = {
        let mut crc = flate2::Crc::new();
        crc.update(&png[12..29]);
        crc.sum()
    };
    png[29..33].copy_from_slice(&checksum.to_be_bytes());
    assert_eq!(decode_image(&png), Err(ImageFileError::TooLarge));

    let mut bmp = encoded(ImageFormat::Bmp);
    bmp[18..26].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0x7f]);
    assert!(decode_image(&bmp).is_err());
}
