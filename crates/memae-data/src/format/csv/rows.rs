use std::io::{self, Read};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

use super::encoding::{Stopped, Text, TextEncoding};
use super::error::CsvError;

/// The longest row, in bytes.
const MAX_ROW: usize = 1 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const UTF16_MARKS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// How rows are told apart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowsConfig {
    /// What separates fields.
    pub(crate) delimiter: char,
    pub(crate) encoding: TextEncoding,
    /// Whether quoted fields may hold line breaks.
    pub(crate) quoted_line_breaks: bool,
    /// Whether a carriage return ends a line by itself.
    pub(crate) carriage_returns: bool,
}

/// The rows of a CSV stream. What is kept is one row, whatever the stream holds.
pub(crate) struct Rows<R> {
    text: Text<R>,
    parser: Reader,
    quoted_line_breaks: bool,
    carriage_returns: bool,
    /// The line in which the row begins.
    line: u64,
    /// The line that was read last.
    last_line: u64,
    /// That line, without its end.
    bytes: Vec<u8>,
    fields: Vec<u8>,
    ends: Vec<usize>,
    columns: usize,
}

impl<R: Read> Rows<R> {
    pub(crate) fn new(reader: R, config: RowsConfig) -> Result<Self, CsvError> {
        let delimiter = match u8::try_from(config.delimiter) {
            Ok(byte) if byte.is_ascii() && !b"\"\r\n".contains(&byte) => byte,
            _ => {
                return Err(CsvError::Delimiter {
                    found: config.delimiter,
                });
            }
        };
        Ok(Self {
            text: Text::new(reader, config.encoding),
            // Lines are cut here, so that a quote left open is found in its line and not at the end of the file.
            parser: ReaderBuilder::new()
                .delimiter(delimiter)
                .terminator(Terminator::Any(b'\n'))
                .build(),
            quoted_line_breaks: config.quoted_line_breaks,
            carriage_returns: config.carriage_returns,
            line: 0,
            last_line: 0,
            bytes: Vec::new(),
            fields: Vec::new(),
            ends: Vec::new(),
            columns: 0,
        })
    }

    /// The line in which the current row begins, counted from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Columns of the current row.
    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// A field of the current row, without white space around it.
    pub(crate) fn field(&self, column: usize) -> &[u8] {
        let start = match column {
            0 => 0,
            _ => self.ends[column - 1],
        };
        self.fields[start..self.ends[column]].trim_ascii()
    }

    /// How many times U+FFFD stands for bytes that are no text, in what was read so far.
    pub(crate) fn replaced(&self) -> u64 {
        self.text.replaced()
    }

    /// Goes to the next row, if there is one.
    pub(crate) fn advance(&mut self) -> Result<bool, CsvError> {
        loop {
            self.line = self.last_line + 1;
            if !self.read_line(MAX_ROW, false)? {
                return Ok(false);
            }
            if !self.bytes.is_empty() {
                break;
            }
        }
        let (mut total, mut written, mut columns) = (0, 0, 0);
        loop {
            self.bytes.push(b'\n');
            total += self.bytes.len();
            // A row of n bytes has at most n bytes of fields, and at most n fields.
            if self.fields.len() < total {
                self.fields.resize(total, 0);
                self.ends.resize(total, 0);
            }
            let (result, _, new_bytes, new_ends) = self.parser.read_record(
                &self.bytes,
                &mut self.fields[written..],
                &mut self.ends[columns..],
            );
            written += new_bytes;
            columns += new_ends;
            match result {
                ReadRecordResult::Record => break,
                _ if !self.quoted_line_breaks => {
                    return Err(CsvError::OpenQuote { line: self.line });
                }
                _ if !self.read_line(MAX_ROW.saturating_sub(total), true)? => {
                    return Err(CsvError::UnclosedQuote { line: self.line });
                }
                _ => {}
            }
        }
        self.columns = columns;
        Ok(true)
    }

    /// Reads a line without its end, if there is one, of `max_bytes` at most; `quoted` is whether it begins within quotes.
    fn read_line(&mut self, max_bytes: usize, quoted: bool) -> Result<bool, CsvError> {
        self.bytes.clear();
        self.last_line += 1;
        let (first, line) = (self.last_line == 1, self.last_line);
        let stopped = |stopped| match stopped {
            Stopped::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                CsvError::CutShort { line }
            }
            Stopped::Io(error) => CsvError::Io { line, error },
            Stopped::Malformed => CsvError::Encoding { line },
        };
        let ends = |&byte: &u8| byte == b'\n' || (byte == b'\r' && self.carriage_returns);
        while !self.bytes.last().is_some_and(ends) {
            let next = self.text.fill_buf().map_err(stopped)?;
            if next.is_empty() {
                break;
            }
            let taken = next.iter().position(ends).map_or(next.len(), |end| end + 1);
            self.bytes.extend_from_slice(&next[..taken]);
            self.text.consume(taken);
            if self.bytes.len() > max_bytes {
                self.check_carriage_returns(quoted)?;
                return Err(CsvError::LineLength {
                    line: self.line,
                    max_bytes: MAX_ROW as u64,
                });
            }
        }
        if self.carriage_returns && self.bytes.last() == Some(&b'\r') {
            let next = self.text.fill_buf().map_err(stopped)?;
            if next.first() == Some(&b'\n') {
                self.text.consume(1);
            }
        }
        let read = !self.bytes.is_empty();
        if first {
            self.check_encoding()?;
            if self.bytes.starts_with(BYTE_ORDER_MARK) {
                self.bytes.drain(..BYTE_ORDER_MARK.len());
            }
        }
        if self.bytes.last() == Some(&b'\n') {
            self.bytes.pop();
        }
        while self.bytes.last() == Some(&b'\r') {
            self.bytes.pop();
        }
        self.check_carriage_returns(quoted)?;
        Ok(read)
    }

    /// The first line tells whether the file is what it is read as.
    fn check_encoding(&self) -> Result<(), CsvError> {
        let found = match &self.bytes {
            bytes if UTF16_MARKS.iter().any(|mark| bytes.starts_with(mark)) => {
                "the byte order mark of UTF-16"
            }
            bytes if bytes.contains(&0) => "a zero byte, as in UTF-16 or what is no text",
            _ => return Ok(()),
        };
        Err(CsvError::Utf16 { found })
    }

    /// A carriage return within a line, outside of quotes, is the end of a line elsewhere.
    fn check_carriage_returns(&self, mut quoted: bool) -> Result<(), CsvError> {
        if self.carriage_returns || !self.bytes.contains(&b'\r') {
            return Ok(());
        }
        let end = self.bytes.trim_ascii_end().len();
        for &byte in &self.bytes[..end] {
            match byte {
                b'"' => quoted = !quoted,
                b'\r' if !quoted => {
                    return Err(CsvError::CarriageReturn {
                        line: self.last_line,
                    });
                }
                _ => {}
            }
        }
        Ok(())
    }
}
