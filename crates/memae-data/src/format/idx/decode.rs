use std::io::Read;

use super::IdxArray;
use super::IdxError;
use super::array::value_count;
use crate::format::gzip;

pub(super) const UNSIGNED_BYTE: u8 = 0x08;

/// What an IDX file may hold; a file that claims more is refused before its values are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
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

/// Decodes an IDX file of unsigned bytes, plain or compressed by gzip; which one is told by its first bytes.
///
/// Memory grows with the bytes that are read, never with what the header claims, and no more than one byte beyond the
/// claimed values is decompressed.
///
/// # Errors
///
/// The bytes cannot be read, or are not an IDX file within `limits`.
///
/// ```
/// use memae_data::format::{IdxArray, IdxLimits, decode_idx, encode_idx};
///
/// let labels = IdxArray::new(vec![3], vec![7, 2, 1])?;
/// let mut bytes = Vec::new();
/// encode_idx(&mut bytes, &labels)?;
/// assert_eq!(decode_idx(&bytes[..], IdxLimits::default())?, labels);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn decode_idx(reader: impl Read, limits: IdxLimits) -> Result<IdxArray, IdxError> {
    let reader = gzip::uncompressed(reader).map_err(|error| IdxError::Io {
        place: "header",
        error,
    })?;
    decode_uncompressed(reader, limits)
}

/// Decodes an uncompressed IDX stream, which must end with its last value.
pub(super) fn decode_uncompressed(
    mut reader: impl Read,
    limits: IdxLimits,
) -> Result<IdxArray, IdxError> {
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
    let dimensions = sizes.into_iter().map(|size| size as usize).collect();
    IdxArray::new(dimensions, values)
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
