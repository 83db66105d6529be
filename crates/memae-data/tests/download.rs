//! What `Mnist::download` makes of burn-dataset's cache folder. No network is used: all files are in the cache.
//!
//! The cache folder is named by an environment variable, which only a new process can be given safely; so the test
//! starts itself again, with the test below that is otherwise skipped.
#![cfg(all(feature = "download", target_os = "linux"))]

use std::path::Path;
use std::process::Command;

use memae_data::dataset::Mnist;
use memae_data::format::{IdxArray, write_idx};

#[test]
#[ignore = "started by the other tests of this file"]
fn child() {
    match Mnist::download() {
        Ok(mnist) => println!(
            "read {} {} {}",
            mnist.train.len(),
            mnist.test.len(),
            mnist.test.pixels(1)[3]
        ),
        Err(error) => println!("error: {error}"),
    }
}

/// Standard output and standard error of `Mnist::download` with this cache folder.
fn download(cache: &Path) -> (String, String) {
    let output = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "child", "--ignored", "--nocapture"])
        .env("XDG_CACHE_HOME", cache)
        .output()
        .expect("this test runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (text(output.stdout), text(output.stderr))
}

fn write(cache: &Path, set: &str, name: &str, count: usize) {
    let folder = cache.join("burn-dataset").join("mnist").join(set);
    std::fs::create_dir_all(&folder).expect("temporary folder");
    let images = IdxArray::new(
        vec![count, 28, 28],
        (0..count * 784).map(|value| value as u8).collect(),
    );
    let labels = IdxArray::new(vec![count], vec![5; count]);
    let path = |kind| folder.join(format!("{name}-{kind}-ubyte"));
    write_idx(path("images-idx3"), &images.expect("sizes agree")).expect("writable");
    write_idx(path("labels-idx1"), &labels.expect("sizes agree")).expect("writable");
}

#[test]
fn files_in_the_cache_are_read() {
    let cache = tempfile::tempdir().expect("temporary folder");
    write(cache.path(), "train", "train", 3);
    write(cache.path(), "test", "t10k", 2);
    let (found, _) = download(cache.path());
    let expected = format!("read 3 2 {}", (784 + 3) % 256);
    assert!(found.contains(&expected), "{found}");
}

#[test]
fn a_damaged_cache_is_one_clear_line() {
    let cache = tempfile::tempdir().expect("temporary folder");
    write(cache.path(), "train", "train", 3);
    write(cache.path(), "test", "t10k", 10_001);
    let (found, printed) = download(cache.path());
    let line = found
        .lines()
        .find_map(|line| line.split_once("error: "))
        .map(|(_, message)| message)
        .unwrap_or_else(|| panic!("no error in {found}"));
    assert!(line.starts_with("MNIST: download failed: "), "{line}");
    assert!(line.contains("10001"), "{line}");
    assert!(line.ends_with("or a connection to fetch them"), "{line}");
    assert!(!printed.contains("panicked"), "{printed}");
}
