//! Images from lists of files, and one by one.

use std::ops::ControlFlow;
use std::path::PathBuf;

use image::{ImageBuffer, Luma};
use memae_data::dataset::{ImageFiles, ImageFolderFiles, visit_images};
use memae_data::format::read_image_header;
use memae_data::sample::{FrameColour, ImagePreprocessing, StoredRange};

use super::*;

const LIMIT: u64 = 1 << 20;

fn visited(path: &Path, most: usize) -> (Vec<String>, Vec<String>, usize) {
    let (mut images, mut errors) = (Vec::new(), Vec::new());
    let passed_over = visit_images(path, &mut |image| {
        match image {
            Ok(image) => images.push(image),
            Err(error) => errors.push(error.to_string()),
        }
        match images.len() == most {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    });
    (relative(&images, path), errors, passed_over.count())
}

#[test]
fn all_folders_are_walked_in_natural_order_until_it_is_enough() {
    let folder = folder(&SETS);
    fs::write(folder.path().join("train/good/notes.txt"), "").expect("writable");
    let (images, errors, passed_over) = visited(folder.path(), usize::MAX);
    let expected = [
        "test/dent/000.png",
        "test/dent/001.bmp",
        "test/good/0.png",
        "test/scratch/0.png",
        "train/good/1.png",
        "train/good/2.png",
        "train/good/10.png",
    ];
    assert_eq!(images, expected);
    assert_eq!((errors.len(), passed_over), (0, 1));
    assert_eq!(visited(folder.path(), 3).0, expected[..3]);

    // A file is what was asked for, whatever its ending.
    let mut files = Vec::new();
    let notes = folder.path().join("train/good/notes.txt");
    visit_images(&notes, &mut |image| {
        files.extend(image);
        ControlFlow::Continue(())
    });
    assert_eq!(files, [notes]);
    let (_, errors, _) = visited(&folder.path().join("nowhere"), usize::MAX);
    assert!(
        errors.len() == 1 && errors[0].contains("nowhere"),
        "{errors:?}"
    );
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_are_named_and_the_walk_goes_on() {
    let folder = folder(&["a/0.png", "b/0.png"]);
    let link = |target: &Path, name: &str| {
        std::os::unix::fs::symlink(target, folder.path().join(name)).expect("writable");
    };
    link(Path::new("gone.png"), "a/1.png");
    link(folder.path(), "a/loop");
    let (images, errors, passed_over) = visited(folder.path(), usize::MAX);
    assert_eq!(images, ["a/0.png", "b/0.png"]);
    assert!(
        errors.len() == 1 && errors[0].contains("1.png"),
        "{errors:?}"
    );
    assert_eq!(passed_over, 1);
}

#[test]
fn what_a_folder_holds_is_found_without_reading_it() {
    let folder = tempfile::tempdir().expect("temporary folder");
    for name in SETS {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("in a folder")).expect("writable");
        fs::write(path, "no image").expect("writable");
    }
    let found = ImageFolderFiles::find(folder.path()).expect("one layout");
    assert_eq!(found.train.len(), 1);
    let names = relative(&found.train[0].files, folder.path());
    assert_eq!(
        names,
        ["train/good/1.png", "train/good/2.png", "train/good/10.png"]
    );
    let classes: Vec<&str> = found.test.iter().map(|class| class.name.as_str()).collect();
    assert_eq!(classes, ["dent", "good", "scratch"]);
    assert!(ImageFolderFiles::find(folder.path().join("train/good/1.png")).is_err());
}

/// What cannot be read of a data set is named, and the rest is found.
#[test]
fn what_cannot_be_read_of_a_folder_is_left_out() {
    let folder = folder(&SETS);
    let path = folder.path();
    fs::write(path.join("train/good/phone.HEIC"), "").expect("writable");
    fs::write(path.join("train/notes.txt"), "").expect("writable");
    let found = ImageFolderFiles::find_readable(path).expect("one layout");
    assert_eq!(found.train[0].files.len(), 3);
    let reasons: Vec<&str> = found
        .left_out
        .iter()
        .map(|file| file.reason.as_str())
        .collect();
    assert!(
        reasons.len() == 1 && reasons[0].contains("phone.HEIC: not supported"),
        "{reasons:?}"
    );
    let (images, errors, passed_over) = visited(path, usize::MAX);
    assert_eq!((images.len(), passed_over), (SETS.len(), 1));
    assert_eq!(errors, reasons);
    // Those who want all or nothing pass them over.
    let strict = ImageFolderFiles::find(path).expect("one layout");
    assert_eq!((strict.passed_over.count(), strict.left_out.len()), (2, 0));
}

#[cfg(unix)]
#[test]
fn a_link_to_nothing_is_left_out_of_a_folder() {
    let folder = folder(&SETS);
    let link = folder.path().join("train/good/gone.png");
    std::os::unix::fs::symlink("nowhere.png", &link).expect("writable");
    assert!(ImageFolderFiles::find(folder.path()).is_err());
    let found = ImageFolderFiles::find_readable(folder.path()).expect("one layout");
    assert_eq!(found.train[0].files.len(), 3);
    assert_eq!(found.left_out[0].path, link);
}

#[test]
fn damaged_files_are_left_out_and_the_others_keep_their_order() {
    let folder = folder(&["0.png", "1.png", "2.png", "3.png", "4.png"]);
    let files: Vec<PathBuf> = (0..5)
        .map(|index| folder.path().join(format!("{index}.png")))
        .collect();
    let whole = fs::read(&files[2]).expect("readable");
    fs::write(&files[2], &whole[..whole.len() / 2]).expect("writable");
    fs::write(&files[0], "no image").expect("writable");
    for workers in [0, 1, 2, 7, 1000] {
        let preprocessing = ImagePreprocessing::default();
        let read = ImageFiles::read(&files, &preprocessing, LIMIT, workers).expect("three images");
        assert_eq!(
            read.files,
            [files[1].clone(), files[3].clone(), files[4].clone()]
        );
        for (index, level) in [1, 3, 4].into_iter().enumerate() {
            let expected: Vec<f32> = planes(&picture(level))
                .into_iter()
                .map(|value| f32::from(value) / 255.0)
                .collect();
            assert_eq!(read.images.scaled(index), expected);
        }
        let left_out: Vec<&PathBuf> = read.left_out.iter().map(|image| &image.path).collect();
        assert_eq!(left_out, [&files[0], &files[2]]);
        assert!(
            read.left_out
                .iter()
                .all(|image| image.reason.contains(".png"))
        );
        // Single files go the same way.
        assert_eq!(read.preprocessing.size, Some((5, 7)));
        let single = read.preprocessing.read(&files[3]).expect("whole");
        assert_eq!(single.pixels.scaled(), read.images.scaled(1));
    }
}

#[test]
fn images_of_another_size_are_left_out_unless_there_is_one_for_all() {
    let folder = folder(&["0.png"]);
    let other = folder.path().join("1.png");
    RgbImage::new(3, 3).save(&other).expect("writable");
    let files = [folder.path().join("0.png"), other];
    let preprocessing = ImagePreprocessing::default();
    let read = ImageFiles::read(&files, &preprocessing, LIMIT, 1).expect("one image");
    assert_eq!((read.images.len(), read.left_out.len()), (1, 1));
    assert!(
        read.left_out[0]
            .reason
            .contains("found an image of 3x3, expected 5x7 as in"),
        "{}",
        read.left_out[0].reason
    );
    let sized = preprocessing.with_size(4, 4);
    let read = ImageFiles::read(&files, &sized, LIMIT, 1).expect("two images");
    assert_eq!((read.images.len(), read.left_out.len()), (2, 0));
}

#[test]
fn nothing_to_read_and_too_much_of_it_are_errors() {
    let folder = folder(&["0.png"]);
    let damaged = folder.path().join("1.png");
    fs::write(&damaged, "no image").expect("writable");
    let read = |files: &[PathBuf], limit| {
        ImageFiles::read(files, &ImagePreprocessing::default(), limit, 1)
            .map(|read| read.images.len())
            .map_err(|error| error.to_string())
    };
    let error = read(&[damaged.clone(), damaged], LIMIT).expect_err("no image");
    assert!(error.starts_with("no image can be read; the first: ") && error.contains("1.png"));
    assert!(read(&[], LIMIT).is_err());
    let whole = [folder.path().join("0.png")];
    assert_eq!(read(&whole, 3 * 5 * 7), Ok(1));
    let error = read(&whole, 3 * 5 * 7 - 1).expect_err("one byte too many");
    assert!(error.contains("expected at most 104 bytes"), "{error}");
}

#[test]
fn a_measured_range_is_that_of_the_files_that_can_be_read() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let deep = |name: &str, low: u16, high: u16| {
        let image = ImageBuffer::from_fn(4, 3, |x, _| Luma([if x == 0 { low } else { high }]));
        let path = folder.path().join(name);
        image.save(&path).expect("writable");
        path
    };
    let files = [deep("0.png", 300, 1000), deep("1.png", 400, 3900)];
    let header = read_image_header(&files[0]).expect("an image");
    assert!(header.deep && header.grey);
    let preprocessing = ImagePreprocessing::default()
        .with_colour(FrameColour::Grey)
        .with_range(StoredRange::Measured);
    let broken = folder.path().join("2.png");
    fs::write(&broken, "no image").expect("writable");
    let all = [files[0].clone(), broken, files[1].clone()];
    let read = ImageFiles::read(&all, &preprocessing, LIMIT, 2).expect("two images");
    assert_eq!(read.images.scaled(0)[0], 0.0);
    assert_eq!(read.images.scaled(1)[1], 1.0);
    assert_eq!((read.left_out.len(), read.clipped), (1, 0));
    let single = read.preprocessing.read(&files[0]).expect("of the depth");
    assert_eq!(single.pixels.scaled(), read.images.scaled(0));
}

/// A cut-off picture of another size must not say what size all have.
#[test]
fn the_size_is_that_of_the_first_image_that_is_whole() {
    let folder = folder(&["1.png", "2.png"]);
    let cut = folder.path().join("0.png");
    let other = folder.path().join("3.png");
    for path in [&cut, &other] {
        RgbImage::new(30, 20).save(path).expect("writable");
        let whole = fs::read(path).expect("readable");
        fs::write(path, &whole[..whole.len() / 2]).expect("writable");
    }
    let names = ["1.png", "2.png"].map(|name| folder.path().join(name));
    let files = [cut, names[0].clone(), names[1].clone(), other];
    let read = ImageFiles::read(&files, &ImagePreprocessing::default(), LIMIT, 1);
    let read = read.expect("two images");
    assert_eq!(read.files, names);
    // Neither was decoded: its header is enough.
    assert_eq!(read.left_out.len(), 2);
    for image in &read.left_out {
        assert!(
            image
                .reason
                .contains("found an image of 20x30, expected 5x7 as in"),
            "{}",
            image.reason
        );
    }
}

/// What a threshold is chosen by must be able to leave the range, as new images are.
#[test]
fn a_range_is_measured_on_what_is_trained_on() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = |name: &str| folder.path().join(name);
    let numbers = [5u16, 0, 1, 2, 3, 4];
    let whole = numbers.map(|number| path(&format!("{number}.png")));
    for (number, path) in numbers.into_iter().zip(&whole) {
        let value = |x, _| Luma([if x == 0 { 1000 - number } else { 2000 + number }]);
        ImageBuffer::from_fn(4, 3, value)
            .save(path)
            .expect("writable");
    }
    // Neither can be read: one is none, one has another depth.
    let (none, shallow) = (path("none.png"), path("shallow.png"));
    fs::write(&none, "no image").expect("writable");
    RgbImage::new(4, 3).save(&shallow).expect("writable");
    let files = [&[none][..], &whole, &[shallow]].concat();
    let preprocessing = ImagePreprocessing::default()
        .with_colour(FrameColour::Grey)
        .with_range(StoredRange::Measured);
    let mut asked = Vec::new();
    let read = ImageFiles::read_measured_on(&files, &preprocessing, LIMIT, 1, |files| {
        asked = files.to_vec();
        vec![1, 3]
    });
    let read = read.expect("six images");
    assert_eq!((&asked[..], &read.files[..]), (&whole[..], &whole[..]));
    let StoredRange::Given { low, high, .. } = read.preprocessing.range else {
        panic!("{:?}", read.preprocessing.range);
    };
    assert_eq!((low, high), (998.0, 2002.0));
    // All pixels of the images with a higher number.
    assert_eq!((read.clipped, read.left_out.len()), (3 * 12, 2));

    let nothing = ImageFiles::read_measured_on(&files, &preprocessing, LIMIT, 1, |_| vec![]);
    let error = nothing.expect_err("nothing is measured").to_string();
    assert!(error.contains("one value only"), "{error}");
}
