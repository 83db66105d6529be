//! Folders of training and test videos with labels and masks beside them.

use super::*;

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
fn what_lies_beside_videos_and_frames_is_counted() {
    let root = folders();
    let set = open(&root, VideoLayout::Folders).expect("whole");
    assert!(set.passed_over.is_empty(), "{}", set.passed_over);
    assert_eq!(set.train[0].passed_over(), None);

    let write = |name: &str| fs::write(root.path().join(name), "anything").expect("writable");
    write("training/frames/monday.3gp");
    write("training/frames/.DS_Store");
    write("testing/frames/readme.txt");
    write("training/frames/01/notes.txt");
    write("training/frames/01/._000.jpg");
    fs::create_dir(root.path().join("training/frames/01/more")).expect("writable");
    let set = open(&root, VideoLayout::Folders).expect("whole");
    assert_eq!(
        set.passed_over.to_string().replace('\\', "/"),
        "3 passed over: 1 hidden (training/frames/.DS_Store), 2 with other endings (training/frames/monday.3gp, \
         testing/frames/readme.txt)"
    );
    assert_eq!(
        set.train[0].passed_over().expect("three").to_string(),
        "3 passed over: 1 hidden (._000.jpg), 1 with other endings (notes.txt), 1 folders among frames (more)"
    );
    assert_eq!(set.train[1].passed_over(), None);
    assert_eq!(set.train[0].frame_count().expect("counted"), 5);

    // Labels and masks among the videos are read, not passed over; in other folders they are neither.
    for name in ["2", "10"] {
        let from = root.path().join("testing/frames").join(name);
        fs::rename(from, root.path().join("testing").join(name)).expect("there");
    }
    fs::remove_dir_all(root.path().join("testing/frames")).expect("there");
    let shape = "(1, 7)";
    npy(&root.path().join("testing/labels.npy"), shape, &[0; 7]);
    npy(
        &root.path().join("training/frames/labels.npy"),
        shape,
        &[0; 7],
    );
    let set = open(&root, VideoLayout::Folders).expect("whole");
    assert_eq!(
        set.passed_over.to_string().replace('\\', "/"),
        "3 passed over: 1 hidden (training/frames/.DS_Store), 2 with other endings (training/frames/labels.npy, \
         training/frames/monday.3gp)"
    );
}

#[test]
fn labels_are_known_by_their_name_in_whatever_case() {
    let root = folders();
    let labels = "label\n1\n0\n0\n1\n1\n1\n0\n";
    for name in ["Labels.CSV", "frame_LABELS_x.txt"] {
        fs::write(root.path().join(name), labels).expect("writable");
        // Labels of training videos, and whatever else lies there, are passed over.
        fs::write(root.path().join("labels_train.csv"), "0").expect("writable");
        fs::write(root.path().join("gt.csv"), "0").expect("writable");
        let set = open(&root, VideoLayout::Folders).expect("whole");
        let found = set.test[0].labels().expect("as many as frames");
        assert_eq!(found, Some(&[true, false, false, true][..]), "{name}");
        assert_eq!(
            set.passed_over.to_string(),
            "2 passed over: 2 beside training and test sets (gt.csv, labels_train.csv)"
        );
        fs::remove_file(root.path().join(name)).expect("there");
    }
}

#[test]
fn masks_may_be_stacks() {
    let root = folders();
    fs::remove_dir_all(root.path().join("testing/masks")).expect("there");
    for (name, labels) in [("2", &FIRST[..]), ("10", &SECOND)] {
        let values: Vec<u8> = labels
            .iter()
            .flat_map(|&label| [0, 0, 0, u8::from(label), 0].repeat(3))
            .collect();
        let path = root.path().join(format!("testing/masks/{name}.npy"));
        npy(&path, &format!("({}, 3, 5)", labels.len()), &values);
    }
    let set = open(&root, VideoLayout::Folders).expect("whole");
    assert_eq!(known(&set), expected());
    let masks = set.test[1]
        .masks(Some((6, 5)))
        .expect("whole")
        .expect("there");
    assert_eq!((masks[2].height(), masks[2].width()), (6, 5));
    let row = [false, false, false, true, false];
    assert_eq!(masks[2].anomalous(), row.repeat(6));
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
