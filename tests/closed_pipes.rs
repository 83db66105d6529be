//! Examples whose reader stops reading, as `head` does.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A built example; Cargo builds examples before it runs tests.
fn example(name: &str) -> Command {
    let test = std::env::current_exe().unwrap();
    let path = test.ancestors().nth(2).unwrap().join("examples").join(name);
    assert!(
        path.is_file(),
        "{}: not there; `cargo test` builds it",
        path.display()
    );
    Command::new(path)
}

#[test]
fn what_goes_to_files_is_written_though_nobody_reads() {
    let folder = tempfile::tempdir().unwrap();
    let out: PathBuf = folder.path().join("out");
    let mut child = example("mnist_digit9")
        .args(["--epochs", "1", "--out"])
        .arg(&out)
        .env_remove("MEMAE_DATA")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Both readers go before anything is read.
    drop(child.stdout.take());
    drop(child.stderr.take());
    assert!(child.wait().unwrap().success());
    for file in ["report.json", "training.png", "memae.safetensors"] {
        assert!(out.join(file).is_file(), "{file}");
    }
}

#[test]
fn an_error_without_a_reader_has_its_exit_code() {
    let mut child = example("frame_auc")
        .args(["--scores", "/nowhere", "--labels", "/nowhere.npy"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}
