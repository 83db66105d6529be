use std::io::Cursor;

use image::codecs::gif::GifEncoder;
use image::codecs::png::PngEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, Frame, ImageEncoder, ImageFormat, RgbaImage};
use tiff::encoder::{TiffEncoder, colortype};
use tiff::tags::Tag;

use super::decode::{ImageHeader, decode_header};
use super::limits::FORMATS;
use super::{DecodedImage, ImageFileError, decode_image};

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
fn images_without_pixels_are_refused() {
    for bytes in [&b"P5 0 0 255\n"[..], b"P5 3 0 255\n", b"P6 0 4 255\n"] {
        let reason = decode_image(bytes).expect_err("no pixels").to_string();
        assert!(reason.contains(" x "), "{reason}");
        assert_eq!(
            decode_header(bytes).expect_err("no pixels").to_string(),
            reason
        );
    }
}

#[test]
fn every_format_is_read() {
    for format in FORMATS {
        let bytes = encoded(format);
        let DecodedImage { image, lossy } = decode_image(&bytes).expect("whole");
        assert_eq!((image.width(), image.height()), (23, 17), "{format:?}");
        let header = ImageHeader {
            height: 17,
            width: 23,
            deep: false,
            grey: false,
        };
        assert_eq!(decode_header(&bytes), Ok(header), "{format:?}");
        assert_eq!(lossy, format == ImageFormat::Jpeg);
        // A GIF has 256 colours, not all of those here.
        if ![ImageFormat::Jpeg, ImageFormat::Gif].contains(&format) {
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
fn files_that_are_no_images_say_so() {
    for bytes in [&b""[..], b"hello, world", &[0; 64]] {
        assert_eq!(
            decode_image(bytes),
            Err(ImageFileError::Format),
            "{bytes:?}"
        );
    }
    let hdr = decode_image(b"#?RADIANCE\n").expect_err("a format of floats");
    assert_eq!(
        hdr.to_string(),
        "not supported: found image/vnd.radiance, expected JPEG, PNG, BMP, TIFF, WebP, GIF or PNM"
    );
    let phone = decode_image(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").expect_err("a phone's");
    assert!(phone.to_string().contains("found HEIC"), "{phone}");
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

/// The letter F, which no turn and no flip maps to itself: 3 wide, 4 high.
fn upright() -> DynamicImage {
    let grey = [255, 255, 255, 255, 0, 0, 255, 255, 0, 255, 0, 0];
    image::GrayImage::from_vec(3, 4, grey.to_vec())
        .expect("sizes agree")
        .into()
}

/// The letter as a camera held in some way stores it.
fn stored(orientation: Orientation) -> DynamicImage {
    // What the orientation undoes.
    let inverse = match orientation {
        Orientation::Rotate90 => Orientation::Rotate270,
        Orientation::Rotate270 => Orientation::Rotate90,
        own_inverse => own_inverse,
    };
    let mut image = upright();
    image.apply_orientation(inverse);
    image
}

/// EXIF data with nothing but an orientation, in the byte order of Intel.
fn exif(orientation: u8) -> Vec<u8> {
    [
        &b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"[..],
        &[orientation, 0, 0, 0],
        &[0; 4],
    ]
    .concat()
}

#[test]
fn orientations_are_found_wherever_and_however_they_are_written() {
    let orientation = Orientation::from_exif(6).expect("one of eight");
    let stored = stored(orientation);
    let png = |exif: Option<Vec<u8>>| {
        let mut png = Vec::new();
        let mut encoder = PngEncoder::new(&mut png);
        if let Some(exif) = exif {
            encoder.set_exif_metadata(exif).expect("supported");
        }
        let (width, height) = (stored.width(), stored.height());
        encoder
            .write_image(stored.as_bytes(), width, height, ExtendedColorType::L8)
            .expect("in memory");
        png
    };
    // A long number in place of a short one, and the byte order of Motorola.
    let mut long = exif(6);
    long[12] = 4;
    let motorola = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    // Behind the pixels: the file without it, and it before the end.
    let before = png(Some(exif(6)));
    let plain = png(None);
    let chunk = exif(6).len() + 12;
    let at = before
        .windows(4)
        .position(|name| name == b"eXIf")
        .expect("written")
        - 4;
    let end = plain.len() - 12;
    let after = [&plain[..end], &before[at..at + chunk], &plain[end..]].concat();
    for bytes in [png(Some(long)), png(Some(motorola)), after] {
        assert_eq!(decode_image(&bytes).expect("whole").image, upright());
        let header = decode_header(&bytes).expect("whole");
        assert_eq!(
            (header.width, header.height),
            (upright().width() as usize, upright().height() as usize)
        );
    }
    // What is no orientation turns nothing.
    for damaged in [
        &b"II*\0"[..],
        b"II*\0\xff\xff\xff\xff",
        b"II*\0\x08\0\0\0\xff\xff",
        b"what",
    ] {
        let image = decode_image(&png(Some(damaged.to_vec())))
            .expect("whole")
            .image;
        assert_eq!(image, stored);
    }
}

#[test]
fn bigtiff_is_not_supported() {
    for start in [b"II+\0\x08\0\0\0", b"MM\0+\0\x08\0\0"] {
        let error = decode_image(start).expect_err("of eight bytes").to_string();
        assert!(
            error.starts_with("not supported: found BigTIFF, expected JPEG"),
            "{error}"
        );
    }
}

#[test]
fn images_are_turned_as_their_files_say() {
    for value in 1..=8 {
        let orientation = Orientation::from_exif(value).expect("one of eight");
        let stored = stored(orientation);
        let (width, height) = (stored.width(), stored.height());

        let mut tiff = Cursor::new(Vec::new());
        let mut encoder = TiffEncoder::new(&mut tiff).expect("in memory");
        let mut image = encoder
            .new_image::<colortype::Gray8>(width, height)
            .expect("in memory");
        image
            .encoder()
            .write_tag(Tag::Orientation, u16::from(value))
            .expect("in memory");
        image.write_data(stored.as_bytes()).expect("in memory");
        let floats = grey_floats(&stored, value);

        let mut png = Vec::new();
        let mut encoder = PngEncoder::new(&mut png);
        encoder.set_exif_metadata(exif(value)).expect("supported");
        encoder
            .write_image(stored.as_bytes(), width, height, ExtendedColorType::L8)
            .expect("in memory");

        let mut webp = Vec::new();
        let mut encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut webp);
        // With the letters that belong to JPEG, as some programs write it.
        encoder
            .set_exif_metadata([b"Exif\0\0", &exif(value)[..]].concat())
            .expect("supported");
        let rgb = stored.to_rgb8();
        encoder
            .write_image(rgb.as_raw(), width, height, ExtendedColorType::Rgb8)
            .expect("in memory");

        let mut jpeg = Vec::new();
        // A block of 8×8 pixels for each of the letter's, so that compression loses little.
        let large =
            stored.resize_exact(width * 8, height * 8, image::imageops::FilterType::Nearest);
        let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 100);
        encoder.set_exif_metadata(exif(value)).expect("supported");
        encoder
            .write_image(
                large.as_bytes(),
                width * 8,
                height * 8,
                ExtendedColorType::L8,
            )
            .expect("in memory");

        let scale = |bytes: &[u8]| if bytes == &jpeg[..] { 8 } else { 1 };
        for bytes in [&tiff.into_inner()[..], &floats, &png, &webp, &jpeg] {
            let header = decode_header(bytes).expect("a header");
            assert_eq!(header.deep, bytes == &floats[..]);
            assert_eq!(header.grey, bytes != &webp[..], "no grey in WebP");
            let size = (header.height, header.width);
            assert_eq!(size, (4 * scale(bytes), 3 * scale(bytes)), "{value}");
            let image = decode_image(bytes).expect("whole").image;
            assert_eq!((image.height() as usize, image.width() as usize), size);
            let grey = image.to_luma8();
            let scale = scale(bytes) as u32;
            for (x, y, pixel) in upright().to_luma8().enumerate_pixels() {
                let found = grey.get_pixel(x * scale, y * scale).0[0];
                assert!(found.abs_diff(pixel.0[0]) < 4, "{value}: {x}, {y}: {found}");
            }
        }
    }
}

/// A TIFF file of floats from 0 to 1.
fn grey_floats(image: &DynamicImage, orientation: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes).expect("in memory");
    let mut file = encoder
        .new_image::<colortype::Gray32Float>(image.width(), image.height())
        .expect("in memory");
    file.encoder()
        .write_tag(Tag::Orientation, u16::from(orientation))
        .expect("in memory");
    let values: Vec<f32> = image
        .as_bytes()
        .iter()
        .map(|&value| f32::from(value) / 255.0)
        .collect();
    file.write_data(&values).expect("in memory");
    bytes.into_inner()
}

#[test]
fn floats_of_grey_tiff_files_are_kept() {
    let values = [-3.25, 0.0, 1e-20, 70_000.5, f32::MAX, f32::NAN];
    let mut single = Cursor::new(Vec::new());
    TiffEncoder::new(&mut single)
        .and_then(|mut file| file.write_image::<colortype::Gray32Float>(3, 2, &values))
        .expect("in memory");
    let mut double = Cursor::new(Vec::new());
    TiffEncoder::new(&mut double)
        .and_then(|mut file| {
            file.write_image::<colortype::Gray64Float>(3, 2, &values.map(f64::from))
        })
        .expect("in memory");
    for bytes in [single.into_inner(), double.into_inner()] {
        let DynamicImage::ImageRgb32F(image) = decode_image(&bytes).expect("whole").image else {
            panic!("floats");
        };
        let expected: Vec<u32> = values.iter().flat_map(|v| [v.to_bits(); 3]).collect();
        let found: Vec<u32> = image.as_raw().iter().map(|v| v.to_bits()).collect();
        assert_eq!(found, expected);
        for end in 0..bytes.len() {
            assert!(decode_image(&bytes[..end]).is_err(), "{end}");
        }
    }
}

#[test]
fn kinds_of_tiff_that_are_not_decoded_say_so() {
    let mut whole = Cursor::new(Vec::new());
    TiffEncoder::new(&mut whole)
        .and_then(|mut file| file.write_image::<colortype::Gray32>(1, 1, &[7]))
        .expect("in memory");
    let error = decode_image(whole.get_ref()).expect_err("32-bit whole numbers");
    assert!(
        error.to_string().starts_with("not supported: found a kind"),
        "{error}"
    );
    let size = decode_header(whole.get_ref()).expect_err("the same");
    assert_eq!(size, error);

    // A palette: the same file, but for how it says that values are to be read.
    let mut palette = encoded_grey_tiff();
    let tag = [0x06, 0x01, 3, 0, 1, 0, 0, 0, 1, 0];
    let at = palette.windows(tag.len()).position(|bytes| bytes == tag);
    palette[at.expect("an entry of the directory") + 8] = 3;
    let error = decode_image(&palette).expect_err("a palette");
    assert!(
        error.to_string().starts_with("not supported: found a kind"),
        "{error}"
    );
}

fn encoded_grey_tiff() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    TiffEncoder::new(&mut bytes)
        .and_then(|mut file| file.write_image::<colortype::Gray8>(2, 1, &[0, 1]))
        .expect("in memory");
    bytes.into_inner()
}

#[test]
fn colours_of_tiff_that_were_multiplied_by_alpha_are_divided_again() {
    let file = |premultiplied: Option<u16>, pixels: &[u8]| {
        let mut file = Cursor::new(Vec::new());
        let mut encoder = TiffEncoder::new(&mut file).unwrap();
        let mut page = encoder.new_image::<colortype::RGBA8>(2, 1).unwrap();
        if let Some(kind) = premultiplied {
            page.encoder().write_tag(Tag::ExtraSamples, kind).unwrap();
        }
        page.write_data(pixels).unwrap();
        decode_image(file.get_ref()).unwrap().image
    };
    // Colour 200 behind an alpha of 128, and nothing at all.
    let stored = [100, 50, 0, 128, 0, 0, 0, 0];
    let straight = file(Some(1), &stored).into_rgba8();
    assert_eq!(straight.as_raw(), &[199, 100, 0, 128, 0, 0, 0, 0]);
    for kind in [None, Some(2)] {
        assert_eq!(file(kind, &stored).into_rgba8().as_raw(), &stored);
    }
}

#[test]
fn tiff_of_more_than_8_bits_whose_highest_value_is_black_is_not_supported() {
    let file = |interpretation: u16| {
        let mut file = Cursor::new(Vec::new());
        let mut encoder = TiffEncoder::new(&mut file).unwrap();
        let mut page = encoder.new_image::<colortype::Gray16>(2, 1).unwrap();
        let tag = Tag::PhotometricInterpretation;
        page.encoder().write_tag(tag, interpretation).unwrap();
        page.write_data(&[1000, 2000]).unwrap();
        decode_image(file.get_ref()).map_err(|error| error.to_string())
    };
    assert!(file(1).is_ok());
    assert_eq!(
        file(0).unwrap_err(),
        "not supported: found values of more than 8 bits of which the highest is black, expected a file whose highest value is \
         white"
    );
}

#[test]
fn gif_of_several_frames_is_not_supported_wherever_it_ends() {
    let mut bytes = Vec::new();
    {
        let mut encoder = GifEncoder::new(&mut bytes);
        for level in 0..4 {
            let frame = RgbaImage::from_pixel(8, 8, image::Rgba([level * 60, 0, 0, 255]));
            encoder.encode_frame(Frame::new(frame)).unwrap();
        }
    }
    for end in bytes.len() / 2..bytes.len() {
        let error = decode_image(&bytes[..end]).unwrap_err().to_string();
        assert!(
            error.contains("frames, expected a file of one image"),
            "{end}: {error}"
        );
    }
}

#[test]
fn samples_of_pnm_files_are_no_larger_than_their_header_says() {
    let refused = |bytes: &[u8]| {
        decode_image(bytes)
            .map(drop)
            .map_err(|error| error.to_string())
    };
    let message = |row: usize, column: usize, found: u32, maxval: u32| {
        Err(format!(
            "row {row}, column {column}: found a sample of {found}, expected at most {maxval}, the MAXVAL of the file"
        ))
    };
    for (bytes, expected) in [
        (&b"P5 2 2 200\n\x00\xc8\xc8\x07"[..], Ok(())),
        (b"P5 2 2 200\n\x00\xc8\xc9\x07", message(1, 0, 201, 200)),
        (b"P5 2 1 1000\n\x03\xe8\x00\x07", Ok(())),
        (b"P5 2 1 1000\n\x03\xe8\x03\xe9", message(0, 1, 1001, 1000)),
        (b"P2 2 1 15\n15 0\n", Ok(())),
        (b"P2 2 1 15\n15\t16\n", message(0, 1, 16, 15)),
        (b"P2\n# grey\n2 1 4000\n0\n4001\n", message(0, 1, 4001, 4000)),
        (b"P3 2 1 100\n0 0 0 0 100 101", message(0, 1, 101, 100)),
        (b"P6 2 2 7\n\0\0\0\0\0\0\0\0\0\x07\x07\x08", message(1, 1, 8, 7)),
        // What follows the samples is none of them.
        (b"P5 1 1 7\n\x07\xff", Ok(())),
        (b"P2 1 1 7\n7 99", Ok(())),
        (
            b"P7\nWIDTH 2\nHEIGHT 1\nDEPTH 2\nMAXVAL 9\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\n\x09\x09\x0a\x09",
            message(0, 1, 10, 9),
        ),
        (b"P4 3 1\n\xff", Ok(())),
    ] {
        assert_eq!(refused(bytes), expected, "{:?}", bytes.escape_ascii().to_string());
    }
}

#[test]
fn pnm_files_of_several_images_are_not_supported() {
    let several = |bytes: &[u8]| decode_image(bytes).map_err(|error| error.to_string());
    let images: [&[u8]; 5] = [
        b"P2\n# P2 of two\n2 1\n255\n1 2\n",
        b"P5 3 1 255\nPP3",
        b"P6 1 1 65535\nP6 1 1",
        b"P4 9 2\n\x00\x01P4",
        b"P7\nWIDTH 2\nHEIGHT 1\nDEPTH 2\nMAXVAL 255\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\nP7P5",
    ];
    for first in images {
        assert!(several(first).is_ok(), "{first:?}");
        // Spaces and whatever else is no image may follow.
        for after in [&b"\n"[..], b"end", b"\0\0"] {
            assert!(several(&[first, after].concat()).is_ok(), "{first:?}");
        }
        for second in images {
            for between in [&b""[..], b"\n"] {
                assert_eq!(
                    several(&[first, between, second].concat()),
                    Err("not supported: found 2 images, expected a file of one image".to_string()),
                    "{first:?} {second:?}"
                );
            }
        }
    }
}

#[test]
fn files_of_several_pictures_are_not_supported() {
    let several = |bytes: &[u8]| decode_image(bytes).expect_err("several").to_string();

    let mut tiff = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut tiff).expect("in memory");
    for page in 0..3 {
        encoder
            .write_image::<colortype::Gray8>(2, 1, &[page, 7])
            .expect("in memory");
    }
    assert_eq!(
        several(tiff.get_ref()),
        "not supported: found 3 pages, expected a file of one image"
    );

    for frames in [1, 2, 5] {
        let mut gif = Vec::new();
        let mut encoder = GifEncoder::new(&mut gif);
        for frame in 0..frames {
            let image = RgbaImage::from_pixel(30, 20, image::Rgba([frame, 7, 9, 255]));
            encoder.encode_frame(Frame::new(image)).expect("in memory");
        }
        drop(encoder);
        match frames {
            1 => assert!(decode_image(&gif).is_ok()),
            _ => assert_eq!(
                several(&gif),
                format!("not supported: found {frames} frames, expected a file of one image")
            ),
        }
    }

    // An animated PNG says so before its pixels; the checksum is that of these bytes.
    let png = encoded(ImageFormat::Png);
    let control = |frames: u8| {
        let chunk = [&b"acTL\0\0\0"[..], &[frames], &[0; 4]].concat();
        let mut crc = flate2::Crc::new();
        crc.update(&chunk);
        let chunk = [&8u32.to_be_bytes()[..], &chunk, &crc.sum().to_be_bytes()].concat();
        [&png[..33], &chunk, &png[33..]].concat()
    };
    assert_eq!(
        several(&control(4)),
        "not supported: found 4 frames, expected a file of one image"
    );
    assert_eq!(decode_image(&control(1)), decode_image(&png));

    let mut webp = b"RIFF\0\0\0\0WEBP".to_vec();
    for name in [b"VP8X", b"ANIM", b"ANMF", b"ANMF"] {
        webp.extend([&name[..], &3u32.to_le_bytes(), &[0; 4]].concat());
    }
    assert_eq!(
        several(&webp),
        "not supported: found 2 frames, expected a file of one image"
    );
}
