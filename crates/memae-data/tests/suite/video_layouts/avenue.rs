//! CUHK Avenue.

use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct MatCase {
    name: String,
    file: String,
}

/// A file of SciPy's with masks of 5×7 pixels in six cells, of which the third and the fourth are not empty.
fn label_mask() -> Vec<u8> {
    let cases: Vec<MatCase> = serde_json::from_str(include_str!("../../fixtures/mat.json"))
        .expect("written by the script");
    let case = cases
        .iter()
        .find(|case| case.name == "masks in cells, compressed")
        .expect("made");
    (0..case.file.len() / 2)
        .map(|index| u8::from_str_radix(&case.file[2 * index..][..2], 16).expect("two digits"))
        .collect()
}

/// Six frames of the size of those masks.
fn frames_of_masks(folder: &Path) {
    fs::create_dir_all(folder).expect("writable");
    for frame in 0..6 {
        let image = image::GrayImage::new(7, 5);
        image
            .save(folder.join(format!("{frame:03}.png")))
            .expect("writable");
    }
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
        frames_of_masks(&root.path().join(videos).join("testing_videos/01"));
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
