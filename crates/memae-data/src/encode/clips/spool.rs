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

/// A file without a name, to be written to.
pub(super) struct SpoolWriter {
    file: BufWriter<File>,
    folder: PathBuf,
    bytes: u64,
}

impl SpoolWriter {
    pub(super) fn new(folder: Option<&Path>) -> Result<Self, ClipsError> {
        let folder = folder.map_or_else(std::env::temp_dir, Path::to_path_buf);
        let file = tempfile_in(&folder).map_err(|error| ClipsError::Write {
            path: folder.clone(),
            error,
        })?;
        Ok(Self {
            file: BufWriter::with_capacity(1 << 20, file),
            folder,
            bytes: 0,
        })
    }

    /// Adds a frame; where it begins.
    pub(super) fn push(&mut self, frame: &[u8]) -> Result<u64, ClipsError> {
        let start = self.bytes;
        self.file
            .write_all(frame)
            .map_err(|error| ClipsError::Write {
                path: self.folder.clone(),
                error,
            })?;
        self.bytes += frame.len() as u64;
        Ok(start)
    }

    pub(super) fn finish(self) -> Result<Spool, ClipsError> {
        let folder = self.folder;
        match self.file.into_inner() {
            Ok(file) => Ok(Spool {
                file: Mutex::new(file),
                folder,
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
}

impl Spool {
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
