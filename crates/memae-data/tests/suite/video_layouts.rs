//! Data sets in the folders that they are downloaded as.

use std::fs;
use std::path::{MAIN_SEPARATOR, Path};

use memae_data::dataset::{SourceError, VideoLayout, VideoLayoutError, read_frame_labels};
use memae_data::sample::{Video, VideoSet};
use tempfile::TempDir;

mod avenue;
mod folders;
mod shanghaitech;
mod ucsd;

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
    npy(&path, "(2, 1, 3)", &[0, 0, 0, 0, 1, 0]);
    let labels = read_frame_labels(&path).expect("whole");
    assert_eq!(labels.of_videos(&[1, 1]), Ok(vec![vec![false], vec![true]]));
}
