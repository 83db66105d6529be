//! Files that may be read: regular ones, up to a limit.

use std::fs::{self, File, FileType, Metadata};
use std::io::Read;
use std::path::Path;

use super::error::FileError;

/// Opens a regular file, or a link to one.
///
/// Whatever else has a name is refused: a folder, and pipes and devices, which may wait for ever or never end.
///
/// # Errors
///
/// It is no regular file, or the system refuses.
///
/// ```
/// use memae_data::format::open_file;
///
/// let folder = std::env::temp_dir();
/// let error = open_file(&folder).unwrap_err().to_string();
/// assert!(error.ends_with("found a folder, expected a regular file"), "{error}");
/// ```
pub fn open_file(path: impl AsRef<Path>) -> Result<File, FileError> {
    let path = path.as_ref();
    let reading = FileError::reading(path);
    // Opening a pipe waits for someone to write, so this is looked at before; and again at what was opened.
    regular(path, &fs::metadata(path).map_err(&reading)?)?;
    let file = File::open(path).map_err(&reading)?;
    regular(path, &file.metadata().map_err(&reading)?)?;
    Ok(file)
}

/// The bytes of a regular file of at most `max_bytes`, also where it grows while it is read.
///
/// # Errors
///
/// As [`open_file`]; the file is larger.
pub fn read_file(path: impl AsRef<Path>, max_bytes: u64) -> Result<Vec<u8>, FileError> {
    let path = path.as_ref();
    let reading = FileError::reading(path);
    let file = open_file(path)?;
    let claimed = file.metadata().map_err(&reading)?.len();
    let too_large = |found| FileError::FileSize {
        path: path.to_path_buf(),
        found,
        max_bytes,
    };
    if claimed > max_bytes {
        return Err(too_large(claimed));
    }
    let mut bytes = Vec::new();
    file.take(max_bytes.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(&reading)?;
    match bytes.len() as u64 {
        found if found > max_bytes => Err(too_large(found)),
        _ => Ok(bytes),
    }
}

fn regular(path: &Path, metadata: &Metadata) -> Result<(), FileError> {
    match metadata.is_file() {
        true => Ok(()),
        false => Err(FileError::NotRegular {
            path: path.to_path_buf(),
            found: kind(metadata.file_type()),
        }),
    }
}

pub(super) fn kind(file: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if file.is_fifo() {
            return "a pipe";
        }
        if file.is_char_device() || file.is_block_device() {
            return "a device";
        }
        if file.is_socket() {
            return "a socket";
        }
    }
    match file.is_dir() {
        true => "a folder",
        false => "something else",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_up_to_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bytes");
        fs::write(&path, [7; 20]).unwrap();
        assert_eq!(read_file(&path, 20).unwrap(), [7; 20]);
        let error = read_file(&path, 19).unwrap_err().to_string();
        assert!(
            error.ends_with("bytes: found a file of 20 bytes or more, expected at most 19"),
            "{error}"
        );
        let error = read_file(folder.path(), 20).unwrap_err().to_string();
        assert!(
            error.ends_with(": found a folder, expected a regular file"),
            "{error}"
        );
    }

    /// Files of the kernel claim to have no bytes, as does any that grows while it is read.
    #[cfg(target_os = "linux")]
    #[test]
    fn files_that_are_longer_than_they_claim_end_at_the_limit() {
        let path = Path::new("/proc/self/status");
        assert_eq!(fs::metadata(path).unwrap().len(), 0);
        let error = read_file(path, 10).unwrap_err().to_string();
        assert!(
            error.contains("found a file of 11 bytes or more"),
            "{error}"
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_never_ends_is_refused_before_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link.png");
        std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
        let error = read_file(&link, 20).unwrap_err().to_string();
        assert!(
            error.ends_with("link.png: found a device, expected a regular file"),
            "{error}"
        );
        let socket = folder.path().join("socket.png");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let error = read_file(&socket, 20).unwrap_err().to_string();
        assert!(error.contains("found a socket"), "{error}");
        let pipe = folder.path().join("pipe.png");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let error = read_file(&pipe, 20).unwrap_err().to_string();
        assert!(error.contains("found a pipe"), "{error}");
    }
}
