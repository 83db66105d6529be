//! The header of an .npy file: a Python dictionary with three keys.

use std::io::Read;

use half::f16;

use super::error::{MAX_HEADER, NpyError};

const MAGIC: &[u8] = b"\x93NUMPY";

/// Type of the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Bool,
    Signed,
    Unsigned,
    Float,
}

/// How one value is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element {
    kind: Kind,
    bytes: usize,
    big_endian: bool,
}

impl Element {
    /// Reads the type from its name, such as `<f8`.
    fn parse(name: &str) -> Option<Self> {
        let mut characters = name.chars();
        let order = characters.next()?;
        let kind = match characters.next()? {
            'b' => Kind::Bool,
            'i' => Kind::Signed,
            'u' => Kind::Unsigned,
            'f' => Kind::Float,
            _ => return None,
        };
        let bytes = match (kind, characters.as_str()) {
            (Kind::Bool | Kind::Signed | Kind::Unsigned, "1") => 1,
            (Kind::Signed | Kind::Unsigned | Kind::Float, "2") => 2,
            (Kind::Signed | Kind::Unsigned | Kind::Float, "4") => 4,
            (Kind::Signed | Kind::Unsigned | Kind::Float, "8") => 8,
            _ => return None,
        };
        let big_endian = match order {
            '<' => false,
            '>' => true,
            '|' if bytes == 1 => false,
            _ => return None,
        };
        Some(Self {
            kind,
            bytes,
            big_endian,
        })
    }

    /// Bytes that a value takes.
    pub(super) fn bytes(self) -> usize {
        self.bytes
    }

    /// The value of `bytes`, of which there are [`bytes`](Self::bytes).
    pub(super) fn value(self, bytes: &[u8]) -> f64 {
        let pattern = |bytes: &mut dyn Iterator<Item = &u8>| {
            bytes.fold(0u64, |bits, &byte| bits << 8 | u64::from(byte))
        };
        let bits = if self.big_endian {
            pattern(&mut bytes.iter())
        } else {
            pattern(&mut bytes.iter().rev())
        };
        match self.kind {
            Kind::Bool => f64::from(u8::from(bits != 0)),
            Kind::Unsigned => bits as f64,
            Kind::Signed => {
                let unused = 64 - 8 * self.bytes as u32;
                ((bits << unused) as i64 >> unused) as f64
            }
            Kind::Float if self.bytes == 2 => f16::from_bits(bits as u16).to_f64(),
            Kind::Float if self.bytes == 4 => f64::from(f32::from_bits(bits as u32)),
            Kind::Float => f64::from_bits(bits),
        }
    }
}

/// What an .npy file says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) element: Element,
    pub(super) fortran_order: bool,
    pub(super) shape: Vec<u64>,
}

impl Header {
    /// Reads the header; after that the values follow.
    pub(super) fn read(reader: &mut impl Read) -> Result<Self, NpyError> {
        let start = read_bytes(reader, 8)?;
        if start.len() < 8 || !start.starts_with(MAGIC) {
            let mut found = start;
            found.truncate(MAGIC.len());
            if found == MAGIC {
                return Err(NpyError::TruncatedHeader {
                    found: MAGIC.len(),
                    expected: 8,
                });
            }
            return Err(NpyError::Magic { found });
        }
        let length_bytes = match (start[6], start[7]) {
            (1, 0) => 2,
            (2 | 3, 0) => 4,
            found => return Err(NpyError::Version { found }),
        };
        let length = read_bytes(reader, length_bytes)?;
        if length.len() < length_bytes {
            return Err(NpyError::TruncatedHeader {
                found: 8 + length.len(),
                expected: 8 + length_bytes,
            });
        }
        let length = length
            .iter()
            .rev()
            .fold(0u32, |length, &byte| length << 8 | u32::from(byte));
        if length > MAX_HEADER {
            return Err(NpyError::HeaderTooLong { found: length });
        }
        let before = 8 + length_bytes;
        let text = read_bytes(reader, length as usize)?;
        if text.len() < length as usize {
            return Err(NpyError::TruncatedHeader {
                found: before + text.len(),
                expected: before + length as usize,
            });
        }
        Dictionary::of(&text).parse()
    }
}

fn read_bytes(reader: &mut impl Read, count: usize) -> Result<Vec<u8>, NpyError> {
    let mut bytes = Vec::new();
    reader
        .by_ref()
        .take(count as u64)
        .read_to_end(&mut bytes)
        .map_err(|error| NpyError::Io {
            place: "header",
            error,
        })?;
    Ok(bytes)
}

/// The part of Python's syntax that headers are written in: a flat dictionary of strings, truth values and tuples of
/// whole numbers.
struct Dictionary {
    text: Vec<char>,
    at: usize,
}

impl Dictionary {
    fn of(text: &[u8]) -> Self {
        Self {
            text: String::from_utf8_lossy(text).chars().collect(),
            at: 0,
        }
    }

    fn parse(mut self) -> Result<Header, NpyError> {
        let (mut element, mut fortran_order, mut shape) = (None, None, None);
        self.expect('{', "{")?;
        while self.peek() != Some('}') {
            let at = self.at;
            let key = self.string("a key in quotes")?;
            self.expect(':', ":")?;
            match key.as_str() {
                "descr" if element.is_none() => element = Some(self.element()?),
                "fortran_order" if fortran_order.is_none() => {
                    fortran_order = Some(self.truth_value()?);
                }
                "shape" if shape.is_none() => shape = Some(self.tuple()?),
                _ => {
                    return Err(NpyError::Syntax {
                        at,
                        found: format!("the key `{key}`"),
                        expected: "descr, fortran_order and shape, each once",
                    });
                }
            }
            if self.peek() != Some('}') {
                self.expect(',', ", or }")?;
            }
        }
        self.expect('}', "}")?;
        if self.peek().is_some() {
            return Err(self.error("nothing after the }"));
        }
        let missing = |key| NpyError::MissingKey { key };
        Ok(Header {
            element: element.ok_or_else(|| missing("descr"))?,
            fortran_order: fortran_order.ok_or_else(|| missing("fortran_order"))?,
            shape: shape.ok_or_else(|| missing("shape"))?,
        })
    }

    /// The next character that is no white space.
    fn peek(&mut self) -> Option<char> {
        while self.text.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }

    fn error(&mut self, expected: &'static str) -> NpyError {
        NpyError::Syntax {
            found: match self.peek() {
                Some(character) => format!("`{}`", character.escape_default()),
                None => "the end of the header".to_string(),
            },
            at: self.at,
            expected,
        }
    }

    fn expect(&mut self, character: char, expected: &'static str) -> Result<(), NpyError> {
        if self.peek() != Some(character) {
            return Err(self.error(expected));
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self, expected: &'static str) -> Result<String, NpyError> {
        let quote = match self.peek() {
            Some(quote @ ('\'' | '"')) => quote,
            _ => return Err(self.error(expected)),
        };
        let start = self.at + 1;
        let Some(length) = self.text[start..].iter().position(|&c| c == quote) else {
            self.at = self.text.len();
            return Err(self.error("a closing quote"));
        };
        self.at = start + length + 1;
        // The text may end up in a message, which is one line.
        let text = self.text[start..start + length].iter();
        Ok(text.flat_map(|c| c.escape_default()).collect())
    }

    fn element(&mut self) -> Result<Element, NpyError> {
        if self.peek() == Some('[') {
            return Err(NpyError::ValueType {
                found: "several named fields".to_string(),
            });
        }
        let name = self.string("a type in quotes")?;
        Element::parse(&name).ok_or(NpyError::ValueType { found: name })
    }

    fn truth_value(&mut self) -> Result<bool, NpyError> {
        for (word, value) in [("True", true), ("False", false)] {
            self.peek();
            if self.text[self.at..]
                .iter()
                .take(word.len())
                .copied()
                .eq(word.chars())
            {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.error("True or False"))
    }

    fn tuple(&mut self) -> Result<Vec<u64>, NpyError> {
        self.expect('(', "(")?;
        let mut sizes = Vec::new();
        while self.peek() != Some(')') {
            sizes.push(self.size()?);
            if self.peek() != Some(')') {
                self.expect(',', ", or )")?;
            }
        }
        self.expect(')', ")")?;
        Ok(sizes)
    }

    fn size(&mut self) -> Result<u64, NpyError> {
        let expected = "a size below 2^64";
        self.peek();
        let start = self.at;
        let mut size = 0u64;
        while let Some(digit) = self.text.get(self.at).and_then(|c| c.to_digit(10)) {
            let larger = size
                .checked_mul(10)
                .and_then(|s| s.checked_add(digit.into()));
            match larger {
                Some(larger) => size = larger,
                None => return Err(self.error(expected)),
            }
            self.at += 1;
        }
        if self.at == start {
            return Err(self.error(expected));
        }
        // Python 2 marks long integers.
        if self.text.get(self.at) == Some(&'L') {
            self.at += 1;
        }
        Ok(size)
    }
}
