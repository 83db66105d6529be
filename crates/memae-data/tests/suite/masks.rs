//! Masks: which values mean what, whose size they have, and how much memory they may take.

use std::fs;
use std::path::Path;

use image::{DynamicImage, GrayImage, ImageBuffer, Luma};
use memae_data::sample::{ImageShape, Mask, MaskSource, TestVideo, Video};

fn grey(width: u32, values: &[u8]) -> DynamicImage {
    let height = values.len() as u32 / width;
    let image = GrayImage::from_vec(width, height, values.to_vec());
    image.expect("sizes agree").into()
}

/// Reads an image as a mask; the message without the name of the folder where it is none.
fn read(name: &str, image: &DynamicImage) -> Result<Vec<bool>, String> {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join(name);
    image.save(&path).expect("writable");
    let mask = Mask::read(&path).map_err(|error| error.to_string());
    match mask {
        Ok(mask) => Ok(mask.anomalous().to_vec()),
        Err(message) => Err(message.replace(&format!("{}/", folder.path().display()), "")),
    }
}

#[test]
fn two_values_make_a_mask() {
    for one in [1, 255] {
        assert_eq!(
            read("mask.png", &grey(3, &[0, one, 0])),
            Ok(vec![false, true, false])
        );
    }
    let deep = |values: Vec<u16>| -> DynamicImage {
        let image = ImageBuffer::<Luma<u16>, _>::from_vec(2, 1, values);
        image.expect("sizes agree").into()
    };
    for one in [1, 255, u16::MAX] {
        assert_eq!(read("mask.png", &deep(vec![0, one])), Ok(vec![false, true]));
    }
    assert_eq!(
        read("mask.png", &deep(vec![0, 256])),
        Err(
            "mask.png: mask: found the values 0, 256, expected 0 and 1, or 0 and the highest that the \
             file's values can be"
                .to_string()
        )
    );
}

#[test]
fn soft_edges_and_labels_of_classes_are_errors_that_list_the_values() {
    for name in ["mask.png", "mask.bmp", "mask.tif", "mask.gif", "mask.webp"] {
        let image = grey(4, &[0, 255, 128, 64]);
        let image = match name.ends_with("gif") || name.ends_with("webp") {
            true => image.to_rgba8().into(),
            false => image,
        };
        assert_eq!(
            read(name, &image),
            Err(format!(
                "{name}: mask: found the values 0, 64, 128, 255, expected 0 and 1, or 0 and the highest \
                 that the file's values can be"
            ))
        );
    }
    let classes = read("mask.png", &grey(3, &[0, 1, 2])).expect_err("three values");
    assert!(classes.contains("found the values 0, 1, 2,"), "{classes}");
}

/// Compression with loss leaves waves beside an edge, which are no anomalies.
#[test]
fn jpeg_masks_are_parted_in_the_middle() {
    let square = |x: u32, y: u32| (20..44).contains(&x) && (13..30).contains(&y);
    let image = GrayImage::from_fn(64, 48, |x, y| Luma([if square(x, y) { 255 } else { 0 }]));
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 60)
        .encode_image(&image)
        .expect("in memory");
    let decoded = image::load_from_memory(&jpeg).expect("whole").to_luma8();
    let soft = decoded
        .as_raw()
        .iter()
        .filter(|&&value| value != 0 && value != 255);
    assert!(soft.count() > 20, "the test shows nothing without waves");
    let mask = Mask::decode(&jpeg).expect("a mask");
    let expected: Vec<bool> = (0..48)
        .flat_map(|y| (0..64).map(move |x| square(x, y)))
        .collect();
    assert_eq!(mask.anomalous(), expected);

    // A mask of 0 and 1 is all but black, and its ones are lost in compression.
    let dark = GrayImage::from_fn(64, 48, |x, y| Luma([u8::from(square(x, y)) * 20]));
    let error = read("dark.jpg", &dark.into()).expect_err("no white");
    assert!(
        error.starts_with("dark.jpg: mask: found values from 0 to 2"),
        "{error}"
    );
    assert_eq!(read("black.jpg", &grey(8, &[0; 64])), Ok(vec![false; 64]));
}

fn npy(path: &Path, shape: [usize; 3], values: &[u8]) {
    let [frames, height, width] = shape;
    let header = format!(
        "{{'descr': '|u1', 'fortran_order': False, 'shape': ({frames}, {height}, {width}), }}\n"
    );
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(values);
    fs::write(path, bytes).expect("writable");
}

fn video(frames: usize) -> Video {
    let shape = ImageShape {
        channels: 1,
        height: 2,
        width: 3,
    };
    Video::in_memory("walk", shape, vec![0; frames * 6]).expect("whole frames")
}

fn message(masks: MaskSource, frames: usize, size: Option<(usize, usize)>) -> String {
    let test = TestVideo::new(video(frames)).with_masks(masks);
    test.masks(size).expect_err("refused").to_string()
}

#[test]
fn labels_and_masks_say_the_same() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("masks.npy");
    // A single pixel in the last frame, which is lost at half the size.
    npy(
        &path,
        [3, 2, 3],
        &[[0; 12].as_slice(), &[1, 0, 0, 0, 0, 0]].concat(),
    );
    let source = MaskSource::Npy(path);
    let known = source.read(None).expect("whole");
    for source in [source, MaskSource::Memory(known.into())] {
        let read = |labels: [bool; 3], size| {
            let test = TestVideo::new(video(3)).with_labels(labels.to_vec());
            let masks = test.with_masks(source.clone()).masks(size);
            masks.map(|masks| masks.expect("there").len())
        };
        for size in [None, Some((1, 1))] {
            assert_eq!(read([false, false, true], size).expect("the same"), 3);
            let shown = match &source {
                MaskSource::Npy(path) => path.display().to_string(),
                _ => "walk".to_string(),
            };
            let error = read([false, false, false], size).expect_err("a mask more");
            assert_eq!(
                error.to_string(),
                format!(
                    "{shown}: frame 2 of walk, counted from 0: found a mask with anomalous pixels, \
                     expected one without, since the frame is labelled normal"
                )
            );
            let error = read([false, true, true], size).expect_err("a mask less");
            assert_eq!(
                error.to_string(),
                format!(
                    "{shown}: frame 1 of walk, counted from 0: found a mask without anomalous pixels, \
                     expected one with, since the frame is labelled anomalous"
                )
            );
        }
    }
}

#[test]
fn masks_have_the_size_of_their_frames() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("masks.npy");
    npy(&path, [2, 2, 3], &[0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let test = TestVideo::new(video(2)).with_masks(MaskSource::Npy(path.clone()));
    let masks = test.masks(Some((4, 6))).expect("whole").expect("there");
    assert_eq!(masks[0].size(), (4, 6));
    assert_eq!(masks[0].anomalous()[4..6], [true, true]);

    // Neither stretched to the frames nor to the size asked for.
    npy(&path, [2, 3, 2], &[0; 12]);
    for size in [None, Some((3, 2)), Some((4, 6))] {
        let message = message(MaskSource::Npy(path.clone()), 2, size);
        assert!(
            message
                .ends_with("masks.npy: found a mask of 3x2, expected 2x3, the size of the frames"),
            "{message}"
        );
    }
    let images = folder.path().join("images");
    fs::create_dir(&images).expect("writable");
    grey(3, &[0; 6])
        .save(images.join("0.png"))
        .expect("writable");
    grey(6, &[0; 24])
        .save(images.join("1.png"))
        .expect("writable");
    let message = message(MaskSource::Folder(images), 2, Some((2, 3)));
    assert!(
        message.ends_with("1.png: found a mask of 4x6, expected 2x3, the size of the frames"),
        "{message}"
    );
}

#[test]
fn values_of_arrays_are_checked_too() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("masks.npy");
    npy(&path, [1, 2, 3], &[0, 9, 0, 200, 0, 0]);
    let message = message(MaskSource::Npy(path), 1, None);
    assert!(
        message.ends_with(
            "masks.npy: mask: found the values 0, 9, 200, expected the values 0 and 1, or 0 and 255"
        ),
        "{message}"
    );
}

/// A file of one mebibyte that would become 64 GiB.
#[test]
fn masks_are_counted_before_they_are_resized() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("masks.npy");
    npy(&path, [1 << 20, 1, 1], &vec![0; 1 << 20]);
    let error = MaskSource::Npy(path.clone())
        .read(Some((256, 256)))
        .expect_err("too many")
        .to_string();
    assert!(
        error.ends_with(
            "masks.npy: found 1048576 masks to be brought to 256x256, expected at most 1073741824 pixels of masks"
        ),
        "{error}"
    );
    let shape = ImageShape {
        channels: 1,
        height: 1,
        width: 1,
    };
    let short = Video::in_memory("walk", shape, vec![0; 5]).expect("whole frames");
    let test = TestVideo::new(short).with_masks(MaskSource::Npy(path));
    let error = test.masks(Some((256, 256))).expect_err("more than frames");
    assert!(
        error
            .to_string()
            .ends_with("masks.npy: found 1048576 masks, expected 5, one for each frame of walk"),
        "{error}"
    );
}

/// White behind transparency, or black before it: what of the two is the mask?
#[test]
fn masks_drawn_in_transparency_are_refused_where_their_colours_say_something_else() {
    let mask = |pixels: [[u8; 4]; 3]| {
        let mut png = std::io::Cursor::new(Vec::new());
        let image = image::RgbaImage::from_vec(3, 1, pixels.concat()).expect("three pixels");
        image
            .write_to(&mut png, image::ImageFormat::Png)
            .expect("in memory");
        Mask::decode(png.get_ref()).map_err(|error| error.to_string())
    };
    let [white, black] = [[255; 4], [0, 0, 0, 255]];
    let [hidden_white, hidden_black] = [[255, 255, 255, 0], [0; 4]];
    let expected = Ok(vec![true, false, true]);
    let anomalous = |mask: Result<Mask, String>| mask.map(|mask| mask.anomalous().to_vec());
    assert_eq!(anomalous(mask([white, black, white])), expected);
    assert_eq!(anomalous(mask([white, hidden_black, white])), expected);
    for wrong in [
        [white, hidden_white, white],
        [black, hidden_black, black],
        [white, black, hidden_white],
    ] {
        let error = anomalous(mask(wrong)).expect_err("two readings");
        assert!(
            error.contains("found transparent pixels, expected opaque ones"),
            "{error}"
        );
    }
    // Nothing but black that is hidden is black.
    assert_eq!(anomalous(mask([hidden_black; 3])), Ok(vec![false; 3]));
}
