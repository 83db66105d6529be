//! A file named without its folder; alone in its program, since the current folder belongs to all of a program.

use memae_pictures::{Curve, CurvesPicture};

#[test]
fn a_file_without_a_folder_is_written_to_the_current_one() {
    let folder = tempfile::tempdir().unwrap();
    std::env::set_current_dir(folder.path()).unwrap();
    let curve = Curve {
        label: "loss",
        points: &[(1.0, 2.0), (2.0, 1.0)],
    };
    CurvesPicture {
        title: "training",
        x_label: "epoch",
        y_label: "loss",
        curves: &[curve],
    }
    .save("loss.png")
    .unwrap();
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["loss.png"]);
    assert!(image::open(folder.path().join("loss.png")).is_ok());
}
