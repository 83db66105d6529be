//! MATLAB's .mat files of version 5, as `save -v6` and `save -v7` write them: arrays of numbers, and cells of such
//! arrays.
//!
//! | bytes | content |
//! |---|---|
//! | 0 to 115 | text that begins with `MATLAB 5.0 MAT-file` |
//! | 124 to 127 | version 0x0100, and `IM` or `MI` for the order of bytes |
//! | the rest | one element for each variable, plain or compressed by zlib |
//!
//! Source: The MathWorks, "MAT-File Format".

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::ZlibDecoder;

use crate::source::SourceError;

mod error;
mod stream;

pub use error::MatError;
use stream::{Stream, Tag, tag};

/// Classes of arrays that matter here.
const CELL: u32 = 1;
const SPARSE: u32 = 5;
const DOUBLE: u32 = 6;
const UINT64: u32 = 15;

/// An array of numbers, first dimension fastest, as MATLAB stores it.
#[derive(Debug, Clone, PartialEq)]
pub struct MatArray {
    /// Size of each dimension; two or more.
    pub dimensions: Vec<usize>,
    /// The values, first dimension fastest. Whole numbers beyond 2⁵³ are rounded, imaginary parts are left out.
    pub values: Vec<f64>,
}

/// What a variable holds, or a cell.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum MatValue {
    /// Numbers or truth values.
    Array(MatArray),
    /// Cells, first dimension fastest. Cells within them are [`Other`](Self::Other).
    Cells(Vec<MatValue>),
    /// Something else, by the name of its class: `char`, `struct`, `sparse`, …
    Other(&'static str),
}

/// A named variable.
#[derive(Debug, Clone, PartialEq)]
pub struct MatVariable {
    /// Its name; empty where the file gives none.
    pub name: String,
    /// What it holds.
    pub value: MatValue,
}

/// What a .mat file may hold; a file that claims more is refused before its values are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MatLimits {
    /// The most values in all arrays together, each of which takes 8 bytes of memory; 2²⁴ (128 MiB) by default.
    pub max_values: u64,
}

impl Default for MatLimits {
    fn default() -> Self {
        Self {
            max_values: 1 << 24,
        }
    }
}

impl MatLimits {
    /// Sets the most values.
    pub fn with_max_values(mut self, max_values: u64) -> Self {
        self.max_values = max_values;
        self
    }
}

/// Reads the variables of a .mat file.
///
/// Memory grows with the bytes that are read, never with what the file claims.
///
/// # Errors
///
/// The file cannot be read ([`SourceError::Read`]), or is not such a file within `limits` ([`SourceError::Mat`]); files
/// of version 7.3 are HDF5 files and are not read.
///
/// ```no_run
/// use memae_data::source::{MatLimits, MatValue, read_mat};
///
/// let variables = read_mat("1_label.mat", MatLimits::default().with_max_values(1 << 28))?;
/// assert_eq!(variables[0].name, "volLabel");
/// let MatValue::Cells(masks) = &variables[0].value else { panic!("one mask in each cell") };
/// println!("{} frames", masks.len());
/// # Ok::<(), memae_data::SourceError>(())
/// ```
pub fn read_mat(
    path: impl AsRef<Path>,
    limits: MatLimits,
) -> Result<Vec<MatVariable>, SourceError> {
    let mut variables: Vec<MatVariable> = Vec::new();
    let mut left = limits.max_values;
    visit_mat(path.as_ref(), limits, &mut |name, part| {
        let value = match part {
            MatPart::CellsBegin => MatValue::Cells(Vec::new()),
            MatPart::Whole(value) | MatPart::Cell(_, value) if !fits(&value, &mut left) => {
                drop(value);
                return Err(MatError::TooManyValues {
                    place: format!("variable `{}`", name.escape_default()),
                    max_values: limits.max_values,
                });
            }
            MatPart::Whole(value) => value,
            MatPart::Cell(_, value) => {
                if let Some(variable) = variables.last_mut()
                    && let MatValue::Cells(cells) = &mut variable.value
                {
                    cells.push(value);
                }
                return Ok(());
            }
        };
        variables.push(MatVariable {
            name: name.to_string(),
            value,
        });
        Ok(())
    })?;
    Ok(variables)
}

/// Takes the values of an array from those that may still be read.
fn fits(value: &MatValue, left: &mut u64) -> bool {
    let MatValue::Array(array) = value else {
        return true;
    };
    match left.checked_sub(array.values.len() as u64) {
        Some(rest) => *left = rest,
        None => return false,
    }
    true
}

/// A part of a variable, in the order of the file.
pub(crate) enum MatPart {
    /// A variable that is no cell array.
    Whole(MatValue),
    /// A variable that is a cell array, whose cells follow.
    CellsBegin,
    /// A cell and its index.
    Cell(usize, MatValue),
}

/// Calls `visit` with the name of each variable and its parts, of which one at a time is in memory.
///
/// The limit holds for each part alone.
pub(crate) fn visit_mat(
    path: &Path,
    limits: MatLimits,
    visit: &mut dyn FnMut(&str, MatPart) -> Result<(), MatError>,
) -> Result<(), SourceError> {
    let file = File::open(path).map_err(|error| SourceError::Read {
        path: path.to_path_buf(),
        error,
    })?;
    visit_variables(BufReader::new(file), limits, visit).map_err(|error| SourceError::Mat {
        path: path.to_path_buf(),
        error,
    })
}

fn visit_variables(
    mut reader: impl BufRead,
    limits: MatLimits,
    visit: &mut dyn FnMut(&str, MatPart) -> Result<(), MatError>,
) -> Result<(), MatError> {
    let big_endian = read_header(&mut reader)?;
    let mut file = Stream::new(reader, big_endian, String::new());
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
            visit_variable(&mut inner, inner_tag, limits, visit)?;
            // The end of the stream is also where zlib compares its checksum.
            if !inner.at_end()? {
                return Err(inner.syntax("more bytes after the variable", "one variable"));
            }
            let left = inner.reader().get_mut().get_mut().limit() as u32;
            drop(inner);
            file.skip(tag, left)?;
        } else {
            visit_variable(&mut file, tag, limits, visit)?;
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
    visit: &mut dyn FnMut(&str, MatPart) -> Result<(), MatError>,
) -> Result<(), MatError> {
    let Some(head) = Head::read(stream, tag)? else {
        return visit("", MatPart::Whole(empty()));
    };
    // The place is made of the name, which a damaged file may fill with anything.
    stream.place = format!("variable `{}`", head.name.escape_default());
    if head.class != CELL {
        let value = head.value(stream, tag, limits)?;
        return visit(&head.name, MatPart::Whole(value));
    }
    let cells = head.count(stream, limits)?;
    visit(&head.name, MatPart::CellsBegin)?;
    let place = stream.place.clone();
    for index in 0..cells {
        stream.place = format!("{place}: cell {}", index + 1);
        let tag = stream.tag()?;
        let value = match Head::read(stream, tag)? {
            Some(head) => head.value(stream, tag, limits)?,
            None => empty(),
        };
        visit(&head.name, MatPart::Cell(index as usize, value))?;
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

/// What comes before the values of an array.
struct Head {
    class: u32,
    dimensions: Vec<u32>,
    name: String,
    /// Bytes that these parts took of the element.
    bytes: u32,
}

impl Head {
    /// Reads it; `None` where the element is empty.
    fn read<R: Read>(stream: &mut Stream<R>, tag: Tag) -> Result<Option<Self>, MatError> {
        if tag.kind != tag::MATRIX {
            let found = format!("an element of type {}", tag.kind);
            return Err(stream.syntax(found, "an array (type 14)"));
        }
        if tag.bytes == 0 {
            return Ok(None);
        }
        let flags = stream.tag()?;
        if flags.kind != tag::UINT32 || flags.bytes != 8 {
            return Err(stream.syntax("other bytes", "the flags of an array"));
        }
        let class = stream.number()? & 0xff;
        stream.number()?;
        if class > UINT64 {
            // Handles and newer objects have no dimensions and are not read.
            return Ok(Some(Self {
                class,
                dimensions: Vec::new(),
                name: String::new(),
                bytes: flags.total(),
            }));
        }

        let sizes = stream.tag()?;
        if sizes.kind != tag::INT32 || !(8..=4 * 32).contains(&sizes.bytes) {
            return Err(stream.syntax("other bytes", "the 2 to 32 dimensions of an array"));
        }
        let dimensions: Vec<u32> = stream
            .numbers(sizes)?
            .into_iter()
            .map(|size| match size >= 0.0 {
                true => Ok(size as u32),
                false => Err(stream.syntax(format!("a dimension of {size}"), "0 or more")),
            })
            .collect::<Result<_, _>>()?;

        let text = stream.tag()?;
        if text.kind != tag::INT8 || text.bytes > 1 << 12 {
            return Err(stream.syntax("other bytes", "the name of an array"));
        }
        let name = stream.numbers(text)?;
        let name: Vec<u8> = name.into_iter().map(|byte| byte as i8 as u8).collect();
        let before = [flags, sizes, text].map(|tag| tag.total());
        Ok(Some(Self {
            class,
            dimensions,
            name: String::from_utf8_lossy(&name).into_owned(),
            bytes: before.iter().sum(),
        }))
    }

    /// Values or cells, which are as many as the dimensions say.
    fn count<R>(&self, stream: &Stream<R>, limits: MatLimits) -> Result<u64, MatError> {
        let count = match self.dimensions.contains(&0) {
            true => 0,
            false => self
                .dimensions
                .iter()
                .fold(1u64, |product, &size| product.saturating_mul(size.into())),
        };
        if count > limits.max_values {
            return Err(MatError::TooLarge {
                place: stream.place.clone(),
                dimensions: self.dimensions.clone(),
                max_values: limits.max_values,
            });
        }
        Ok(count)
    }

    /// Reads what follows.
    fn value<R: Read>(
        &self,
        stream: &mut Stream<R>,
        tag: Tag,
        limits: MatLimits,
    ) -> Result<MatValue, MatError> {
        let left = |read: u32| tag.bytes.saturating_sub(read);
        if !(DOUBLE..=UINT64).contains(&self.class) {
            stream.skip(tag, left(self.bytes))?;
            return Ok(MatValue::Other(class_name(self.class)));
        }
        let count = self.count(stream, limits)?;
        let numbers = stream.tag()?;
        // Before they are read: the element may be longer than the dimensions say.
        if u64::from(numbers.bytes) > 8 * count {
            let found = format!("{} bytes", numbers.bytes);
            return Err(stream.syntax(found, "no more than the dimensions ask for"));
        }
        let values = stream.numbers(numbers)?;
        if values.len() as u64 != count {
            let found = format!("{} values", values.len());
            return Err(stream.syntax(found, "as many as the dimensions ask for"));
        }
        // What may be left is the imaginary part.
        stream.skip(tag, left(self.bytes.saturating_add(numbers.total())))?;
        Ok(MatValue::Array(MatArray {
            dimensions: self.dimensions.iter().map(|&size| size as usize).collect(),
            values,
        }))
    }
}

fn class_name(class: u32) -> &'static str {
    match class {
        CELL => "cell",
        2 => "struct",
        3 => "object",
        4 => "char",
        SPARSE => "sparse",
        16 => "function",
        17 => "opaque",
        _ => "unknown",
    }
}
