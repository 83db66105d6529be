//! Bytes, numbers and tagged elements of a .mat file.

use std::io::{self, Read};

use super::error::MatError;

/// Bytes that are read at a time.
const CHUNK: u32 = 1 << 16;

/// Type of an element, as its tag gives it.
pub(super) mod tag {
    pub(in super::super) const INT8: u32 = 1;
    pub(in super::super) const UINT8: u32 = 2;
    pub(in super::super) const INT16: u32 = 3;
    pub(in super::super) const UINT16: u32 = 4;
    pub(in super::super) const INT32: u32 = 5;
    pub(in super::super) const UINT32: u32 = 6;
    pub(in super::super) const SINGLE: u32 = 7;
    pub(in super::super) const DOUBLE: u32 = 9;
    pub(in super::super) const INT64: u32 = 12;
    pub(in super::super) const UINT64: u32 = 13;
    pub(in super::super) const MATRIX: u32 = 14;
    pub(in super::super) const COMPRESSED: u32 = 15;
}

/// A tag: what follows, and how long it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag {
    pub(super) kind: u32,
    /// Bytes of the element without its padding.
    pub(super) bytes: u32,
    /// Bytes that fill up the element after it.
    padding: u32,
    /// Bytes of the tag itself.
    length: u32,
}

impl Tag {
    /// Bytes of the tag, what follows and the padding.
    pub(super) fn total(self) -> u32 {
        self.length
            .saturating_add(self.bytes)
            .saturating_add(self.padding)
    }
}

/// A part of a file, read from front to back.
pub(super) struct Stream<R> {
    reader: R,
    big_endian: bool,
    /// Where in the file this part is, for messages.
    pub(super) place: String,
}

impl<R: Read> Stream<R> {
    pub(super) fn new(reader: R, big_endian: bool, place: String) -> Self {
        Self {
            reader,
            big_endian,
            place,
        }
    }

    pub(super) fn reader(&mut self) -> &mut R {
        &mut self.reader
    }

    pub(super) fn syntax(&self, found: impl Into<String>, expected: &'static str) -> MatError {
        MatError::Syntax {
            place: self.place.clone(),
            found: found.into(),
            expected,
        }
    }

    pub(super) fn io(&self, error: io::Error) -> MatError {
        let place = self.place.clone();
        match error.kind() {
            io::ErrorKind::UnexpectedEof => MatError::Truncated { place },
            _ => MatError::Io { place, error },
        }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], MatError> {
        let mut bytes = [0; N];
        match self.reader.read_exact(&mut bytes) {
            Ok(()) => Ok(bytes),
            Err(error) => Err(self.io(error)),
        }
    }

    pub(super) fn number(&mut self) -> Result<u32, MatError> {
        let bytes = self.array::<4>()?;
        Ok(match self.big_endian {
            true => u32::from_be_bytes(bytes),
            false => u32::from_le_bytes(bytes),
        })
    }

    /// Whether there is nothing more.
    pub(super) fn at_end(&mut self) -> Result<bool, MatError>
    where
        R: io::BufRead,
    {
        match self.reader.fill_buf() {
            Ok(bytes) => Ok(bytes.is_empty()),
            Err(error) => Err(self.io(error)),
        }
    }

    pub(super) fn tag(&mut self) -> Result<Tag, MatError> {
        let first = self.number()?;
        // Short elements have their length in the upper half of the first number, and their bytes in the second.
        let (kind, short) = (first & 0xffff, first >> 16);
        if short == 0 {
            let bytes = self.number()?;
            // Compressed elements are not filled up.
            let padding = match kind {
                tag::COMPRESSED => 0,
                _ => bytes.wrapping_neg() % 8,
            };
            return Ok(Tag {
                kind,
                bytes,
                padding,
                length: 8,
            });
        }
        if short > 4 {
            let found = format!("a short element of {short} bytes");
            return Err(self.syntax(found, "at most 4"));
        }
        Ok(Tag {
            kind,
            bytes: short,
            padding: 4 - short,
            length: 4,
        })
    }

    /// Reads over the rest of an element, of which `left` bytes were not read.
    pub(super) fn skip(&mut self, tag: Tag, left: u32) -> Result<(), MatError> {
        let bytes = u64::from(left) + u64::from(tag.padding);
        let skipped = io::copy(&mut self.reader.by_ref().take(bytes), &mut io::sink());
        match skipped {
            Ok(skipped) if skipped == bytes => Ok(()),
            Ok(_) => Err(self.io(io::ErrorKind::UnexpectedEof.into())),
            Err(error) => Err(self.io(error)),
        }
    }

    /// The numbers of an element whose tag was read. Memory grows with the bytes that arrive.
    pub(super) fn numbers(&mut self, tag: Tag) -> Result<Vec<f64>, MatError> {
        let size = match tag.kind {
            tag::INT8 | tag::UINT8 => 1,
            tag::INT16 | tag::UINT16 => 2,
            tag::INT32 | tag::UINT32 | tag::SINGLE => 4,
            tag::INT64 | tag::UINT64 | tag::DOUBLE => 8,
            kind => return Err(self.syntax(format!("an element of type {kind}"), "numbers")),
        };
        if !tag.bytes.is_multiple_of(size) {
            let found = format!("{} bytes", tag.bytes);
            return Err(self.syntax(found, "whole numbers of 2, 4 or 8 bytes"));
        }
        let mut values = Vec::new();
        let mut bytes = Vec::new();
        let mut left = tag.bytes;
        while left > 0 {
            let wanted = left.min(CHUNK);
            bytes.clear();
            let read = self
                .reader
                .by_ref()
                .take(u64::from(wanted))
                .read_to_end(&mut bytes);
            match read {
                Ok(read) if read == wanted as usize => left -= wanted,
                Ok(_) => return Err(self.io(io::ErrorKind::UnexpectedEof.into())),
                Err(error) => return Err(self.io(error)),
            }
            let whole = bytes.chunks_exact(size as usize);
            values.extend(whole.map(|bytes| value(tag.kind, bytes, self.big_endian)));
        }
        self.skip(tag, 0)?;
        Ok(values)
    }
}

fn value(kind: u32, bytes: &[u8], big_endian: bool) -> f64 {
    let pattern = |bits: u64, &byte: &u8| bits << 8 | u64::from(byte);
    let bits = match big_endian {
        true => bytes.iter().fold(0, pattern),
        false => bytes.iter().rev().fold(0, pattern),
    };
    match kind {
        tag::INT8 => f64::from(bits as u8 as i8),
        tag::INT16 => f64::from(bits as u16 as i16),
        tag::INT32 => f64::from(bits as u32 as i32),
        tag::INT64 => bits as i64 as f64,
        tag::SINGLE => f64::from(f32::from_bits(bits as u32)),
        tag::DOUBLE => f64::from_bits(bits),
        _ => bits as f64,
    }
}
