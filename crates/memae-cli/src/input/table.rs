//! How a table is read: what its columns are, found out by looking at its first rows.

use std::io::Read;
use std::path::Path;

use clap::Args;
use memae::data::format::{TextEncoding, open_file, shown};
use memae::data::sample::{ColumnKind, ColumnValues, Header, RepeatedNames, Table, TableConfig};

use crate::failure::Failure;

/// Bytes of a table that its columns are told by.
const LOOKED_AT: u64 = 1 << 20;

/// More different values than this are no category but a text of its own in each row.
const MAX_CATEGORIES: usize = 1000;

/// What is said of a table.
#[derive(Args, Clone)]
pub(crate) struct TableOptions {
    /// Tables: the column of labels, which is no part of a row
    #[arg(long, value_name = "COLUMN", help_heading = "Tables")]
    pub(crate) label: Option<String>,
    /// Tables: labels of normal rows; others are left out of the training
    #[arg(
        long = "normal",
        value_name = "LABEL",
        value_delimiter = ',',
        requires = "label",
        help_heading = "Tables"
    )]
    pub(crate) normal_labels: Vec<String>,
    /// Tables: columns that are not looked at
    #[arg(
        long,
        value_name = "COLUMN",
        value_delimiter = ',',
        help_heading = "Tables"
    )]
    pub(crate) ignore: Vec<String>,
    /// Tables: columns of categories, also where they hold numbers
    #[arg(
        long,
        value_name = "COLUMN",
        value_delimiter = ',',
        help_heading = "Tables"
    )]
    pub(crate) categorical: Vec<String>,
    /// Tables: what separates fields [default: the one of , ; tab | that the first line has most]
    #[arg(long, value_name = "LETTER", help_heading = "Tables")]
    pub(crate) delimiter: Option<char>,
    /// Tables: the first line is a row; columns are then told by their number, from 1
    #[arg(long, help_heading = "Tables")]
    pub(crate) no_header: bool,
    /// Tables: numbers have a decimal comma
    #[arg(long, help_heading = "Tables")]
    pub(crate) decimal_comma: bool,
    /// Tables: bear with missing and infinite numbers, names that several columns have and bytes that are not UTF-8; all are
    /// counted
    #[arg(long, help_heading = "Tables")]
    pub(crate) lenient: bool,
}

impl TableOptions {
    /// The name of a column that an option names: by its number, where the file has no names.
    fn column(&self, name: &str) -> String {
        match name.parse::<usize>() {
            Ok(number) if self.no_header => format!("column {number}"),
            _ => name.to_string(),
        }
    }
}

/// How the file is to be read.
pub(crate) fn columns_of(path: &Path, options: &TableOptions) -> Result<TableConfig, Failure> {
    let config = TableConfig::default()
        .with_delimiter(options.delimiter.map_or_else(|| delimiter_of(path), Ok)?)
        .with_decimal_comma(options.decimal_comma)
        .with_ignored(options.ignore.iter().map(|name| options.column(name)));
    let config = match options.no_header {
        true => config.with_header(Header::Absent),
        false => config,
    };
    let config = match &options.label {
        Some(label) => config.with_label(options.column(label)),
        None => config,
    };
    let config = match options.lenient {
        true => config
            .with_missing(true)
            .with_infinite(true)
            .with_repeated_names(RepeatedNames::Numbered)
            .with_encoding(TextEncoding::Utf8Lossy)
            .with_quoted_line_breaks(true),
        false => config,
    };
    let looked_at = config.clone().with_others(ColumnKind::Categorical);
    let start = start_of(path)?;
    let table = looked_at
        .decode(&start[..], path)
        .map_err(|error| Failure::Other(format!("{}: {error}{HINT}", shown(path))))?;
    let asked_for = options.categorical.iter().map(|name| options.column(name));
    let asked_for: Vec<String> = asked_for.collect();
    let (mut numeric, mut categorical, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    for column in table.columns() {
        let ColumnValues::Categorical(categories) = &column.values else {
            continue;
        };
        let name = column.name.clone();
        if asked_for.contains(&name) {
            categorical.push(name);
        } else if categories
            .names()
            .iter()
            .all(|text| is_number(text, options))
        {
            numeric.push(name);
        } else if categories.names().len() <= MAX_CATEGORIES {
            categorical.push(name);
        } else {
            texts.push(name);
        }
    }
    if let Some(unknown) = asked_for.iter().find(|name| !categorical.contains(name)) {
        return Err(Failure::Other(format!(
            "{}: found no column `{}`, expected one of: {}",
            shown(path),
            unknown.escape_debug(),
            names(&table)
        )));
    }
    if let Some(text) = texts.first() {
        return Err(Failure::Other(format!(
            "{}: column `{}` has more than {MAX_CATEGORIES} different texts, expected numbers or a few categories; see --ignore",
            shown(path),
            text.escape_debug()
        )));
    }
    Ok(config
        .with_numeric(numeric.iter().map(String::as_str))
        .with_categorical(categorical.iter().map(String::as_str)))
}

/// What the program's user can do about a table that is refused.
pub(crate) const HINT: &str =
    "; see --no-header, --lenient, --delimiter, --ignore, --categorical and --decimal-comma";

fn names(table: &Table) -> String {
    let names = table.columns().iter().map(|column| column.name.as_str());
    names
        .collect::<Vec<_>>()
        .join(", ")
        .escape_debug()
        .to_string()
}

fn is_number(text: &str, options: &TableOptions) -> bool {
    let missing = text.is_empty()
        || TableConfig::MISSING_TEXTS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(text));
    let point = match options.decimal_comma {
        true => text.replace(',', "."),
        false => text.to_string(),
    };
    missing || point.parse::<f64>().is_ok()
}

/// The first lines of a file, whole ones, decompressed.
fn start_of(path: &Path) -> Result<Vec<u8>, Failure> {
    let file = open_file(path)?;
    let mut reader = memae::data::format::uncompressed(file).map_err(Failure::writing(path))?;
    let mut start = Vec::new();
    let whole = {
        let read = reader.by_ref().take(LOOKED_AT).read_to_end(&mut start);
        read.map_err(Failure::writing(path))? as u64
    };
    if whole == LOOKED_AT {
        // The last line may be a part of one.
        let end = start.iter().rposition(|&byte| byte == b'\n');
        start.truncate(end.map_or(start.len(), |end| end + 1));
    }
    Ok(start)
}

fn delimiter_of(path: &Path) -> Result<char, Failure> {
    let start = start_of(path)?;
    let line = start
        .split(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    let count = |letter: char| line.iter().filter(|&&byte| byte == letter as u8).count();
    let most = [',', ';', '\t', '|']
        .into_iter()
        .rev()
        .max_by_key(|&letter| count(letter));
    Ok(most.unwrap_or(','))
}
