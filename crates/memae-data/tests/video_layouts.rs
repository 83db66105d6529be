//! Data sets in the folders that they are downloaded as.

use std::fs;
use std::path::{MAIN_SEPARATOR, Path};

use memae_data::dataset::{SourceError, VideoLayout, VideoLayoutError, read_frame_labels};
use memae_data::sample::{Video, VideoSet};
use serde::Deserialize;
use tempfile::TempDir;

fn root() -> TempDir {
    tempfile::tempdir().expect("temporary folder")
}

/// Writes images of 5×3 pixels, numbered from `first` in so many digits; `anomalous` ones have a white pixel.
fn images(folder: &Path, first: usize, digits: usize, extension: &str, anomalous: &[bool]) {
    fs::create_dir_all(folder).expect("writable");
    for (frame, &anomalous) in anomalous.iter().enumerate() {
        let mut image = image::GrayImage::new(5, 3);
        if anomalous {
            image.put_pixel(4, 1, image::Luma([255]));
        }
        let name = format!("{:0digits$}.{extension}", first + frame);
        image.save(folder.join(name)).expect("writable");
    }
}

/// Writes an .npy file of bytes.
fn npy(path: &Path, shape: &str, values: &[u8]) {
    fs::create_dir_all(path.parent().expect("in a folder")).expect("writable");
    let header = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(values);
    fs::write(path, bytes).expect("writable");
}

fn open(root: &TempDir, layout: VideoLayout) -> Result<VideoSet, String> {
    VideoSet::open(root.path(), layout).map_err(|error| {
        let message = error.to_string();
        assert!(!message.contains('\n'), "{message}");
        message
            .replace(&format!("{}{MAIN_SEPARATOR}", root.path().display()), "")
            .replace(&root.path().display().to_string(), "ROOT")
    })
}

fn names(videos: &[Video]) -> Vec<&str> {
    videos.iter().map(Video::name).collect()
}

/// Name, labels, and which frames have something in their masks.
type Known = (String, Option<Vec<bool>>, Option<Vec<bool>>);

fn known(set: &VideoSet) -> Vec<Known> {
    let of = |test: &memae_data::sample::TestVideo| {
        let labels = test
            .labels()
            .expect("as many as frames")
            .map(<[bool]>::to_vec);
        let masks = test.masks(None).expect("whole");
        assert_eq!(masks.is_some(), test.has_masks());
        let masks = masks.map(|masks| masks.iter().map(|mask| mask.is_anomalous()).collect());
        (test.video.name().to_string(), labels, masks)
    };
    set.test.iter().map(of).collect()
}

const FIRST: [bool; 4] = [false, true, true, false];
const SECOND: [bool; 3] = [false, false, true];

/// `training` and `testing` with two videos each, and masks.
fn folders() -> TempDir {
    let root = root();
    images(
        &root.path().join("training/frames/01"),
        0,
        3,
        "jpg",
        &[false; 5],
    );
    images(
        &root.path().join("training/frames/02"),
        0,
        3,
        "jpg",
        &[false; 2],
    );
    for (name, anomalous) in [("2", &FIRST[..]), ("10", &SECOND)] {
        images(
            &root.path().join("testing/frames").join(name),
            0,
            3,
            "png",
            &vec![false; anomalous.len()],
        );
        images(
            &root.path().join("testing/masks").join(name),
            0,
            3,
            "png",
            anomalous,
        );
    }
    root
}

fn expected() -> Vec<Known> {
    [("2", &FIRST[..]), ("10", &SECOND)]
        .map(|(name, labels)| {
            (
                name.to_string(),
                Some(labels.to_vec()),
                Some(labels.to_vec()),
            )
        })
        .to_vec()
}

#[test]
fn plain_folders_take_labels_from_masks_or_from_a_file() {
    let root = folders();
    let set = open(&root, VideoLayout::Folders).expect("whole");
    assert_eq!(names(&set.train), ["01", "02"]);
    assert_eq!(known(&set), expected());
    // Read under this name as well, as it goes by it.
    assert_eq!(
        known(&open(&root, VideoLayout::Ucsd).expect("whole")),
        expected()
    );

    npy(
        &root.path().join("frame_labels_x.npy"),
        "(1, 7)",
        &[1, 0, 0, 1, 1, 1, 0],
    );
    let set = open(&root, VideoLayout::Folders).expect("whole");
    let labels = set.test[1].labels().expect("as many as frames");
    assert_eq!(labels, Some(&[true, true, false][..]));

    fs::remove_dir_all(root.path().join("testing/masks")).expect("there");
    let set = open(&root, VideoLayout::Folders).expect("whole");
    assert_eq!(
        known(&set)[0],
        ("2".to_string(), Some(vec![true, false, false, true]), None)
    );
    fs::remove_file(root.path().join("frame_labels_x.npy")).expect("there");
    let set = open(&root, VideoLayout::Folders).expect("whole");
    assert_eq!(known(&set)[0], ("2".to_string(), None, None));

    fs::remove_dir_all(root.path().join("testing")).expect("there");
    assert!(
        open(&root, VideoLayout::Folders)
            .expect("only training")
            .test
            .is_empty()
    );
    fs::rename(root.path().join("training"), root.path().join("test")).expect("there");
    let set = open(&root, VideoLayout::Folders).expect("only testing");
    assert_eq!((set.train.len(), set.test.len()), (0, 2));
}

#[test]
fn masks_may_be_beside_the_videos() {
    let root = folders();
    for name in ["2", "10"] {
        let from = root.path().join("testing/frames").join(name);
        fs::rename(from, root.path().join("testing").join(name)).expect("there");
    }
    fs::remove_dir(root.path().join("testing/frames")).expect("empty by now");
    let set = open(&root, VideoLayout::Folders).expect("whole");
    assert_eq!(known(&set), expected());
    let shown = format!("{:?}", set.test[0].video);
    assert!(shown.starts_with("Video { name: \"2\", path: "), "{shown}");
}

#[test]
fn masks_may_be_stacks() {
    let root = folders();
    fs::remove_dir_all(root.path().join("testing/masks")).expect("there");
    for (name, labels) in [("2", &FIRST[..]), ("10", &SECOND)] {
        let values: Vec<u8> = labels
            .iter()
            .flat_map(|&label| [0, u8::from(label) * 9])
            .collect();
        let path = root.path().join(format!("testing/masks/{name}.npy"));
        npy(&path, &format!("({}, 1, 2)", labels.len()), &values);
    }
    let set = open(&root, VideoLayout::Folders).expect("whole");
    assert_eq!(known(&set), expected());
    let masks = set.test[1]
        .masks(Some((3, 4)))
        .expect("whole")
        .expect("there");
    assert_eq!((masks[2].height(), masks[2].width()), (3, 4));
    assert_eq!(masks[2].anomalous(), [false, false, true, true].repeat(3));
}

#[test]
fn plain_folders_that_do_not_fit_together_say_why() {
    let root = folders();
    npy(&root.path().join("labels.npy"), "(6,)", &[0; 6]);
    assert_eq!(
        open(&root, VideoLayout::Folders).expect_err("short"),
        "labels.npy: frame labels: found 6, expected 7, one for each frame of 2 videos"
    );
    fs::write(root.path().join("testing/frame_labels.csv"), "0\n").expect("writable");
    assert_eq!(
        open(&root, VideoLayout::Folders).expect_err("two"),
        "testing/frame_labels.csv: found beside labels.npy, expected one file of frame labels"
    );

    let root = folders();
    fs::remove_file(root.path().join("testing/masks/10/002.png")).expect("there");
    assert_eq!(
        open(&root, VideoLayout::Folders).expect_err("short"),
        "testing/masks/10: frame labels: found 2, expected 3, one for each frame of 1 video"
    );
    fs::remove_dir_all(root.path().join("testing/masks/10")).expect("there");
    assert_eq!(
        open(&root, VideoLayout::Folders).expect_err("missing"),
        "testing/masks: masks not found, expected one of: 10, 10.npy"
    );
    // A mask too few, with labels from elsewhere.
    let root = folders();
    npy(&root.path().join("labels.npy"), "(7,)", &[0; 7]);
    fs::remove_file(root.path().join("testing/masks/2/000.png")).expect("there");
    let set = open(&root, VideoLayout::Folders).expect("masks are not looked at");
    let error = set.test[0].masks(None).expect_err("short").to_string();
    assert!(
        error.ends_with("found 3 masks, expected 4, one for each frame of 2"),
        "{error}"
    );

    let root = self::root();
    assert_eq!(
        open(&root, VideoLayout::Folders).expect_err("empty"),
        "ROOT: videos not found, expected one of: training/frames, training/videos, training, train/frames, \
         train/videos, train, testing/frames, testing/videos, testing, test/frames, test/videos, test"
    );
    let absent =
        VideoSet::open(root.path().join("absent"), VideoLayout::Avenue).expect_err("absent");
    assert!(matches!(absent, SourceError::MissingFolder { .. }));
}

/// UCSD Ped1 and Ped2, as they are unpacked.
fn ucsd() -> TempDir {
    let root = root();
    images(
        &root.path().join("Train/Train001"),
        1,
        3,
        "tif",
        &[false; 5],
    );
    for (name, anomalous) in [("Test001", &FIRST[..]), ("Test002", &SECOND)] {
        images(
            &root.path().join("Test").join(name),
            1,
            3,
            "tif",
            &vec![false; anomalous.len()],
        );
        images(
            &root.path().join(format!("Test/{name}_gt")),
            1,
            3,
            "bmp",
            anomalous,
        );
    }
    fs::write(root.path().join("Test/.DS_Store"), "hidden").expect("writable");
    root
}

#[test]
fn ucsd_takes_labels_from_its_script_or_from_masks() {
    let root = ucsd();
    let set = open(&root, VideoLayout::Ucsd).expect("whole");
    assert_eq!(names(&set.train), ["Train001"]);
    let expected = |first: &[bool]| {
        let known = |name: &str, labels: &[bool], masks: &[bool]| {
            (
                name.to_string(),
                Some(labels.to_vec()),
                Some(masks.to_vec()),
            )
        };
        vec![
            known("Test001", first, &FIRST),
            known("Test002", &SECOND, &SECOND),
        ]
    };
    assert_eq!(known(&set), expected(&FIRST));

    let script = root.path().join("Test/UCSDped.m");
    fs::write(
        &script,
        "TestVideoFile = {};\nTestVideoFile{end+1}.gt_frame = [1:2, 4:4];\nTestVideoFile{end+1}.gt_frame = [3:3];\n",
    )
    .expect("writable");
    let set = open(&root, VideoLayout::Ucsd).expect("whole");
    assert_eq!(known(&set), expected(&[true, true, false, true]));

    fs::remove_dir_all(root.path().join("Test/Test002_gt")).expect("there");
    let set = open(&root, VideoLayout::Ucsd).expect("Ped1 has masks for some videos only");
    assert_eq!(
        known(&set)[1],
        ("Test002".to_string(), Some(SECOND.to_vec()), None)
    );

    fs::write(
        &script,
        "TestVideoFile{end+1}.gt_frame = [1:2, 4:5];\nTestVideoFile{end+1}.gt_frame = [];",
    )
    .expect("writable");
    assert_eq!(
        open(&root, VideoLayout::Ucsd).expect_err("beyond the end"),
        "Test/UCSDped.m: frame labels: video 1: found a span from 4 to 5, expected spans within 1 to 4"
    );
    fs::remove_file(&script).expect("there");
    assert_eq!(
        known(&open(&root, VideoLayout::Ucsd).expect("whole"))[1],
        ("Test002".to_string(), None, None)
    );
    fs::remove_file(root.path().join("Test/Test001/003.tif")).expect("there");
    assert_eq!(
        open(&root, VideoLayout::Ucsd).expect_err("a gap"),
        "Test/Test001: number 3 is missing: found 004.tif after 002.tif, expected consecutive numbers"
    );
    fs::remove_dir_all(root.path().join("Train")).expect("there");
    assert_eq!(
        open(&root, VideoLayout::Ucsd).expect_err("missing"),
        "ROOT: training videos not found, expected one of: Train, training"
    );
}

#[derive(Deserialize)]
struct MatCase {
    name: String,
    file: String,
}

/// A file of SciPy's with masks of 5×7 pixels in six cells, of which the third and the fourth are not empty.
fn label_mask() -> Vec<u8> {
    let cases: Vec<MatCase> =
        serde_json::from_str(include_str!("fixtures/mat.json")).expect("written by the script");
    let case = cases
        .iter()
        .find(|case| case.name == "masks in cells, compressed")
        .expect("made");
    (0..case.file.len() / 2)
        .map(|index| u8::from_str_radix(&case.file[2 * index..][..2], 16).expect("two digits"))
        .collect()
}

#[test]
fn avenue_takes_masks_and_labels_from_its_cells() {
    let labels = [false, false, true, true, false, false];
    for (videos, masks) in [
        ("", "testing_label_mask"),
        ("", "ground_truth_demo/testing_label_mask"),
        ("Avenue Dataset", "Avenue Dataset/testing_label_mask"),
        ("Avenue Dataset", "ground_truth_demo/testing_label_mask"),
    ] {
        let root = root();
        // Folders of images stand for the video files, which need FFmpeg.
        images(
            &root.path().join(videos).join("training_videos/01"),
            0,
            3,
            "png",
            &[false; 6],
        );
        images(
            &root.path().join(videos).join("testing_videos/01"),
            0,
            3,
            "png",
            &[false; 6],
        );
        let masks = root.path().join(masks);
        fs::create_dir_all(&masks).expect("writable");
        fs::write(masks.join("1_label.mat"), label_mask()).expect("writable");
        let set = open(&root, VideoLayout::Avenue).expect("whole");
        assert_eq!(
            known(&set),
            [(
                "01".to_string(),
                Some(labels.to_vec()),
                Some(labels.to_vec())
            )]
        );
        let masks = set.test[0].masks(None).expect("whole").expect("there");
        assert_eq!((masks[0].height(), masks[0].width()), (5, 7));
        let anomalous = |frame: usize| masks[frame].anomalous().iter().position(|&pixel| pixel);
        assert_eq!((anomalous(2), anomalous(3)), (Some(4 * 7 + 6), Some(3)));
    }

    let root = root();
    images(
        &root.path().join("training_videos/01"),
        0,
        3,
        "png",
        &[false; 6],
    );
    images(
        &root.path().join("testing_videos/03"),
        0,
        3,
        "png",
        &[false; 5],
    );
    assert_eq!(
        open(&root, VideoLayout::Avenue).expect_err("no masks"),
        "ROOT: masks not found, expected one of: testing_label_mask, ground_truth_demo/testing_label_mask"
    );
    let masks = root.path().join("testing_label_mask");
    fs::create_dir(&masks).expect("writable");
    assert_eq!(
        open(&root, VideoLayout::Avenue).expect_err("no mask"),
        "testing_label_mask: masks not found, expected one of: 3_label.mat"
    );
    fs::write(masks.join("3_label.mat"), label_mask()).expect("writable");
    assert_eq!(
        open(&root, VideoLayout::Avenue).expect_err("another length"),
        "testing_label_mask/3_label.mat: frame labels: found 6, expected 5, one for each frame of 1 video"
    );
    fs::write(masks.join("3_label.mat"), &label_mask()[..180]).expect("writable");
    assert_eq!(
        open(&root, VideoLayout::Avenue).expect_err("cut off"),
        "testing_label_mask/3_label.mat: variable `volLabel`: cell 1: the file is cut short"
    );
}

#[test]
fn shanghaitech_takes_labels_and_masks_from_arrays() {
    for inner in ["", "shanghaitech"] {
        let root = root();
        let path = root.path().join(inner);
        images(
            &path.join("training/videos/01_001"),
            0,
            3,
            "jpg",
            &[false; 6],
        );
        images(
            &path.join("testing/frames/01_0014"),
            0,
            3,
            "jpg",
            &[false; 3],
        );
        assert_eq!(
            open(&root, VideoLayout::ShanghaiTech)
                .expect_err("no labels")
                .replace("ROOT", "")
                .replace("shanghaitech", ""),
            ": frame labels not found, expected one of: testing/test_frame_mask"
        );
        npy(
            &path.join("testing/test_frame_mask/01_0014.npy"),
            "(3,)",
            &[0, 0, 1],
        );
        let set = open(&root, VideoLayout::ShanghaiTech).expect("whole");
        assert_eq!(names(&set.train), ["01_001"]);
        assert_eq!(
            known(&set),
            [("01_0014".to_string(), Some(SECOND.to_vec()), None)]
        );

        npy(
            &path.join("testing/test_pixel_mask/01_0014.npy"),
            "(3, 1, 2)",
            &[0, 0, 0, 0, 0, 1],
        );
        let set = open(&root, VideoLayout::ShanghaiTech).expect("whole");
        assert_eq!(
            known(&set),
            [(
                "01_0014".to_string(),
                Some(SECOND.to_vec()),
                Some(SECOND.to_vec())
            )]
        );
    }
}

#[test]
fn layouts_are_known_by_their_names() {
    for layout in [
        VideoLayout::Folders,
        VideoLayout::Ucsd,
        VideoLayout::Avenue,
        VideoLayout::ShanghaiTech,
    ] {
        assert_eq!(layout.to_string().parse(), Ok(layout));
        assert_eq!(
            serde_json::to_string(&layout).expect("plain data"),
            format!("\"{layout}\"")
        );
    }
    assert_eq!("ped2".parse(), Ok(VideoLayout::Ucsd));
    let error: VideoLayoutError = "ped3".parse::<VideoLayout>().expect_err("unknown");
    assert_eq!(
        error.to_string(),
        "layout: found `ped3`, expected one of: folders, ucsd, ped1, ped2, avenue, shanghaitech"
    );
}

#[test]
fn labels_of_a_data_set_can_be_read_on_their_own() {
    let root = root();
    let path = root.path().join("a.npy");
    npy(&path, "(2, 1, 2)", &[0, 0, 0, 3]);
    let labels = read_frame_labels(&path).expect("whole");
    assert_eq!(labels.of_videos(&[1, 1]), Ok(vec![vec![false], vec![true]]));
}
