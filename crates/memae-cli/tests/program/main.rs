//! The program as its users call it: what it prints, what it writes, and how it leaves.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use image::GrayImage;
use memae::data::drawn::DigitsConfig;
use memae::data::sample::LabeledImages;

mod bad_input;
mod both;
mod counted_once;
mod damage;
mod detectors;
mod folds;
mod motion;
mod picture_parts;
mod pictures;
mod pixels;
mod streams;
mod tables;
mod videos;

/// Runs the program in a folder.
fn memae(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_memae"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("MEMAE_DEVICE")
        .output()
        .expect("the program starts")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What it printed, where it left with 0.
fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = memae(folder, arguments);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{arguments:?}: {}",
        err(&output)
    );
    out(&output)
}

/// The one line of an error.
fn error(folder: &Path, arguments: &[&str]) -> String {
    let output = memae(folder, arguments);
    let message = err(&output);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {message}");
    let lines: Vec<&str> = message.lines().collect();
    let error = lines
        .iter()
        .rfind(|line| line.starts_with("error: "))
        .unwrap_or_else(|| panic!("{message}"));
    error.to_string()
}

/// Writes images as PNG: `class/0.png`, ….
fn save(folder: &Path, images: &LabeledImages, indices: &[usize]) {
    fs::create_dir_all(folder).expect("writable");
    let shape = images.shape();
    for (number, &index) in indices.iter().enumerate() {
        let pixels = images.scaled(index).into_iter();
        let pixels = pixels.map(|value| (value * 255.0).round() as u8).collect();
        let image = GrayImage::from_raw(shape.width as u32, shape.height as u32, pixels);
        let path = folder.join(format!("{number}.png"));
        image.expect("of its shape").save(path).expect("writable");
    }
}

/// Drawn digits, `train/good` and `test/{good,other}` of nines and others, with a detector of nines, which took a training.
struct Digits {
    folder: tempfile::TempDir,
    printed: String,
}

impl Digits {
    fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// The same for all tests, which may not change it.
fn digits() -> &'static Digits {
    static DIGITS: OnceLock<Digits> = OnceLock::new();
    DIGITS.get_or_init(|| {
        let folder = tempfile::tempdir().expect("temporary folder");
        let digits = DigitsConfig::default()
            .with_train_per_class(120)
            .with_test_per_class(20)
            .generate();
        let parts = folder.path().join("parts");
        save(
            &parts.join("train/good"),
            &digits.train,
            &digits.train.indices_of(9),
        );
        save(
            &parts.join("test/good"),
            &digits.test,
            &digits.test.indices_of(9),
        );
        let others: Vec<usize> = [0, 1, 2, 6]
            .iter()
            .flat_map(|&class| digits.test.indices_of(class))
            .collect();
        save(&parts.join("test/other"), &digits.test, &others);
        let arguments = [
            "train",
            "parts",
            "--out",
            "nines.safetensors",
            "--epochs",
            "12",
            "--rate",
            "0.05",
        ];
        let printed = run(folder.path(), &arguments);
        Digits { folder, printed }
    })
}

/// A copy of the detector in a folder of its own.
fn own_detector() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join("nines.safetensors");
    fs::copy(digits().path().join("nines.safetensors"), &path).expect("writable");
    (folder, path)
}
