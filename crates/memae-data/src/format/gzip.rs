//! Bytes that may be compressed by gzip.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Reads bytes that are plain or compressed by gzip, which the first ones tell, uncompressed.
pub(crate) fn uncompressed<'a>(reader: impl Read + 'a) -> io::Result<Box<dyn Read + 'a>> {
    let mut reader = BufReader::with_capacity(1 << 16, reader);
    Ok(match reader.fill_buf()?.starts_with(&MAGIC) {
        true => Box::new(MultiGzDecoder::new(reader)),
        false => Box::new(reader),
    })
}
