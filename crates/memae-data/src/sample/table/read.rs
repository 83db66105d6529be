use std::io::Read;
use std::path::Path;

use super::builder::TableBuilder;
use super::columns::{given_names, numbered, resolve};
use super::config::{Header, RepeatedNames, TableConfig};
use super::error::TableError;
use super::in_memory::Table;
use super::parse::{NOT_UTF8, OTHER_ENCODINGS};
use super::place::{Counted, FieldPlace};
use crate::format::{CsvError, Rows, uncompressed};

impl TableConfig {
    /// Reads a table from the bytes of a CSV file, plain or compressed by gzip; which one is told by the first bytes.
    ///
    /// As [`read`](Self::read), but from anywhere. `path` is what messages name as the file of the table.
    ///
    /// # Errors
    ///
    /// The settings do not fit the file, it is damaged, a field is not what its column asks for, or the table takes more
    /// memory than it may.
    pub fn decode(&self, reader: impl Read, path: &Path) -> Result<Table, TableError> {
        let reader = uncompressed(reader).map_err(|error| CsvError::Io { line: 1, error })?;
        read(self, reader, path)
    }
}

pub(super) fn read(
    config: &TableConfig,
    reader: impl Read,
    path: &Path,
) -> Result<Table, TableError> {
    let mut rows = Rows::new(reader, config.rows())?;
    if !rows.advance()? {
        return Err(TableError::NoRows);
    }
    let (names, mut more) = match &config.header {
        Header::FirstLine => {
            let names = (0..rows.columns()).map(|column| header_name(&rows, column));
            let names = names.collect::<Result<_, _>>()?;
            (names, rows.advance()?)
        }
        header => (given_names(header, rows.columns()), true),
    };
    let names = match config.repeated_names {
        RepeatedNames::Error => names,
        RepeatedNames::Numbered => numbered(names),
    };
    let mut table = TableBuilder::new(config, resolve(config, names)?);
    while more {
        table.push(&rows)?;
        more = rows.advance()?;
    }
    table.finish(path, rows.replaced())
}

fn header_name(rows: &Rows<impl Read>, column: usize) -> Result<String, TableError> {
    match std::str::from_utf8(rows.field(column)) {
        // Other blanks than those of ASCII too.
        Ok(name) => Ok(name.trim().to_string()),
        Err(_) => Err(TableError::Field {
            place: FieldPlace {
                counted: Counted::Lines,
                line: rows.line(),
                column: column + 1,
                name: String::new(),
            },
            found: NOT_UTF8.to_string(),
            expected: "a name".to_string(),
            hint: OTHER_ENCODINGS,
        }),
    }
}
