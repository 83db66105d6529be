//! What comes before the values of an array.

use std::io::Read;

use super::error::MatError;
use super::stream::{Stream, Tag, tag};
use super::value::{MatArray, MatLimits, MatValue};

/// Classes of arrays that matter here.
pub(super) const CELL: u32 = 1;
const SPARSE: u32 = 5;
const DOUBLE: u32 = 6;
const UINT64: u32 = 15;

/// The flag of an array whose values have imaginary parts.
const COMPLEX: u32 = 0x800;

/// What comes before the values of an array.
pub(super) struct Head {
    pub(super) class: u32,
    complex: bool,
    dimensions: Vec<u32>,
    pub(super) name: String,
    /// Bytes that these parts took of the element.
    bytes: u32,
}

impl Head {
    /// Reads it; `None` where the element is empty.
    pub(super) fn read<R: Read>(
        stream: &mut Stream<R>,
        tag: Tag,
    ) -> Result<Option<Self>, MatError> {
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
        let word = stream.number()?;
        let (class, complex) = (word & 0xff, word & COMPLEX != 0);
        stream.number()?;
        if class > UINT64 {
            // Handles and newer objects have no dimensions and are not read.
            return Ok(Some(Self {
                class,
                complex,
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
            complex,
            dimensions,
            name: String::from_utf8_lossy(&name).into_owned(),
            bytes: before.iter().sum(),
        }))
    }

    /// Values or cells, which are as many as the dimensions say.
    pub(super) fn count<R>(&self, stream: &Stream<R>, limits: MatLimits) -> Result<u64, MatError> {
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
    pub(super) fn value<R: Read>(
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
        if self.complex {
            stream.skip(tag, left(self.bytes))?;
            return Ok(MatValue::Other("complex"));
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
