use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::IdxArray;
use super::decode::{IdxLimits, decode_uncompressed};
use super::encode::encode_idx;
use crate::format::error::FileError;
use crate::format::gzip;
use crate::format::open::open_file;
use crate::format::replace::replace_file;

/// Reads an IDX file of unsigned bytes, plain or compressed by gzip; which one is told by its first bytes.
///
/// Memory grows with the bytes that are read, never with what the header claims, and no more than one byte beyond the
/// claimed values is decompressed.
///
/// # Errors
///
/// The file cannot be read ([`FileError::Read`]), or is not an IDX file within `limits` ([`FileError::Idx`]).
///
/// ```
/// use memae_data::format::{IdxArray, IdxLimits, read_idx, write_idx};
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
pub fn read_idx(path: impl AsRef<Path>, limits: IdxLimits) -> Result<IdxArray, FileError> {
    let path = path.as_ref();
    let file = open_file(path)?;
    let reader = gzip::uncompressed(file).map_err(FileError::reading(path))?;
    decode_uncompressed(reader, limits).map_err(|error| FileError::Idx {
        path: path.to_path_buf(),
        error,
    })
}

/// Writes an IDX file, compressed by gzip where the name ends in `.gz`.
///
/// The bytes go to a temporary file in the same folder, which then takes the place of `path`: a reader sees the old
/// file or the new one, after a crash too. On failure nothing is left behind. The same array always gives the same bytes.
///
/// # Errors
///
/// The file cannot be written ([`FileError::Write`]).
pub fn write_idx(path: impl AsRef<Path>, array: &IdxArray) -> Result<(), FileError> {
    let path = path.as_ref();
    replace_file(path, |file| {
        if path.extension().is_some_and(|extension| extension == "gz") {
            let mut encoder = GzEncoder::new(file, Compression::default());
            encode_idx(&mut encoder, array)?;
            return encoder.finish().map(drop);
        }
        encode_idx(file, array)
    })
    .map_err(FileError::writing(path))
}
