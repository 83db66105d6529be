//! Bytes that may be compressed by gzip.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Reads bytes that are plain or compressed by gzip, which the first ones tell, uncompressed. There is no limit to what may come
/// out: take no more than is needed.
///
/// # Errors
///
/// The first bytes cannot be read.
///
/// ```
/// use std::io::Read;
///
/// let mut text = String::new();
/// memae_data::format::uncompressed(&b"plain"[..])?.take(3).read_to_string(&mut text)?;
/// assert_eq!(text, "pla");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn uncompressed<'a>(reader: impl Read + 'a) -> io::Result<Box<dyn Read + 'a>> {
    let mut reader = BufReader::with_capacity(1 << 16, reader);
    Ok(match reader.fill_buf()?.starts_with(&MAGIC) {
        true => Box::new(MultiGzDecoder::new(reader)),
        false => Box::new(reader),
    })
}
