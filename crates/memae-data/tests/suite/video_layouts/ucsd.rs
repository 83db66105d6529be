//! UCSD Ped1 and Ped2.

use super::*;

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
    let labels = set.test[0].labels().expect("as many as frames");
    assert_eq!(labels, Some(&[true, true, false, true][..]));
    // They are not those of the masks.
    let error = set.test[0].masks(None).expect_err("contradict").to_string();
    assert!(
        error.contains("Test001_gt: frame 0 of Test001, counted from 0: found a mask without"),
        "{error}"
    );
    fs::write(
        &script,
        "TestVideoFile{end+1}.gt_frame = [2:3];\nTestVideoFile{end+1}.gt_frame = [3];\n",
    )
    .expect("writable");
    let set = open(&root, VideoLayout::Ucsd).expect("whole");
    assert_eq!(known(&set), expected(&FIRST));

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
