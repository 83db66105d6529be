//! Files of clip scores: their order, and what can be wrong with them.

use std::fs;
use std::path::Path;

use memae_data::dataset::{SourceError, read_clip_scores};
use memae_data::format::FileError;

/// Writes a row of scores as an .npy file.
fn write(folder: &Path, name: &str, scores: &[f64]) {
    let header = format!(
        "{{'descr': '<f8', 'fortran_order': False, 'shape': ({},), }}",
        scores.len()
    );
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(scores.iter().flat_map(|score| score.to_le_bytes()));
    fs::write(folder.join(name), bytes).expect("writable");
}

fn message(folder: &Path) -> String {
    let message = read_clip_scores(folder).expect_err("damaged").to_string();
    assert!(!message.contains('\n'), "{message}");
    message.replace(&folder.display().to_string(), "DIR")
}

#[test]
fn files_come_in_the_natural_order_of_their_names() {
    let folder = tempfile::tempdir().expect("temporary folder");
    for (name, score) in [("Test10.npy", 3.0), ("Test2.npy", 2.0), ("Test1.NPY", 1.0)] {
        write(folder.path(), name, &[score, 0.5]);
    }
    fs::write(folder.path().join("notes.txt"), "not scores").expect("writable");
    fs::write(folder.path().join("._Test2.npy"), "hidden").expect("writable");
    let scores = read_clip_scores(folder.path()).expect("whole");
    let names: Vec<_> = scores
        .iter()
        .filter_map(|file| file.path.file_name())
        .collect();
    assert_eq!(names, ["Test1.NPY", "Test2.npy", "Test10.npy"]);
    assert_eq!(scores[2].scores, [3.0, 0.5]);
}

#[test]
fn folders_without_scores_say_so() {
    let folder = tempfile::tempdir().expect("temporary folder");
    assert_eq!(
        message(folder.path()),
        "DIR: found no scores, expected one .npy file for each video"
    );
    write(folder.path(), "a.npy", &[]);
    assert_eq!(
        message(folder.path()),
        "DIR/a.npy: found no scores, expected one for each clip"
    );
    fs::write(folder.path().join("a.npy"), "text").expect("writable");
    assert_eq!(
        message(folder.path()),
        "DIR/a.npy: bytes 0 to 5: found [74, 65, 78, 74], expected \\x93NUMPY, the start of an .npy file"
    );
    let absent = read_clip_scores(folder.path().join("absent")).expect_err("absent");
    assert!(matches!(absent, SourceError::File(FileError::Read { .. })));
}
