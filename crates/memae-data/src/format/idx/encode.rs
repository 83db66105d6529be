use std::io::{self, Write};

use super::IdxArray;
use super::decode::UNSIGNED_BYTE;

/// Writes an array as an IDX file, uncompressed. The same array always gives the same bytes.
///
/// # Errors
///
/// The writer fails.
pub fn encode_idx(writer: &mut impl Write, array: &IdxArray) -> io::Result<()> {
    // `IdxArray::new` lets only sizes through that fit these types.
    let mut header = vec![0, 0, UNSIGNED_BYTE, array.dimensions().len() as u8];
    for &size in array.dimensions() {
        header.extend_from_slice(&(size as u32).to_be_bytes());
    }
    writer.write_all(&header)?;
    writer.write_all(array.values())
}
