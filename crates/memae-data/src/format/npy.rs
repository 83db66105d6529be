//! The .npy format of NumPy: one array with its type and shape.
//!
//! | bytes | content |
//! |---|---|
//! | 0 to 5 | `\x93NUMPY` |
//! | 6, 7 | version: 1.0, 2.0 or 3.0 |
//! | 2 (version 1) or 4 | length of the header, least significant byte first |
//! | as many | the header: type, order and shape, written as a Python dictionary |
//! | the rest | the values, last dimension fastest, or first in Fortran order |
//!
//! Source: the documentation of `numpy.lib.format`.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use crate::source::SourceError;

mod error;
mod header;

pub use error::NpyError;
use header::Header;

/// Bytes that are read at a time.
const CHUNK: usize = 1 << 16;

/// An array of numbers.
///
/// ```
/// use memae_data::source::{NpyLimits, read_npy};
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
#[derive(Debug, Clone, PartialEq)]
pub struct NpyArray {
    shape: Vec<usize>,
    values: Vec<f64>,
}

impl NpyArray {
    /// Size of each dimension; none for a single number.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The values, last dimension fastest. Whole numbers beyond 2⁵³ are rounded.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Gives up the shape and the values.
    pub fn into_parts(self) -> (Vec<usize>, Vec<f64>) {
        (self.shape, self.values)
    }
}

/// What an .npy file may hold; a file that claims more is refused before its values are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NpyLimits {
    /// The most values, each of which takes 8 bytes of memory; 2²⁴ (128 MiB) by default.
    pub max_values: u64,
}

impl Default for NpyLimits {
    fn default() -> Self {
        Self {
            max_values: 1 << 24,
        }
    }
}

impl NpyLimits {
    /// Sets the most values.
    pub fn with_max_values(mut self, max_values: u64) -> Self {
        self.max_values = max_values;
        self
    }
}

/// Reads an .npy file of truth values, whole numbers of 1 to 8 bytes, or floats of 4 or 8 bytes, in either order of
/// dimensions and of bytes.
///
/// Memory grows with the bytes that are read, never with what the header claims.
///
/// # Errors
///
/// The file cannot be read ([`SourceError::Read`]), or is not such a file within `limits` ([`SourceError::Npy`]).
pub fn read_npy(path: impl AsRef<Path>, limits: NpyLimits) -> Result<NpyArray, SourceError> {
    let mut reader = NpyReader::open(path.as_ref())?;
    let array = reader.read_all(limits);
    array.map_err(|error| reader.located(error))
}

/// Reads an .npy file that has one dimension, or several of which all but one have the size 1.
///
/// # Errors
///
/// As [`read_npy`]; the array has more dimensions.
pub fn read_npy_vector(path: impl AsRef<Path>, limits: NpyLimits) -> Result<Vec<f64>, SourceError> {
    let mut reader = NpyReader::open(path.as_ref())?;
    if reader.shape().iter().filter(|&&size| size != 1).count() > 1 {
        return Err(reader.wrong_shape("a single row of values"));
    }
    let array = reader.read_all(limits);
    array
        .map(|array| array.values)
        .map_err(|error| reader.located(error))
}

/// An .npy file whose header was read, and whose values follow.
pub(crate) struct NpyReader<R> {
    path: PathBuf,
    header: Header,
    reader: R,
    /// Values taken so far.
    taken: u64,
}

impl NpyReader<BufReader<File>> {
    pub(crate) fn open(path: &Path) -> Result<Self, SourceError> {
        let file = File::open(path).map_err(|error| SourceError::Read {
            path: path.to_path_buf(),
            error,
        })?;
        Self::new(path, BufReader::new(file))
    }
}

impl<R: Read> NpyReader<R> {
    fn new(path: &Path, mut reader: R) -> Result<Self, SourceError> {
        let header = Header::read(&mut reader).map_err(|error| SourceError::Npy {
            path: path.to_path_buf(),
            error,
        })?;
        Ok(Self {
            path: path.to_path_buf(),
            header,
            reader,
            taken: 0,
        })
    }

    pub(crate) fn shape(&self) -> &[u64] {
        &self.header.shape
    }

    /// Whether the first dimension is the slowest one, so that values of one index can be taken together.
    pub(crate) fn is_row_major(&self) -> bool {
        !self.header.fortran_order || self.shape().len() < 2
    }

    pub(crate) fn located(&self, error: NpyError) -> SourceError {
        SourceError::Npy {
            path: self.path.clone(),
            error,
        }
    }

    pub(crate) fn wrong_shape(&self, expected: &'static str) -> SourceError {
        self.located(NpyError::Shape {
            shape: self.header.shape.clone(),
            expected,
        })
    }

    /// The next `count` values in the order of the file.
    pub(crate) fn take(&mut self, count: u64) -> Result<Vec<f64>, NpyError> {
        let size = self.header.element.bytes();
        // No capacity up front: the header's claim is not to be trusted with memory, the bytes that arrive are.
        let mut values = Vec::new();
        let mut bytes = Vec::new();
        let mut left = count;
        while left > 0 {
            let wanted = left.min((CHUNK / size) as u64);
            bytes.clear();
            self.reader
                .by_ref()
                .take(wanted * size as u64)
                .read_to_end(&mut bytes)
                .map_err(|error| NpyError::Io {
                    place: "values",
                    error,
                })?;
            let whole = bytes.chunks_exact(size);
            values.extend(whole.map(|bytes| self.header.element.value(bytes)));
            if bytes.len() < wanted as usize * size {
                return Err(NpyError::Truncated {
                    found: self.taken + values.len() as u64,
                    shape: self.header.shape.clone(),
                });
            }
            left -= wanted;
        }
        self.taken += count;
        Ok(values)
    }

    /// Checks that no bytes follow.
    pub(crate) fn finish(&mut self) -> Result<(), NpyError> {
        let mut trailing = Vec::new();
        self.reader
            .by_ref()
            .take(1)
            .read_to_end(&mut trailing)
            .map_err(|error| NpyError::Io {
                place: "values",
                error,
            })?;
        match trailing.is_empty() {
            true => Ok(()),
            false => Err(NpyError::Trailing {
                shape: self.header.shape.clone(),
            }),
        }
    }

    pub(crate) fn read_all(&mut self, limits: NpyLimits) -> Result<NpyArray, NpyError> {
        let too_large = || NpyError::TooLarge {
            shape: self.header.shape.clone(),
            max_values: limits.max_values,
        };
        // A size of zero makes the product zero, whatever the other sizes claim to be.
        let count = match self.shape().contains(&0) {
            true => 0,
            false => self
                .shape()
                .iter()
                .fold(1u64, |product, &size| product.saturating_mul(size)),
        };
        if count > limits.max_values {
            return Err(too_large());
        }
        let shape: Vec<usize> = self
            .shape()
            .iter()
            .map(|&size| usize::try_from(size).map_err(|_| too_large()))
            .collect::<Result<_, _>>()?;
        let mut values = self.take(count)?;
        self.finish()?;
        if !self.is_row_major() {
            values = to_row_major(&values, &shape);
        }
        Ok(NpyArray { shape, values })
    }
}

/// Values whose first dimension is fastest, put in the order in which the last one is.
fn to_row_major(values: &[f64], shape: &[usize]) -> Vec<f64> {
    let mut index = vec![0; shape.len()];
    let mut ordered = Vec::with_capacity(values.len());
    for _ in 0..values.len() {
        let place = index
            .iter()
            .zip(shape)
            .rev()
            .fold(0, |place, (&index, &size)| place * size + index);
        ordered.push(values[place]);
        for (index, &size) in index.iter_mut().zip(shape).rev() {
            *index += 1;
            if *index < size {
                break;
            }
            *index = 0;
        }
    }
    ordered
}
