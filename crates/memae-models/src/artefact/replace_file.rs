use std::fs::File;
use std::io;
use std::path::Path;

/// Writes a file beside `path`, brings it to the disk and renames it, so that a crash leaves the old file or the new one,
/// whole. An error leaves nothing behind.
pub(crate) fn replace_file(
    path: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    // A file made by `make_in` has the permissions of an ordinary new file, not those of a secret.
    let mut file = tempfile::Builder::new().make_in(folder, |path| File::create_new(path))?;
    write(file.as_file_mut())?;
    file.as_file().sync_all()?;
    file.persist(path).map(|_| ()).map_err(|error| error.error)
}
