use std::io::{self, BufRead, BufReader, Read};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

use super::error::CsvError;

/// The longest line, in bytes.
const MAX_LINE: u64 = 1 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The rows of a CSV stream, one a line. What is kept is one line, whatever the stream holds.
pub(crate) struct Rows<R> {
    reader: BufReader<R>,
    parser: Reader,
    line: u64,
    text: Vec<u8>,
    fields: Vec<u8>,
    ends: Vec<usize>,
    columns: usize,
}

impl<R: Read> Rows<R> {
    pub(crate) fn new(reader: R, delimiter: char) -> Result<Self, CsvError> {
        let delimiter = match u8::try_from(delimiter) {
            Ok(byte) if byte.is_ascii() && !b"\"\r\n".contains(&byte) => byte,
            _ => return Err(CsvError::Delimiter { found: delimiter }),
        };
        Ok(Self {
            reader: BufReader::with_capacity(1 << 16, reader),
            // Lines are cut here, so that a quote left open is found in its line and not at the end of the file.
            parser: ReaderBuilder::new()
                .delimiter(delimiter)
                .terminator(Terminator::Any(b'\n'))
                .build(),
            line: 0,
            text: Vec::new(),
            fields: Vec::new(),
            ends: Vec::new(),
            columns: 0,
        })
    }

    /// The line of the current row, counted from 1.
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

    /// Goes to the next row, if there is one.
    pub(crate) fn advance(&mut self) -> Result<bool, CsvError> {
        loop {
            if !self.read_line()? {
                return Ok(false);
            }
            if !self.text.is_empty() {
                break;
            }
        }
        self.text.push(b'\n');
        // A line of n bytes has at most n bytes of fields, and at most n fields.
        if self.fields.len() < self.text.len() {
            self.fields.resize(self.text.len(), 0);
            self.ends.resize(self.text.len(), 0);
        }
        let (result, _, _, columns) =
            self.parser
                .read_record(&self.text, &mut self.fields, &mut self.ends);
        if result != ReadRecordResult::Record {
            return Err(CsvError::OpenQuote { line: self.line });
        }
        self.columns = columns;
        Ok(true)
    }

    /// Reads a line without its end, if there is one.
    fn read_line(&mut self) -> Result<bool, CsvError> {
        self.text.clear();
        self.line += 1;
        let line = self.line;
        let mut limited = (&mut self.reader).take(MAX_LINE + 1);
        let read = limited.read_until(b'\n', &mut self.text);
        let read = read.map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => CsvError::CutShort { line },
            _ => CsvError::Io { line, error },
        })?;
        if read as u64 > MAX_LINE {
            return Err(CsvError::LineLength {
                line,
                max_bytes: MAX_LINE,
            });
        }
        for end in [b'\n', b'\r'] {
            if self.text.last() == Some(&end) {
                self.text.pop();
            }
        }
        if line == 1 && self.text.starts_with(BYTE_ORDER_MARK) {
            self.text.drain(..BYTE_ORDER_MARK.len());
        }
        Ok(read > 0)
    }
}
