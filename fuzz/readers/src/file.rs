//! Bytes as a file, for readers that take a path.

use std::fs;
use std::path::Path;

/// Calls `read` with a file of this name that holds these bytes.
pub fn in_file<T>(name: &str, bytes: &[u8], read: impl FnOnce(&Path) -> T) -> T {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("room for a temporary file");
    read(&path)
}
