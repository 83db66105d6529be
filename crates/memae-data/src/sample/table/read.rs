use std::io::Read;
use std::path::Path;

use super::builder::TableBuilder;
use super::columns::{columns, given_names, kinds, numbered};
use super::config::{Header, RepeatedNames, TableConfig};
use super::error::TableError;
use super::header::{header_name, refuse_numbers};
use super::in_memory::Table;
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
    let (names, named) = match &config.header {
        Header::Checked | Header::FirstLine => {
            let names = (0..rows.columns()).map(|column| header_name(&rows, column));
            (names.collect::<Result<_, _>>()?, true)
        }
        header => (given_names(header, rows.columns()), false),
    };
    let names = match config.repeated_names {
        RepeatedNames::Error => names,
        RepeatedNames::Numbered => numbered(names),
    };
    let kinds = kinds(config, &names)?;
    if config.header == Header::Checked {
        refuse_numbers(config, &kinds, &rows)?;
    }
    let columns = columns(names, kinds)?;
    let mut table = TableBuilder::new(config, columns);
    let mut more = !named || rows.advance()?;
    while more {
        table.push(&rows)?;
        more = rows.advance()?;
    }
    table.finish(path, rows.replaced())
}
