//! Arrays that Python reads.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Writes an .npy file of this shape.
pub fn write<'a>(
    path: &Path,
    shape: &[usize],
    values: impl Iterator<Item = &'a f32>,
) -> io::Result<()> {
    let sides: String = shape.iter().map(|side| format!("{side}, ")).collect();
    let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({sides}), }}");
    // A header ends with a line break, at a multiple of 64 bytes.
    let length = (10 + header.len() + 1).next_multiple_of(64) - 10;
    let mut file = BufWriter::new(File::create(path)?);
    file.write_all(b"\x93NUMPY\x01\x00")?;
    file.write_all(&(length as u16).to_le_bytes())?;
    writeln!(file, "{header:<width$}", width = length - 1)?;
    for value in values {
        file.write_all(&value.to_le_bytes())?;
    }
    file.flush()
}
