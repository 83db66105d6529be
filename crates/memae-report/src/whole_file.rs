//! Files that are either whole or not there.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// After a crash the old file is there, or the new one, and never a part of it; on failure nothing is left behind.
pub(crate) fn write(file: &Path, content: &[u8]) -> io::Result<()> {
    check_replaceable(file)?;
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    // Made this way, the file has the permissions of an ordinary new file, not those of a secret.
    let mut temporary = tempfile::Builder::new().make_in(folder, |path| File::create_new(path))?;
    temporary.as_file_mut().write_all(content)?;
    temporary.as_file().sync_all()?;
    temporary
        .persist(file)
        .map(drop)
        .map_err(|error| error.error)
}

/// Nothing but a regular file is replaced: a device or a pipe would be no more, and of a link what it leads to would stay as it was.
fn check_replaceable(file: &Path) -> io::Result<()> {
    match std::fs::symlink_metadata(file) {
        Ok(found) if !found.is_file() => Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "found something with this name that is no regular file, expected one or none",
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn an_older_file_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("report.html");
        std::fs::write(&file, "older ".repeat(100)).unwrap();
        write(&file, b"new").unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(names(folder.path()), ["report.html"]);
    }

    #[test]
    fn what_cannot_be_written_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        assert!(write(&folder.path().join("missing").join("report.html"), b"new").is_err());
        let occupied = folder.path().join("occupied");
        std::fs::create_dir(&occupied).unwrap();
        std::fs::write(occupied.join("inside"), "kept").unwrap();
        assert!(write(&occupied, b"new").is_err());
        assert_eq!(names(folder.path()), ["occupied"]);
        assert_eq!(names(&occupied), ["inside"]);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let error = write(&socket, b"new").unwrap_err().to_string();
        assert!(
            error.starts_with("found something with this name"),
            "{error}"
        );
        assert!(!std::fs::symlink_metadata(&socket).unwrap().is_file());
        assert_eq!(names(folder.path()), ["socket"]);
    }
}
