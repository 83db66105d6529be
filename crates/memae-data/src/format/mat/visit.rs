//! Variables of a .mat file, a part at a time.

use std::io::{BufRead, BufReader, Read};

use flate2::bufread::ZlibDecoder;

use super::error::MatError;
use super::head::{CELL, Head};
use super::stream::{Stream, Tag, tag};
use super::value::{MatArray, MatLimits, MatValue};

/// A part of a variable, in the order of the file.
pub(crate) enum MatPart {
    /// A variable that is no cell array.
    Whole(MatValue),
    /// A variable that is a cell array, whose cells follow.
    CellsBegin,
    /// The next cell.
    Cell(MatValue),
}

/// The most bytes that variables and cells may take without their values: some hundred thousand of them.
const MOST_HEADS: u64 = 1 << 26;

/// What a variable or a cell takes without its name and its values, whoever keeps it.
const HEAD: u64 = 128;

/// What all variables and cells of a file take together.
struct Heads {
    bytes: u64,
}

impl Heads {
    fn add<R>(&mut self, stream: &Stream<R>, name: &str) -> Result<(), MatError> {
        self.bytes += HEAD + name.len() as u64;
        match self.bytes > MOST_HEADS {
            true => Err(MatError::OverBudget {
                place: stream.place.clone(),
                what: "variables and cells",
                most: MOST_HEADS,
            }),
            false => Ok(()),
        }
    }
}

/// Calls `visit` with the name of each variable and its parts, of which one at a time is in memory.
///
/// The limit of values holds for each part alone; all variables and cells together have one of their own.
pub(super) fn visit_variables(
    mut reader: impl BufRead,
    limits: MatLimits,
    visit: &mut dyn FnMut(&str, MatPart) -> Result<(), MatError>,
) -> Result<(), MatError> {
    let big_endian = read_header(&mut reader)?;
    let mut file = Stream::new(reader, big_endian, String::new());
    let mut heads = Heads { bytes: 0 };
    for index in 1.. {
        file.place = format!("variable {index}");
        if file.at_end()? {
            return Ok(());
        }
        let tag = file.tag()?;
        if tag.kind == tag::COMPRESSED {
            let place = file.place.clone();
            let compressed = ZlibDecoder::new(file.reader().take(tag.bytes.into()));
            let mut inner = Stream::new(BufReader::new(compressed), big_endian, place);
            let inner_tag = inner.tag()?;
            visit_variable(&mut inner, inner_tag, limits, &mut heads, visit)?;
            // The end of the stream is also where zlib compares its checksum.
            if !inner.at_end()? {
                return Err(inner.syntax("more bytes after the variable", "one variable"));
            }
            let left = inner.reader().get_mut().get_mut().limit() as u32;
            drop(inner);
            file.skip(tag, left)?;
        } else {
            visit_variable(&mut file, tag, limits, &mut heads, visit)?;
        }
    }
    Ok(())
}

/// Reads the 128 bytes before the first variable; whether numbers begin with their most significant byte.
fn read_header(reader: &mut impl Read) -> Result<bool, MatError> {
    let mut header = Vec::new();
    reader
        .by_ref()
        .take(128)
        .read_to_end(&mut header)
        .map_err(|error| MatError::Io {
            place: "header".to_string(),
            error,
        })?;
    let version = |found| MatError::Version { found };
    if header.starts_with(b"MATLAB 7.3") || header.starts_with(b"\x89HDF") {
        return Err(version("version 7.3 (HDF5)"));
    }
    if header.starts_with(b"MATLAB 5.0") && header.len() < 128 {
        return Err(MatError::Truncated {
            place: "header".to_string(),
        });
    }
    match header.get(124..128) {
        Some([0x00, 0x01, b'I', b'M']) => Ok(false),
        Some([0x01, 0x00, b'M', b'I']) => Ok(true),
        _ => Err(version("something else")),
    }
}

fn visit_variable<R: Read>(
    stream: &mut Stream<R>,
    tag: Tag,
    limits: MatLimits,
    heads: &mut Heads,
    visit: &mut dyn FnMut(&str, MatPart) -> Result<(), MatError>,
) -> Result<(), MatError> {
    let Some(head) = Head::read(stream, tag)? else {
        heads.add(stream, "")?;
        return visit("", MatPart::Whole(empty()));
    };
    // The place is made of the name, which a damaged file may fill with anything.
    stream.place = format!("variable `{}`", head.name.escape_default());
    heads.add(stream, &head.name)?;
    if head.class != CELL {
        let value = head.value(stream, tag, limits)?;
        return visit(&head.name, MatPart::Whole(value));
    }
    let cells = head.count(stream, limits)?;
    visit(&head.name, MatPart::CellsBegin)?;
    let place = stream.place.clone();
    for index in 0..cells {
        stream.place = format!("{place}: cell {}", index + 1);
        heads.add(stream, "")?;
        let tag = stream.tag()?;
        let value = match Head::read(stream, tag)? {
            Some(head) => head.value(stream, tag, limits)?,
            None => empty(),
        };
        visit(&head.name, MatPart::Cell(value))?;
    }
    Ok(())
}

/// The array that an element without content stands for.
fn empty() -> MatValue {
    MatValue::Array(MatArray {
        dimensions: vec![0, 0],
        values: Vec::new(),
    })
}
