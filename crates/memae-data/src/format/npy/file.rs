use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use super::array::{NpyArray, NpyLimits};
use super::error::NpyError;
use super::reader::NpyReader;
use crate::format::error::FileError;
use crate::format::open::open_file;

/// Reads an .npy file of truth values, whole numbers of 1 to 8 bytes, or floats of 2, 4 or 8 bytes, in either order of
/// dimensions and of bytes.
///
/// Memory grows with the bytes that are read, never with what the header claims.
///
/// # Errors
///
/// The file cannot be read ([`FileError::Read`]), or is not such a file within `limits` ([`FileError::Npy`]).
///
/// ```
/// use memae_data::format::{NpyLimits, read_npy};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("labels.npy");
/// # let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
/// # let header = b"{'descr': '|u1', 'fortran_order': False, 'shape': (1, 3), }";
/// # bytes.extend([header.len() as u8, 0]);
/// # bytes.extend(header);
/// # bytes.extend([0, 1, 1]);
/// # std::fs::write(&path, bytes)?;
/// let array = read_npy(&path, NpyLimits::default())?;
/// assert_eq!(array.shape(), [1, 3]);
/// assert_eq!(array.values(), [0.0, 1.0, 1.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_npy(path: impl AsRef<Path>, limits: NpyLimits) -> Result<NpyArray, FileError> {
    let mut file = NpyFile::open(path.as_ref())?;
    let array = file.reader.read_all(limits);
    array.map_err(|error| file.located(error))
}

/// Reads an .npy file that has one dimension, or several of which all but one have the size 1.
///
/// # Errors
///
/// As [`read_npy`]; the array has more dimensions.
pub fn read_npy_vector(path: impl AsRef<Path>, limits: NpyLimits) -> Result<Vec<f64>, FileError> {
    NpyFile::open(path.as_ref())?.read_vector(limits)
}

/// An open .npy file whose values are still to be read.
pub(crate) struct NpyFile {
    path: PathBuf,
    reader: NpyReader<BufReader<File>>,
}

impl NpyFile {
    pub(crate) fn open(path: &Path) -> Result<Self, FileError> {
        let file = open_file(path)?;
        let reader = NpyReader::new(BufReader::new(file));
        Ok(Self {
            path: path.to_path_buf(),
            reader: reader.map_err(|error| FileError::Npy {
                path: path.to_path_buf(),
                error,
            })?,
        })
    }

    /// Size of each dimension, as the header claims.
    pub(crate) fn shape(&self) -> &[u64] {
        self.reader.shape()
    }

    /// The values of an array that has one dimension, or several of which all but one have the size 1.
    pub(crate) fn read_vector(mut self, limits: NpyLimits) -> Result<Vec<f64>, FileError> {
        if self.shape().iter().filter(|&&size| size != 1).count() > 1 {
            return Err(self.wrong_shape("a single row of values"));
        }
        let array = self.reader.read_all(limits);
        array
            .map(|array| array.values)
            .map_err(|error| self.located(error))
    }

    /// Calls `visit` with the values of each frame of an array `[frames, height, width]`, and its height and width. The
    /// limit holds for a single frame, unless the dimensions are in Fortran order.
    pub(crate) fn visit_frames<E: From<FileError>>(
        mut self,
        limits: NpyLimits,
        visit: &mut dyn FnMut((usize, usize), Vec<f64>) -> Result<(), E>,
    ) -> Result<(), E> {
        let &[frames, height, width] = self.shape() else {
            return Err(self.wrong_shape("frames, height and width").into());
        };
        let frame = height.saturating_mul(width);
        if frame == 0 || frame > limits.max_values {
            let expected = "frames of at least 1 and at most 2^24 values";
            return Err(self.wrong_shape(expected).into());
        }
        let size = (height as usize, width as usize);
        if self.reader.is_row_major() {
            for _ in 0..frames {
                let values = self.reader.take(frame);
                visit(size, values.map_err(|error| self.located(error))?)?;
            }
            let end = self.reader.finish();
            return Ok(end.map_err(|error| self.located(error))?);
        }
        let array = self.reader.read_all(limits);
        let array = array.map_err(|error| self.located(error))?;
        for values in array.values().chunks_exact(frame as usize) {
            visit(size, values.to_vec())?;
        }
        Ok(())
    }

    fn wrong_shape(&self, expected: &'static str) -> FileError {
        self.located(NpyError::Shape {
            shape: self.shape().to_vec(),
            expected,
        })
    }

    fn located(&self, error: NpyError) -> FileError {
        FileError::Npy {
            path: self.path.clone(),
            error,
        }
    }
}
