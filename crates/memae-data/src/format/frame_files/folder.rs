//! What lies in a folder.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::format::error::FileError;
use crate::format::image_file::{EXTENSIONS, UNREAD_EXTENSIONS};
use crate::format::passed_over::{PassedOver, PassedOverReason};

/// Names in their natural order: numbers by their value, everything else by its characters.
pub(crate) fn natural_order(a: &OsStr, b: &OsStr) -> std::cmp::Ordering {
    alphanumeric_sort::compare_str(a.to_string_lossy(), b.to_string_lossy()).then(a.cmp(b))
}

/// The entries of a folder in the natural order of their names, without hidden ones.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    entries_counting(folder, &mut PassedOver::default(), folder)
}

/// As [`entries`]; hidden ones are counted, and named as seen from `root`.
pub(crate) fn entries_counting(
    folder: &Path,
    passed_over: &mut PassedOver,
    root: &Path,
) -> Result<Vec<PathBuf>, FileError> {
    let read_error = FileError::reading(folder);
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(&read_error)? {
        let entry = entry.map_err(&read_error)?;
        match is_hidden(&entry.file_name()) {
            true => passed_over.add(PassedOverReason::Hidden, root, &entry.path()),
            false => paths.push(entry.path()),
        }
    }
    let name = |path: &Path| path.file_name().unwrap_or_default().to_os_string();
    paths.sort_by(|a, b| natural_order(&name(a), &name(b)));
    Ok(paths)
}

/// Whether the system shows the name only where it is asked to.
pub(crate) fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// Whether the name is that of an image that can be read.
pub(crate) fn is_image(path: &Path) -> bool {
    ends_with_one_of(path, &EXTENSIONS)
}

/// Whether the name is that of an image of a format that is not read.
pub(crate) fn is_unread_image(path: &Path) -> bool {
    ends_with_one_of(path, &UNREAD_EXTENSIONS)
}

fn ends_with_one_of(path: &Path, endings: &[&str]) -> bool {
    path.extension()
        .and_then(OsStr::to_str)
        .is_some_and(|extension| {
            endings
                .iter()
                .any(|known| extension.eq_ignore_ascii_case(known))
        })
}
