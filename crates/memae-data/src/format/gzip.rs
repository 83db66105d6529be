//! Files that may be compressed by gzip.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Opens a file that is plain or compressed by gzip, which its first bytes tell, and reads it uncompressed.
pub(crate) fn open(path: &Path) -> io::Result<Box<dyn Read>> {
    let mut reader = BufReader::with_capacity(1 << 16, File::open(path)?);
    Ok(match reader.fill_buf()?.starts_with(&MAGIC) {
        true => Box::new(MultiGzDecoder::new(reader)),
        false => Box::new(reader),
    })
}
