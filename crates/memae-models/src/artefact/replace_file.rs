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

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_file_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model");
        std::fs::write(&path, "old").unwrap();
        let failed = replace_file(&path, |file| {
            file.write_all(b"ne")?;
            Err(io::Error::other("no room"))
        });
        assert_eq!(failed.unwrap_err().to_string(), "no room");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        replace_file(&path, |file| file.write_all(b"new")).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_name_alone_is_a_file_of_the_working_directory() {
        struct Removed(PathBuf);
        impl Drop for Removed {
            fn drop(&mut self) {
                std::fs::remove_file(&self.0).ok();
            }
        }
        let file = Removed(format!("replaced by {}", std::process::id()).into());
        replace_file(&file.0, |file| file.write_all(b"here")).unwrap();
        assert_eq!(std::fs::read_to_string(&file.0).unwrap(), "here");
    }
}
