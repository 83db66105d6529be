//! What fuzzing kept, and what it found, run by every test run.

use std::fs;
use std::path::{Path, PathBuf};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus")
}

fn files_of(reader: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(corpus().join(reader)).expect("a folder for each reader");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn readers_keep_their_word_on_every_file() {
    for (name, reader) in fuzz_readers::READERS {
        let files = files_of(name);
        assert!(!files.is_empty(), "{name}: no files");
        for file in files {
            println!("{name}: {}", file.display());
            reader(&fs::read(&file).unwrap());
        }
    }
}

/// Each file cut off anywhere is read or refused, too.
#[test]
fn readers_keep_their_word_on_files_that_are_cut_off() {
    for (name, reader) in fuzz_readers::READERS {
        for file in files_of(name) {
            let bytes = fs::read(&file).unwrap();
            let step = bytes.len() / 40 + 1;
            for length in (0..bytes.len()).step_by(step) {
                println!("{name}: {length} bytes of {}", file.display());
                reader(&bytes[..length]);
            }
        }
    }
}

#[test]
fn every_reader_has_a_target() {
    let manifest = fs::read_to_string(corpus().join("../Cargo.toml")).unwrap();
    for (name, _) in fuzz_readers::READERS {
        assert!(
            manifest.contains(&format!("name = \"{name}\"")),
            "fuzz/Cargo.toml: no target {name}"
        );
        assert!(
            corpus()
                .join(format!("../fuzz_targets/{name}.rs"))
                .is_file()
        );
    }
}
