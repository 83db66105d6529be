//! How images may lie.

use memae_data::protocol::{OneClassConfig, Split};
use proptest::prelude::*;

use super::*;

#[test]
fn both_sets_share_the_labels_of_all_classes() {
    let folder = folder(&SETS);
    let images = read(folder.path());
    assert_eq!(images.classes.names(), ["dent", "good", "scratch"]);
    assert_eq!(images.train.shape().to_string(), "3x5x7");
    assert_eq!(images.train.labels(), [1, 1, 1]);
    assert_eq!(images.test.labels(), [0, 0, 1, 2]);
    assert_eq!(
        relative(&images.train_files, folder.path()),
        ["train/good/1.png", "train/good/2.png", "train/good/10.png"]
    );
    assert_eq!(
        relative(&images.test_files, folder.path()),
        [
            "test/dent/000.png",
            "test/dent/001.bmp",
            "test/good/0.png",
            "test/scratch/0.png"
        ]
    );
    for (index, level) in [2, 0, 1].into_iter().enumerate() {
        assert_eq!(images.train.pixels(index), planes(&picture(level)));
    }
    for (index, level) in [5, 6, 4, 3].into_iter().enumerate() {
        assert_eq!(images.test.pixels(index), planes(&picture(level)));
    }
}

#[test]
fn a_set_goes_through_the_one_class_protocol_by_name() {
    let folder = folder(&SETS);
    let images = read(folder.path());
    let normal = images.classes.label("good").expect("known");
    let data = OneClassConfig::new(normal)
        .apply(&images.train, &images.test)
        .expect("good in both");
    assert_eq!(data.train, images.train);
    assert_eq!(data.test, images.test, "so that files tell of its images");
    assert_eq!(data.anomalous, [true, true, false, true]);

    let error = images.classes.label("crack").expect_err("no such class");
    assert_eq!(
        error.to_string(),
        "class `crack`: not found, expected one of: dent, good, scratch"
    );
}

#[test]
fn one_set_is_divided_at_random() {
    let names: Vec<String> = (0..6)
        .flat_map(|index| [format!("10/{index}.png"), format!("9/{index}.png")])
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let folder = folder(&names);
    let images = read(folder.path());
    assert_eq!(
        images.classes.names(),
        ["9", "10"],
        "numbers by their value"
    );
    assert_eq!(images.train.labels(), [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
    assert!(images.test.is_empty() && images.test_files.is_empty());
    assert_eq!(images.test.shape(), images.train.shape());

    let data = OneClassConfig::new(images.classes.label("10").expect("known"))
        .with_split(Split::two_to_one(1))
        .apply(&images.train, &images.test)
        .expect("six of each");
    assert_eq!(
        (data.train.len(), data.normal(), data.anomalies()),
        (4, 2, 6)
    );
}

#[test]
fn training_images_need_no_test_images() {
    let folder = folder(&["train/good/1.png", "train/good/2.png"]);
    let images = read(folder.path());
    assert_eq!(images.classes.names(), ["good"]);
    assert_eq!(images.train.labels(), [0, 0]);
    assert!(images.test.is_empty() && images.unlabeled.is_empty());
    assert_eq!(images.test.shape(), images.train.shape());
}

#[test]
fn a_flat_folder_is_one_class() {
    for names in [["2.png", "10.png"], ["train/2.png", "train/10.png"]] {
        let folder = folder(&names);
        let images = read(folder.path());
        assert_eq!(images.classes.names(), ["normal"]);
        assert_eq!(images.train.labels(), [0, 0]);
        assert_eq!(relative(&images.train_files, folder.path()), names);
        assert_eq!(images.train.pixels(1), planes(&picture(1)));
        assert!(images.test.is_empty() && images.unlabeled.is_empty());
        assert!(images.passed_over.is_empty());
    }
}

#[test]
fn test_images_without_classes_have_no_labels() {
    for names in [
        ["train/good/1.png", "test/2.png", "test/10.png"],
        ["train/1.png", "test/2.png", "test/10.png"],
        ["Training/good/1.png", "TESTING/2.png", "TESTING/10.png"],
    ] {
        let folder = folder(&names);
        let images = read(folder.path());
        assert_eq!(images.train.len(), 1);
        assert!(images.test.is_empty() && images.test_files.is_empty());
        assert_eq!(relative(&images.unlabeled_files, folder.path()), names[1..]);
        assert_eq!(images.unlabeled.len(), 2);
        let second = images.unlabeled.scaled(1);
        let expected: Vec<f32> = planes(&picture(2))
            .iter()
            .map(|&v| f32::from(v) / 255.0)
            .collect();
        assert_eq!(second, expected);
        assert_eq!(images.classes.names().len(), 1, "no class is invented");
    }
}

#[test]
fn layouts_that_can_be_read_in_two_ways_are_refused() {
    let refused = |names: &[&str]| default_message(folder(names).path());
    assert_eq!(
        refused(&["1.png", "cat/1.png"]),
        "ROOT: found the image `1.png` beside the folder of images `cat`, which can be read in two ways, \
         expected images without classes alone, or all images in folders of classes"
    );
    // In a set too, and where the images lie deeper in the class.
    assert_eq!(
        refused(&["train/good/1.png", "test/1.png", "test/dent/a/1.png"]),
        "test: found the image `1.png` beside the folder of images `dent`, which can be read in two ways, \
         expected images without classes alone, or all images in folders of classes"
    );
    // Classes called train and test, or sets without classes?
    for (names, beside) in [
        (["train/1.png", "test/1.png", "tram/1.png"], "tram"),
        (["train/1.png", "tram/a/2.png", "test/1.png"], "tram"),
        (["train/1.png", "train/2.png", "3.png"], "3.png"),
    ] {
        assert_eq!(
            refused(&names),
            format!(
                "ROOT: found images directly in `train`, and other images beside it (`{beside}`), which can be read \
                 in two ways, expected training images in train/<class>/, or one folder for each class, none of \
                 them called train or test"
            )
        );
    }
    // Which of the classes is the one that was trained on?
    assert_eq!(
        refused(&["train/1.png", "test/good/1.png", "test/dent/1.png"]),
        "ROOT: found images directly in `train`, and `test` in folders of classes, which can be read in two ways, \
         expected training images in train/<class>/, called as the folder of test images of the same class"
    );
    assert_eq!(
        refused(&["train/good/1.png", "Training/good/1.png"]),
        "ROOT: found folders `Training` and `train`, which can be read in two ways, expected one of them"
    );
    // A folder of data sets, of which each has its own sets.
    assert_eq!(
        refused(&["bottle/train/good/1.png", "bottle/test/good/1.png"]),
        "bottle: found a folder `test` within a class, which can be read in two ways, expected the folder that \
         holds the training and test images itself"
    );
}

#[test]
fn folders_without_images_beside_images_are_no_classes() {
    let folder = folder(&["train/1.png", "train/2.png"]);
    fs::create_dir_all(folder.path().join("train/notes")).expect("writable");
    fs::write(folder.path().join("train/notes/a.txt"), b"notes").expect("writable");
    fs::create_dir_all(folder.path().join("configs")).expect("writable");
    fs::write(folder.path().join("configs/a.txt"), b"not looked at").expect("writable");
    let images = read(folder.path());
    assert_eq!(images.train.len(), 2);
    assert_eq!(images.passed_over.count(), 2, "{}", images.passed_over);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Any classes in any set: labels, pixels and files go together.
    #[test]
    fn every_image_keeps_its_class(
        train in proptest::collection::btree_map("[a-c][0-9]{1,2}", 1u8..4, 1..5),
        test in proptest::collection::btree_map("[a-c][0-9]{1,2}", 1u8..4, 1..5),
    ) {
        let root = tempfile::tempdir().expect("temporary folder");
        let mut level = 0;
        let mut levels = std::collections::BTreeMap::new();
        for (set, classes) in [("train", &train), ("test", &test)] {
            for (class, &count) in classes {
                for index in 0..count {
                    let name = format!("{set}/{class}/{index}.png");
                    save(root.path(), &name, &picture(level));
                    levels.insert(name, level);
                    level += 1;
                }
            }
        }
        let images = read(root.path());
        let both = train.keys().chain(test.keys());
        let distinct: std::collections::BTreeSet<&String> = both.collect();
        prop_assert_eq!(images.classes.names().len(), distinct.len());
        prop_assert_eq!(images.train_files.len() + images.test_files.len(), levels.len());
        for (set, files) in [(&images.train, &images.train_files), (&images.test, &images.test_files)] {
            prop_assert_eq!(set.len(), files.len());
            prop_assert!(set.labels().is_sorted());
            for (index, name) in relative(files, root.path()).iter().enumerate() {
                let class = name.split('/').nth(1).expect("set, class, file");
                prop_assert_eq!(images.classes.label(class).expect("known"), set.label(index));
                prop_assert_eq!(set.pixels(index), planes(&picture(levels[name])));
            }
        }
    }
}
