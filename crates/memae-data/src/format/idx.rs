//! The IDX format of the MNIST database: an array of bytes with its dimensions.
//!
//! | bytes | content |
//! |---|---|
//! | 0, 1 | zero |
//! | 2 | value type; 0x08, unsigned byte, is the one read here |
//! | 3 | number of dimensions |
//! | 4 each | size of each dimension, most significant byte first |
//! | the rest | the values, last dimension fastest |
//!
//! Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits".

use std::fmt;
use std::io::{self, Read, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::replace_file;

use super::gzip;
use crate::source::SourceError;

mod error;

pub use error::IdxError;

const UNSIGNED_BYTE: u8 = 0x08;

/// An array of bytes with one or more dimensions, none of them zero.
///
/// ```
/// use memae_data::source::IdxArray;
///
/// let array = IdxArray::new(vec![2, 3], vec![0, 1, 2, 3, 4, 5])?;
/// assert_eq!(array.dimensions(), [2, 3]);
/// assert_eq!(array.values()[4], 4);
/// # Ok::<(), memae_data::source::IdxError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct IdxArray {
    dimensions: Vec<usize>,
    values: Vec<u8>,
}

impl IdxArray {
    /// An array of `values`, last dimension fastest.
    ///
    /// # Errors
    ///
    /// There are no dimensions or more than 255, one is zero or does not fit 32 bits, or their product is not the
    /// number of values.
    pub fn new(dimensions: Vec<usize>, values: Vec<u8>) -> Result<Self, IdxError> {
        let sizes: Vec<u32> = dimensions
            .iter()
            .map(|&size| u32::try_from(size).map_err(|_| IdxError::SizeTooLarge { found: size }))
            .collect::<Result<_, _>>()?;
        let expected = value_count(&sizes)?;
        if values.len() as u64 != expected {
            return Err(IdxError::ValueCount {
                found: values.len(),
                dimensions: sizes,
            });
        }
        Ok(Self { dimensions, values })
    }

    /// Size of each dimension; at least one, none of them zero.
    pub fn dimensions(&self) -> &[usize] {
        &self.dimensions
    }

    /// The values, last dimension fastest.
    pub fn values(&self) -> &[u8] {
        &self.values
    }

    /// Gives up the dimensions and the values.
    pub fn into_parts(self) -> (Vec<usize>, Vec<u8>) {
        (self.dimensions, self.values)
    }
}

/// Shows the dimensions and leaves out the values, of which there may be millions.
impl fmt::Debug for IdxArray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdxArray")
            .field("dimensions", &self.dimensions)
            .finish_non_exhaustive()
    }
}

/// What an IDX file may hold; a file that claims more is refused before its values are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdxLimits {
    /// The most values, which is also the most bytes of memory that they take; 2²⁸ (256 MiB) by default.
    pub max_values: u64,
    /// The number of dimensions, where it is known: 3 for images, 1 for labels. Any number by default.
    pub dimensions: Option<usize>,
}

impl Default for IdxLimits {
    fn default() -> Self {
        Self {
            max_values: 1 << 28,
            dimensions: None,
        }
    }
}

impl IdxLimits {
    /// Sets the most values.
    pub fn with_max_values(mut self, max_values: u64) -> Self {
        self.max_values = max_values;
        self
    }

    /// Sets the number of dimensions.
    pub fn with_dimensions(mut self, dimensions: usize) -> Self {
        self.dimensions = Some(dimensions);
        self
    }
}

/// Reads an IDX file of unsigned bytes, plain or compressed by gzip; which one is told by its first bytes.
///
/// Memory grows with the bytes that are read, never with what the header claims, and no more than one byte beyond the
/// claimed values is decompressed.
///
/// # Errors
///
/// The file cannot be read ([`SourceError::Read`]), or is not an IDX file within `limits` ([`SourceError::Idx`]).
///
/// ```
/// use memae_data::source::{IdxArray, IdxLimits, read_idx, write_idx};
///
/// # let folder = tempfile::tempdir()?;
/// # let folder = folder.path();
/// let labels = IdxArray::new(vec![3], vec![7, 2, 1])?;
/// let path = folder.join("labels-idx1-ubyte.gz");
/// write_idx(&path, &labels)?;
/// assert_eq!(read_idx(&path, IdxLimits::default())?, labels);
///
/// let images = IdxLimits::default().with_dimensions(3);
/// let error = read_idx(&path, images).unwrap_err().to_string();
/// assert!(error.ends_with("found 1 dimension (labels), expected 3 dimensions (images)"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_idx(path: impl AsRef<Path>, limits: IdxLimits) -> Result<IdxArray, SourceError> {
    let path = path.as_ref();
    let read_error = |error| SourceError::Read {
        path: path.to_path_buf(),
        error,
    };
    let reader = gzip::open(path).map_err(read_error)?;
    decode(reader, limits).map_err(|error| SourceError::Idx {
        path: path.to_path_buf(),
        error,
    })
}

/// Decodes an uncompressed IDX stream, which must end with its last value.
fn decode(mut reader: impl Read, limits: IdxLimits) -> Result<IdxArray, IdxError> {
    let start = read_header(&mut reader, 0, 4)?;
    if start[..2] != [0, 0] {
        return Err(IdxError::Magic {
            found: [start[0], start[1]],
        });
    }
    if start[2] != UNSIGNED_BYTE {
        return Err(IdxError::ValueType { found: start[2] });
    }
    let count = usize::from(start[3]);
    if let Some(expected) = limits.dimensions.filter(|&expected| expected != count) {
        return Err(IdxError::WrongDimensions {
            found: count,
            expected,
        });
    }
    let sizes: Vec<u32> = read_header(&mut reader, 4, 4 * count)?
        .chunks_exact(4)
        .map(|bytes| {
            bytes
                .iter()
                .fold(0, |size, &byte| size << 8 | u32::from(byte))
        })
        .collect();
    let expected = match value_count(&sizes)? {
        // A count that does not fit the address space cannot be held either, whatever the limit says.
        count if count <= limits.max_values && usize::try_from(count).is_ok() => count,
        _ => {
            return Err(IdxError::TooLarge {
                dimensions: sizes,
                max_values: limits.max_values,
            });
        }
    };

    // No capacity up front: the header's claim is not to be trusted with memory, the bytes that arrive are.
    let mut values = Vec::new();
    let io_error = |error| IdxError::Io {
        place: "values",
        error,
    };
    reader
        .by_ref()
        .take(expected)
        .read_to_end(&mut values)
        .map_err(io_error)?;
    if (values.len() as u64) < expected {
        return Err(IdxError::Truncated {
            found: values.len(),
            dimensions: sizes,
        });
    }
    // The end of the stream is also where gzip compares its checksum.
    let mut trailing = Vec::new();
    reader
        .take(1)
        .read_to_end(&mut trailing)
        .map_err(io_error)?;
    if !trailing.is_empty() {
        return Err(IdxError::Trailing { dimensions: sizes });
    }
    values.shrink_to_fit();
    Ok(IdxArray {
        dimensions: sizes.into_iter().map(|size| size as usize).collect(),
        values,
    })
}

/// Reads `count` bytes of a header, of which `before` bytes were read already.
fn read_header(reader: &mut impl Read, before: usize, count: usize) -> Result<Vec<u8>, IdxError> {
    let mut bytes = Vec::new();
    reader
        .by_ref()
        .take(count as u64)
        .read_to_end(&mut bytes)
        .map_err(|error| IdxError::Io {
            place: "header",
            error,
        })?;
    if bytes.len() < count {
        return Err(IdxError::TruncatedHeader {
            found: before + bytes.len(),
            expected: before + count,
        });
    }
    Ok(bytes)
}

/// Product of the sizes, none of which may be zero; `u64::MAX` where it is larger.
fn value_count(sizes: &[u32]) -> Result<u64, IdxError> {
    if sizes.is_empty() || sizes.len() > 255 {
        return Err(IdxError::DimensionCount { found: sizes.len() });
    }
    if let Some(dimension) = sizes.iter().position(|&size| size == 0) {
        return Err(IdxError::ZeroSize { dimension });
    }
    Ok(sizes
        .iter()
        .fold(1u64, |product, &size| product.saturating_mul(size.into())))
}

/// Writes an IDX file, compressed by gzip where the name ends in `.gz`.
///
/// The bytes go to a temporary file in the same folder, which then takes the place of `path`: a reader sees the old
/// file or the new one. The same array always gives the same bytes.
///
/// # Errors
///
/// The file cannot be written ([`SourceError::Write`]).
pub fn write_idx(path: impl AsRef<Path>, array: &IdxArray) -> Result<(), SourceError> {
    let path = path.as_ref();
    let compress = path.extension().is_some_and(|extension| extension == "gz");
    replace_file(path, |file| {
        if compress {
            let mut encoder = GzEncoder::new(file, Compression::default());
            encode(&mut encoder, array)?;
            encoder.finish().map(|_| ())
        } else {
            encode(file, array)
        }
    })
    .map_err(|error| SourceError::Write {
        path: path.to_path_buf(),
        error,
    })
}

fn encode(writer: &mut impl Write, array: &IdxArray) -> io::Result<()> {
    // `IdxArray::new` lets only sizes through that fit these types.
    let mut header = vec![0, 0, UNSIGNED_BYTE, array.dimensions.len() as u8];
    for &size in &array.dimensions {
        header.extend_from_slice(&(size as u32).to_be_bytes());
    }
    writer.write_all(&header)?;
    writer.write_all(&array.values)
}

#[cfg(test)]
mod tests;
