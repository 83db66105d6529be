use std::fs::File;
use std::io;
use std::path::Path;

/// Writes a file beside `path` and renames it to `path`: after a crash the old file is there, or the
/// new one, and never a part of it. On failure nothing is left behind.
///
/// # Errors
///
/// The file can't be made, written or renamed, or `write` fails.
///
/// ```
/// use std::io::Write;
///
/// # let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("report.txt");
/// memae_data::replace_file(&path, |file| file.write_all(b"whole")).unwrap();
/// assert_eq!(std::fs::read(&path).unwrap(), b"whole");
/// ```
pub fn replace_file(
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
