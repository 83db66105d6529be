//! Folders and files by the names they are known under.

use std::path::{Path, PathBuf};

use crate::dataset::error::SourceError;
use crate::format::entries;

/// The first of some folders within `folder` that is there.
pub(super) fn find_folder(folder: &Path, names: &[&str]) -> Option<PathBuf> {
    let mut paths = names.iter().map(|name| folder.join(name));
    paths.find(|path| path.is_dir())
}

/// As [`find_folder`]; an error that lists the names where none is there.
pub(super) fn need_folder(
    folder: &Path,
    content: &'static str,
    names: &[&str],
) -> Result<PathBuf, SourceError> {
    find_folder(folder, names).ok_or_else(|| SourceError::MissingFile {
        folder: folder.to_path_buf(),
        content,
        names: names.iter().map(ToString::to_string).collect(),
    })
}

/// A file that must be there.
pub(super) fn need_file(
    folder: &Path,
    content: &'static str,
    name: String,
) -> Result<PathBuf, SourceError> {
    let path = folder.join(&name);
    match path.is_file() {
        true => Ok(path),
        false => Err(SourceError::MissingFile {
            folder: folder.to_path_buf(),
            content,
            names: vec![name],
        }),
    }
}

/// The folders within a folder whose names `wanted` accepts, in natural order.
pub(super) fn folders_in(
    folder: &Path,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<PathBuf>, SourceError> {
    let mut paths = entries(folder)?;
    paths.retain(|path| {
        path.is_dir() && wanted(&path.file_name().unwrap_or_default().to_string_lossy())
    });
    Ok(paths)
}
