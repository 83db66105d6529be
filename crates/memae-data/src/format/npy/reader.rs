use std::io::Read;

use super::array::{NpyArray, NpyLimits};
use super::error::NpyError;
use super::header::Header;

/// Bytes that are read at a time.
const CHUNK: usize = 1 << 16;

/// Decodes an .npy file of truth values, whole numbers of 1 to 8 bytes, or floats of 2, 4 or 8 bytes, in either order of
/// dimensions and of bytes.
///
/// Memory grows with the bytes that are read, never with what the header claims.
///
/// # Errors
///
/// The bytes cannot be read, or are not such a file within `limits`.
///
/// ```
/// use memae_data::format::{NpyLimits, decode_npy};
///
/// let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
/// let header = b"{'descr': '|u1', 'fortran_order': False, 'shape': (1, 3), }";
/// bytes.extend([header.len() as u8, 0]);
/// bytes.extend(header);
/// bytes.extend([0, 1, 1]);
/// let array = decode_npy(&bytes[..], NpyLimits::default())?;
/// assert_eq!(array.shape(), [1, 3]);
/// assert_eq!(array.values(), [0.0, 1.0, 1.0]);
/// # Ok::<(), memae_data::format::NpyError>(())
/// ```
pub fn decode_npy(reader: impl Read, limits: NpyLimits) -> Result<NpyArray, NpyError> {
    NpyReader::new(reader)?.read_all(limits)
}

/// An .npy file whose header was read, and whose values follow.
pub(super) struct NpyReader<R> {
    header: Header,
    reader: R,
    /// Values taken so far.
    taken: u64,
}

impl<R: Read> NpyReader<R> {
    pub(super) fn new(mut reader: R) -> Result<Self, NpyError> {
        Ok(Self {
            header: Header::read(&mut reader)?,
            reader,
            taken: 0,
        })
    }

    pub(super) fn shape(&self) -> &[u64] {
        &self.header.shape
    }

    /// Whether the first dimension is the slowest one, so that values of one index can be taken together.
    pub(super) fn is_row_major(&self) -> bool {
        !self.header.fortran_order || self.shape().len() < 2
    }

    /// The next `count` values in the order of the file.
    pub(super) fn take(&mut self, count: u64) -> Result<Vec<f64>, NpyError> {
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
    pub(super) fn finish(&mut self) -> Result<(), NpyError> {
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

    pub(super) fn read_all(&mut self, limits: NpyLimits) -> Result<NpyArray, NpyError> {
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
