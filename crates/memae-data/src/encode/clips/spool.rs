//! Decoded frames of video files on disk, to be had in any order.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

#[cfg(feature = "files")]
use tempfile::tempfile_in;

use super::error::ClipsError;

/// Without files there are no video files, whose frames alone are kept on disk.
#[cfg(not(feature = "files"))]
fn tempfile_in(_: &Path) -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A file without a name, to be written to: whatever ends the program, nothing is left behind.
pub(super) struct SpoolWriter {
    file: BufWriter<File>,
    folder: PathBuf,
    bytes: u64,
    most: u64,
}

impl SpoolWriter {
    /// At most so many bytes in a folder, that for temporary files where none is given.
    pub(super) fn new(folder: Option<&Path>, most: u64) -> Result<Self, ClipsError> {
        let folder = folder.map_or_else(std::env::temp_dir, Path::to_path_buf);
        let file = tempfile_in(&folder).map_err(|error| ClipsError::Write {
            path: folder.clone(),
            error,
        })?;
        Ok(Self::of(file, folder, most))
    }

    fn of(file: File, folder: PathBuf, most: u64) -> Self {
        Self {
            file: BufWriter::with_capacity(1 << 20, file),
            folder,
            bytes: 0,
            most,
        }
    }

    /// Adds the frame of a video after `frames` others of it; where it begins.
    pub(super) fn push(
        &mut self,
        video: &Path,
        frames: usize,
        frame: &[u8],
    ) -> Result<u64, ClipsError> {
        let start = self.bytes;
        let end = start.saturating_add(frame.len() as u64);
        if end > self.most {
            return Err(ClipsError::SpoolFull {
                path: video.to_path_buf(),
                frames: frames + 1,
                frame_bytes: frame.len(),
                others: start - frames as u64 * frame.len() as u64,
                most: self.most,
                folder: self.folder.clone(),
            });
        }
        self.file
            .write_all(frame)
            .map_err(|error| ClipsError::Write {
                path: self.folder.clone(),
                error,
            })?;
        self.bytes = end;
        Ok(start)
    }

    pub(super) fn finish(self) -> Result<Spool, ClipsError> {
        let folder = self.folder;
        match self.file.into_inner() {
            Ok(file) => Ok(Spool {
                file: Mutex::new(file),
                folder,
                bytes: self.bytes,
            }),
            Err(error) => Err(ClipsError::Write {
                path: folder,
                error: error.into_error(),
            }),
        }
    }
}

/// A file of frames.
pub(super) struct Spool {
    file: Mutex<File>,
    folder: PathBuf,
    bytes: u64,
}

impl Spool {
    /// Bytes of all frames.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The frame that begins at `start`.
    pub(super) fn read(&self, start: u64, bytes: usize) -> Result<Arc<[u8]>, ClipsError> {
        self.read_at(start, bytes)
            .map_err(|error| ClipsError::Read {
                path: self.folder.clone(),
                error,
            })
    }

    fn read_at(&self, start: u64, bytes: usize) -> io::Result<Arc<[u8]>> {
        let mut frame = vec![0; bytes];
        // A place is sought before each read, so that it does not matter where another thread left off.
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut frame)?;
        Ok(frame.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_written_than_allowed() {
        let mut spool = SpoolWriter::new(None, 25).expect("writable");
        assert_eq!(spool.push(Path::new("a"), 0, &[1; 5]).expect("fits"), 0);
        assert_eq!(spool.push(Path::new("b"), 0, &[2; 10]).expect("fits"), 5);
        assert_eq!(spool.push(Path::new("b"), 1, &[3; 10]).expect("fits"), 15);
        let error = spool.push(Path::new("b"), 2, &[4; 10]).expect_err("full");
        let folder = std::env::temp_dir();
        assert_eq!(
            error.to_string(),
            format!(
                "b: 3 frames of 10 bytes, after 5 bytes of other videos, are more than the 25 bytes that spool_bytes allows in \
                 {}, expected a higher limit, smaller frames, or fewer",
                folder.display()
            )
        );
        let spool = spool.finish().expect("written");
        assert_eq!(spool.bytes(), 25);
        assert_eq!(spool.read(5, 10).expect("there")[..], [2; 10]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_named() {
        let full = File::options()
            .write(true)
            .open("/dev/full")
            .expect("a device of Linux");
        let mut spool = SpoolWriter::of(full, "/disk".into(), u64::MAX);
        let frame = vec![0; 1 << 19];
        let error = (0..9).find_map(|n| spool.push(Path::new("a"), n, &frame).err());
        let error = error.expect("no space").to_string();
        assert!(
            error.starts_with("/disk: decoded frames cannot be written here: No space left"),
            "{error}"
        );

        let full = File::options()
            .write(true)
            .open("/dev/full")
            .expect("a device of Linux");
        let mut spool = SpoolWriter::of(full, "/disk".into(), u64::MAX);
        // Fits into memory, so that the end of the writing tells.
        spool
            .push(Path::new("a"), 0, &[0; 9])
            .expect("not written yet");
        assert!(spool.finish().is_err());
    }
}
