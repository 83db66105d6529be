//! How a table is read: what its columns are, found out by looking at its first rows.

use std::collections::HashSet;
use std::io::Read;
use std::path::Path;

use clap::{Args, ValueEnum};
use memae::data::format::{TextEncoding, open_file, shown};
use memae::data::sample::{
    ColumnKind, ColumnValues, Header, RepeatedNames, Table, TableConfig, TableError,
};

use super::column_texts::doubt;
use crate::failure::Failure;
use crate::wording::in_options;

/// Bytes of a table that its columns are told by.
const LOOKED_AT: u64 = 1 << 20;

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
    /// Tables: what separates fields, a letter or `tab` [default: the one of , ; tab | that the first line has most]
    #[arg(long, value_name = "LETTER", value_parser = delimiter, help_heading = "Tables")]
    pub(crate) delimiter: Option<char>,
    /// Tables: the first line is a row; columns are then told by their number, from 1
    #[arg(long, help_heading = "Tables")]
    pub(crate) no_header: bool,
    /// Tables: the first line holds names, even if they are numbers
    #[arg(long, conflicts_with = "no_header", help_heading = "Tables")]
    pub(crate) header: bool,
    /// Tables: how the file writes its text
    #[arg(long, value_enum, help_heading = "Tables")]
    pub(crate) encoding: Option<Encoding>,
    /// Tables: texts that stand for a missing number, beside `NA`, `nan` and the like
    #[arg(
        long = "missing-text",
        value_name = "TEXT",
        value_delimiter = ',',
        requires = "lenient",
        help_heading = "Tables"
    )]
    pub(crate) missing_texts: Vec<String>,
    /// Tables: numbers have a decimal comma
    #[arg(long, help_heading = "Tables")]
    pub(crate) decimal_comma: bool,
    /// Tables: bear with missing and infinite numbers, names that several columns have, line breaks in quotes, and bytes that are
    /// not UTF-8; gaps are counted
    #[arg(long, help_heading = "Tables")]
    pub(crate) lenient: bool,
}

/// How a file writes its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Encoding {
    #[value(name = "utf-8")]
    Utf8,
    /// What programs on Windows in western Europe and America mean by ANSI; ISO 8859-1 too
    #[value(name = "windows-1252")]
    Windows1252,
    #[value(name = "utf-16")]
    Utf16,
}

/// A delimiter as an argument: a tab is hard to type.
fn delimiter(text: &str) -> Result<char, String> {
    let mut letters = text.chars();
    match (text, letters.next(), letters.next()) {
        ("tab" | "\\t", ..) => Ok('\t'),
        (_, Some(letter), None) => Ok(letter),
        _ => Err("expected one letter, or `tab`".to_string()),
    }
}

impl TableOptions {
    /// The first of these options that was given, which says that the input is a table.
    pub(crate) fn given(&self) -> Option<&'static str> {
        let given = [
            ("--label", self.label.is_some()),
            ("--normal", !self.normal_labels.is_empty()),
            ("--ignore", !self.ignore.is_empty()),
            ("--categorical", !self.categorical.is_empty()),
            ("--delimiter", self.delimiter.is_some()),
            ("--no-header", self.no_header),
            ("--header", self.header),
            ("--encoding", self.encoding.is_some()),
            ("--missing-text", !self.missing_texts.is_empty()),
            ("--decimal-comma", self.decimal_comma),
            ("--lenient", self.lenient),
        ];
        given.into_iter().find(|(_, is)| *is).map(|(name, _)| name)
    }

    /// Whether an option names a column by what is no number: then the first line does hold names.
    fn names_a_column(&self) -> bool {
        let named = self
            .label
            .iter()
            .chain(&self.ignore)
            .chain(&self.categorical);
        named.into_iter().any(|name| !is_number(name, self))
    }

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
    let config = match (options.no_header, options.header) {
        (true, _) => config.with_header(Header::Absent),
        (_, true) => config.with_header(Header::FirstLine),
        _ => config,
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
            .with_missing_texts(options.missing_texts.iter().cloned())
            .with_encoding(TextEncoding::Utf8Lossy)
            .with_quoted_line_breaks(true)
            .with_carriage_returns(true),
        false => config,
    };
    let config = match options.encoding {
        Some(Encoding::Windows1252) => config.with_encoding(TextEncoding::Windows1252),
        Some(Encoding::Utf16) => config.with_encoding(TextEncoding::Utf16),
        Some(Encoding::Utf8) | None => config,
    };
    let looked_at = config.clone().with_others(ColumnKind::Categorical);
    let is_told = options.no_header || options.header || options.names_a_column();
    let start = start_of(path, options.encoding)?;
    let table = looked_at
        .decode(&start[..], path)
        .map_err(|error| match &error {
            // How it is read has no part in that.
            TableError::NoRows => Failure::Other(format!("{}: {error}", shown(path))),
            // A row may hold a number twice.
            TableError::RepeatedName { name, .. }
                if !is_told && is_number(name, options) && !is_missing(name) =>
            {
                no_name(path, name)
            }
            _ => refused(format!("{}: {error}", shown(path))),
        })?;
    let asked_for = options.categorical.iter().map(|name| options.column(name));
    let asked_for: HashSet<String> = asked_for.collect();
    let (mut numeric, mut categorical, mut doubts) = (Vec::new(), Vec::new(), Vec::new());
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
        } else {
            doubts.extend(
                doubt(
                    categories,
                    |text: &str| is_number(text, options),
                    options.decimal_comma,
                )
                .map(|doubt| (name.clone(), doubt)),
            );
            categorical.push(name);
        }
    }
    if let (false, Some(number)) = (is_told, number_for_name(&numeric, options)) {
        return Err(no_name(path, number));
    }
    let found: HashSet<&String> = categorical.iter().collect();
    if let Some(unknown) = asked_for.iter().find(|name| !found.contains(name)) {
        return Err(Failure::Other(format!(
            "{}: found no column `{}`, expected one of: {}",
            shown(path),
            unknown.escape_debug(),
            names(&table)
        )));
    }
    // How numbers are written comes first, since it is one option for all columns.
    if let Some((name, doubt)) = doubts.iter().min_by_key(|(_, doubt)| doubt.is_of_one()) {
        return Err(Failure::Other(format!(
            "{}: column `{}`: {doubt}",
            shown(path),
            name.escape_debug()
        )));
    }
    Ok(config
        .with_numeric(numeric.iter().map(String::as_str))
        .with_categorical(categorical.iter().map(String::as_str)))
}

/// A number that stands where the name of a column should, if the names of all columns of numbers are such: then the first line
/// is a row, which would be lost.
fn number_for_name<'a>(numeric: &'a [String], options: &TableOptions) -> Option<&'a str> {
    // A row may have gaps, and a gap has been given a name.
    let is_gap = |name: &str| {
        let numbered = name.strip_prefix("column ");
        numbered.is_some_and(|number| number.parse::<usize>().is_ok())
    };
    let fits = |name: &&String| is_number(name, options) || is_gap(name);
    let is_known = |name: &&String| fits(name) && !is_gap(name) && !is_missing(name);
    match numeric.iter().all(|name| fits(&name)) {
        true => numeric.iter().find(is_known).map(String::as_str),
        false => None,
    }
}

fn no_name(path: &Path, number: &str) -> Failure {
    Failure::Other(format!(
        "{}: line 1: found the number `{}`, expected the name of a column; `--no-header` takes the first line as a row, `--header` as \
         names whatever they are",
        shown(path),
        number.escape_debug()
    ))
}

/// Why a table is not read, with what the program's user can do about it.
pub(crate) fn refused(message: String) -> Failure {
    let text = in_options(&message);
    Failure::Other(match text.contains("`--") {
        true => text,
        false => text + HINT,
    })
}

/// What the program's user can do where the message does not say it.
const HINT: &str =
    "; see --no-header, --lenient, --delimiter, --ignore, --categorical and --encoding";

/// The names of the first columns.
fn names(table: &Table) -> String {
    const SHOWN: usize = 12;
    let columns = table.columns();
    let names = columns
        .iter()
        .take(SHOWN)
        .map(|column| column.name.as_str());
    let names = names
        .collect::<Vec<_>>()
        .join(", ")
        .escape_debug()
        .to_string();
    match columns.len() {
        count if count > SHOWN => format!("{names}, … ({count} in all)"),
        _ => names,
    }
}

fn is_number(text: &str, options: &TableOptions) -> bool {
    let point = match options.decimal_comma {
        true => text.replace(',', "."),
        false => text.to_string(),
    };
    let is_own = options.missing_texts.iter().any(|own| own == text);
    is_missing(text) || is_own || point.parse::<f64>().is_ok()
}

fn is_missing(text: &str) -> bool {
    let mut known = TableConfig::MISSING_TEXTS.iter();
    text.is_empty() || known.any(|known| known.eq_ignore_ascii_case(text))
}

/// The first lines of a file, whole ones, decompressed.
fn start_of(path: &Path, encoding: Option<Encoding>) -> Result<Vec<u8>, Failure> {
    let file = open_file(path)?;
    let mut reader = memae::data::format::uncompressed(file).map_err(Failure::writing(path))?;
    let mut start = Vec::new();
    let whole = {
        let read = reader.by_ref().take(LOOKED_AT).read_to_end(&mut start);
        read.map_err(Failure::writing(path))? as u64
    };
    if whole == LOOKED_AT {
        // The last line may be a part of one.
        let end = match encoding {
            // In units of two bytes, in whatever order.
            Some(Encoding::Utf16) => start
                .chunks_exact(2)
                .rposition(|unit| unit == [b'\n', 0] || unit == [0, b'\n'])
                .map(|unit| 2 * unit + 2),
            _ => start
                .iter()
                .rposition(|&byte| byte == b'\n')
                .map(|end| end + 1),
        };
        start.truncate(end.unwrap_or(start.len()));
    }
    Ok(start)
}

fn delimiter_of(path: &Path) -> Result<char, Failure> {
    let start = start_of(path, None)?;
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
