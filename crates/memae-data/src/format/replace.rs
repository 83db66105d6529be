//! Files that are written whole or not at all.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::open::kind;

/// Writes a file beside `path`, brings it to the disk and renames it, so that a crash leaves the old file or the new one,
/// whole. An error leaves nothing behind.
///
/// A link stays, and the file that it leads to is replaced. Nothing but a regular file ever is: see [`replaceable`].
///
/// # Errors
///
/// As [`replaceable`]; what `write` says; the system refuses.
///
/// ```
/// use std::io::Write;
///
/// use memae_data::format::replace_file;
///
/// # let folder = tempfile::tempdir()?;
/// let path = folder.path().join("scores.txt");
/// replace_file(&path, |file| file.write_all(b"0.25"))?;
/// assert_eq!(std::fs::read(path)?, b"0.25");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn replace_file(
    path: impl AsRef<Path>,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    let path = replaceable(path)?;
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    // A file made by `make_in` has the permissions of an ordinary new file, not those of a secret.
    let mut file = tempfile::Builder::new().make_in(folder, |path| File::create_new(path))?;
    write(file.as_file_mut())?;
    file.as_file().sync_all()?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// The file that a file of this name would replace or make: what a link leads to, or the name itself.
///
/// # Errors
///
/// Something else has the name, such as a folder, a pipe or a device, which would be no more if a file took its place; a link
/// leads to nothing; the file may not be written.
pub fn replaceable(path: impl AsRef<Path>) -> io::Result<PathBuf> {
    let path = path.as_ref();
    let is_link = match fs::symlink_metadata(path) {
        Ok(entry) => entry.file_type().is_symlink(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(path.to_path_buf()),
        Err(error) => return Err(error),
    };
    let found = match fs::metadata(path) {
        Ok(file) if !file.is_file() => kind(file.file_type()),
        Ok(file) if file.permissions().readonly() => "a file that may not be written",
        Ok(_) if is_link => return path.canonicalize(),
        Ok(_) => return Ok(path.to_path_buf()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => "a link to nothing",
        Err(error) => return Err(error),
    };
    let message = format!("found {found}, expected a regular file or none");
    Err(io::Error::new(io::ErrorKind::InvalidInput, message))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    fn message(path: &Path) -> String {
        let replaced = replace_file(path, |file| file.write_all(b"new"));
        replaced.unwrap_err().to_string()
    }

    #[test]
    fn a_failed_write_leaves_the_old_file_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model");
        fs::write(&path, "old").unwrap();
        let failed = replace_file(&path, |file| {
            file.write_all(b"ne")?;
            Err(io::Error::other("no room"))
        });
        assert_eq!(failed.unwrap_err().to_string(), "no room");
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(names(folder.path()), ["model"]);
        replace_file(&path, |file| file.write_all(b"new")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(names(folder.path()), ["model"]);
    }

    #[test]
    fn a_name_alone_is_a_file_of_the_working_directory() {
        struct Removed(PathBuf);
        impl Drop for Removed {
            fn drop(&mut self) {
                fs::remove_file(&self.0).ok();
            }
        }
        let file = Removed(format!("replaced by {}", std::process::id()).into());
        replace_file(&file.0, |file| file.write_all(b"here")).unwrap();
        assert_eq!(fs::read_to_string(&file.0).unwrap(), "here");
    }

    #[test]
    fn what_is_no_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        assert_eq!(
            message(&inner),
            "found a folder, expected a regular file or none"
        );
        let kept = folder.path().join("kept");
        fs::write(&kept, "old").unwrap();
        let mut permissions = fs::metadata(&kept).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&kept, permissions).unwrap();
        assert_eq!(
            message(&kept),
            "found a file that may not be written, expected a regular file or none"
        );
        assert_eq!(fs::read_to_string(&kept).unwrap(), "old");
        assert_eq!(names(folder.path()), ["inner", "kept"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_and_devices_and_pipes_too() {
        use std::os::unix::fs::{FileTypeExt, symlink};
        use std::os::unix::net::UnixListener;

        let folder = tempfile::tempdir().unwrap();
        let [file, link, nowhere, socket] =
            ["file", "link", "nowhere", "socket"].map(|name| folder.path().join(name));
        fs::write(&file, "old").unwrap();
        symlink("file", &link).unwrap();
        replace_file(&link, |file| file.write_all(b"new")).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");

        symlink("nothing", &nowhere).unwrap();
        assert!(message(&nowhere).starts_with("found a link to nothing"));
        let _listener = UnixListener::bind(&socket).unwrap();
        assert!(message(&socket).starts_with("found "));
        assert!(
            fs::symlink_metadata(&socket)
                .unwrap()
                .file_type()
                .is_socket()
        );
        assert!(
            replaceable("/dev/null")
                .unwrap_err()
                .to_string()
                .starts_with("found a device")
        );
        assert_eq!(names(folder.path()), ["file", "link", "nowhere", "socket"]);
    }
}
