//! Files that are there whole or not at all.

use std::fs::File;
use std::io;
use std::path::Path;

/// Writes a file beside `path` and renames it to `path`: after a crash the old file is there, or the new one, and never a
/// part of it. On failure nothing is left behind.
pub(super) fn replace_file(
    path: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new(""));
    // A file made by `make_in` has the permissions of an ordinary new file, not those of a secret.
    let mut file = tempfile::Builder::new().make_in(folder, |path| File::create_new(path))?;
    write(file.as_file_mut())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
