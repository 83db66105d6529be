use std::fmt;

use serde::{Deserialize, Serialize};

use crate::format::{RowsConfig, TextEncoding};

/// A column of a file, by its name or its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ColumnId {
    /// Its name.
    Name(String),
    /// Its number, counted from 1 as in messages.
    Number(usize),
}

impl From<&str> for ColumnId {
    fn from(name: &str) -> Self {
        Self::Name(name.to_string())
    }
}

impl From<String> for ColumnId {
    fn from(name: String) -> Self {
        Self::Name(name)
    }
}

impl From<usize> for ColumnId {
    fn from(number: usize) -> Self {
        Self::Number(number)
    }
}

/// What becomes of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ColumnKind {
    /// Its fields are numbers.
    Numeric,
    /// Its fields are categories.
    Categorical,
    /// Its fields are the labels of the rows.
    Label,
    /// It is not read.
    #[default]
    Ignored,
}

impl fmt::Display for ColumnKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Numeric => "numeric",
            Self::Categorical => "categorical",
            Self::Label => "label",
            Self::Ignored => "ignored",
        })
    }
}

/// Where the names of columns come from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Header {
    /// From the first line, unless that may be a row as well: it is an error if the fields of all numeric columns, or of
    /// all columns, are numbers there, and none of the names that are asked for tells that it holds names.
    #[default]
    Checked,
    /// From the first line, whatever stands in it.
    FirstLine,
    /// From here: the first line is a row, and each row has as many columns as there are names.
    Names(Vec<String>),
    /// From nowhere: the first line is a row, and columns are called `column 1`, `column 2` and so on.
    Absent,
}

/// What becomes of a name that several columns have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RepeatedNames {
    /// It is an error if such a column is read or asked for by name.
    #[default]
    Error,
    /// Further columns of the name `bytes` become `bytes.1`, `bytes.2` and so on, as in pandas; the number goes on where
    /// such a name is taken. A column without a name is called by its number, as in `column 3`.
    Numbered,
}

/// Which columns of a CSV file are read, and as what.
///
/// All that may be read in two ways is refused, with a message that names the setting which takes it.
///
/// | in the file | without a setting | setting |
/// |---|---|---|
/// | an empty number, `NaN`, `NA`, … | error | [`missing`](Self::missing), [`missing_texts`](Self::missing_texts) |
/// | `Infinity`, numbers above 3.4e38 | error | [`infinite`](Self::infinite) |
/// | `1,5` | error | [`decimal_comma`](Self::decimal_comma), [`delimiter`](Self::delimiter) |
/// | a first line that may be a row of numbers | error | [`header`](Self::header) |
/// | two columns of one name | error | [`repeated_names`](Self::repeated_names) |
/// | bytes that are not UTF-8 | error where they are read | [`encoding`](Self::encoding) |
/// | line breaks in quotes | error | [`quoted_line_breaks`](Self::quoted_line_breaks) |
/// | lines that end in carriage returns alone | error | [`carriage_returns`](Self::carriage_returns) |
/// | blanks around names and fields, a byte order mark, blank lines | taken off | |
///
/// Missing and infinite numbers stay what they are in the table, are counted ([`Table::gaps`](super::Table::gaps)), and
/// become values by the settings of [`TableEncoderConfig`](crate::encode::TableEncoderConfig), which keep what they learned
/// of the rows that were trained on.
///
/// ```
/// use std::path::Path;
///
/// use memae_data::sample::{ColumnKind, TableConfig};
///
/// let flows = "id,protocol,bytes,class\n1,tcp,120,good\n2,udp,80,bad\n3,tcp,100,good\n";
/// let table = TableConfig::default()
///     .with_label("class")
///     .with_categorical(["protocol"])
///     .with_ignored(["id"])
///     .with_others(ColumnKind::Numeric)
///     .decode(flows.as_bytes(), Path::new("flows.csv"))?;
/// assert_eq!(table.rows(), 3);
/// assert_eq!(table.columns()[1].name, "bytes");
/// assert_eq!(table.labels().unwrap().names(), ["good", "bad"]);
/// # Ok::<(), memae_data::sample::TableError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct TableConfig {
    /// Columns of numbers.
    pub numeric: Vec<ColumnId>,
    /// Columns of categories.
    pub categorical: Vec<ColumnId>,
    /// Columns that are not read.
    pub ignored: Vec<ColumnId>,
    /// The column of labels.
    pub label: Option<ColumnId>,
    /// What every other column is; ignored by default.
    pub others: ColumnKind,
    /// Where the names of columns come from; by default the first line, which must not look like a row of numbers.
    pub header: Header,
    /// What separates the fields of a row; a comma by default.
    pub delimiter: char,
    /// Whether numbers may be missing: empty fields and [`MISSING_TEXTS`](Self::MISSING_TEXTS); off by default. In columns
    /// of categories these are categories like all others.
    pub missing: bool,
    /// What else stands for a missing number, as `?` or `-`; nothing by default.
    pub missing_texts: Vec<String>,
    /// Whether numbers may be infinite, or larger in size than [`f32::MAX`]; off by default.
    pub infinite: bool,
    /// Whether numbers are written with a decimal comma, as in `1,5`; no number may have a point then. Off by default.
    pub decimal_comma: bool,
    /// What becomes of a name that several columns have; an error by default.
    pub repeated_names: RepeatedNames,
    /// How the bytes of the file make text; UTF-8 by default.
    pub encoding: TextEncoding,
    /// Whether fields in quotes may hold line breaks; each is read as a line feed. Off by default: a quote that is left
    /// open is found in its line.
    pub quoted_line_breaks: bool,
    /// Whether a carriage return ends a line by itself, as in files of old Macs; off by default.
    pub carriage_returns: bool,
    /// The most memory that the table may take, in bytes; 2³¹ (2 GiB) by default.
    pub max_bytes: u64,
}

impl Default for TableConfig {
    fn default() -> Self {
        Self {
            numeric: Vec::new(),
            categorical: Vec::new(),
            ignored: Vec::new(),
            label: None,
            others: ColumnKind::Ignored,
            header: Header::Checked,
            delimiter: ',',
            missing: false,
            missing_texts: Vec::new(),
            infinite: false,
            decimal_comma: false,
            repeated_names: RepeatedNames::Error,
            encoding: TextEncoding::Utf8,
            quoted_line_breaks: false,
            carriage_returns: false,
            max_bytes: 1 << 31,
        }
    }
}

impl TableConfig {
    /// What stands for a missing number, in capitals or not, beside an empty field.
    pub const MISSING_TEXTS: [&str; 15] = [
        "NaN", "-NaN", "NA", "N/A", "n.a.", "<NA>", "#N/A", "#N/A N/A", "#NA", "NULL", "None",
        "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN",
    ];

    /// Adds columns of numbers, by name or by number.
    pub fn with_numeric<C: Into<ColumnId>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.numeric.extend(columns.into_iter().map(Into::into));
        self
    }

    /// Adds columns of categories, by name or by number.
    pub fn with_categorical<C: Into<ColumnId>>(
        mut self,
        columns: impl IntoIterator<Item = C>,
    ) -> Self {
        self.categorical.extend(columns.into_iter().map(Into::into));
        self
    }

    /// Adds columns that are not read, by name or by number.
    pub fn with_ignored<C: Into<ColumnId>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.ignored.extend(columns.into_iter().map(Into::into));
        self
    }

    /// Sets the column of labels, by name or by number.
    pub fn with_label(mut self, column: impl Into<ColumnId>) -> Self {
        self.label = Some(column.into());
        self
    }

    /// Sets what every column is that is not named.
    pub fn with_others(mut self, kind: ColumnKind) -> Self {
        self.others = kind;
        self
    }

    /// Sets where the names of columns come from.
    pub fn with_header(mut self, header: Header) -> Self {
        self.header = header;
        self
    }

    /// Sets what separates the fields of a row.
    pub fn with_delimiter(mut self, delimiter: char) -> Self {
        self.delimiter = delimiter;
        self
    }

    /// Sets whether numbers may be missing.
    pub fn with_missing(mut self, missing: bool) -> Self {
        self.missing = missing;
        self
    }

    /// Adds texts that stand for a missing number, where numbers [may be missing](Self::missing).
    pub fn with_missing_texts<S: Into<String>>(
        mut self,
        texts: impl IntoIterator<Item = S>,
    ) -> Self {
        self.missing_texts.extend(texts.into_iter().map(Into::into));
        self
    }

    /// Sets whether numbers may be infinite.
    pub fn with_infinite(mut self, infinite: bool) -> Self {
        self.infinite = infinite;
        self
    }

    /// Sets whether numbers are written with a decimal comma.
    pub fn with_decimal_comma(mut self, decimal_comma: bool) -> Self {
        self.decimal_comma = decimal_comma;
        self
    }

    /// Sets what becomes of a name that several columns have.
    pub fn with_repeated_names(mut self, repeated_names: RepeatedNames) -> Self {
        self.repeated_names = repeated_names;
        self
    }

    /// Sets how the bytes of the file make text.
    pub fn with_encoding(mut self, encoding: TextEncoding) -> Self {
        self.encoding = encoding;
        self
    }

    /// Sets whether fields in quotes may hold line breaks.
    pub fn with_quoted_line_breaks(mut self, quoted_line_breaks: bool) -> Self {
        self.quoted_line_breaks = quoted_line_breaks;
        self
    }

    /// Sets whether a carriage return ends a line by itself.
    pub fn with_carriage_returns(mut self, carriage_returns: bool) -> Self {
        self.carriage_returns = carriage_returns;
        self
    }

    pub(super) fn rows(&self) -> RowsConfig {
        RowsConfig {
            delimiter: self.delimiter,
            encoding: self.encoding,
            quoted_line_breaks: self.quoted_line_breaks,
            carriage_returns: self.carriage_returns,
        }
    }

    /// Sets the most memory that the table may take, in bytes.
    pub fn with_max_bytes(mut self, max_bytes: u64) -> Self {
        self.max_bytes = max_bytes;
        self
    }
}
