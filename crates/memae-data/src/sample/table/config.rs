use std::fmt;

use serde::{Deserialize, Serialize};

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
pub enum Header {
    /// From the first line.
    #[default]
    FirstLine,
    /// From here: the first line is a row, and each row has as many columns as there are names.
    Names(Vec<String>),
    /// From nowhere: the first line is a row, and columns are called `column 1`, `column 2` and so on.
    Absent,
}

/// Which columns of a CSV file are read, and as what.
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
#[serde(default)]
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
    /// Where the names of columns come from; the first line by default.
    pub header: Header,
    /// What separates the fields of a row; a comma by default.
    pub delimiter: char,
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
            header: Header::FirstLine,
            delimiter: ',',
            max_bytes: 1 << 31,
        }
    }
}

impl TableConfig {
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

    /// Sets the most memory that the table may take, in bytes.
    pub fn with_max_bytes(mut self, max_bytes: u64) -> Self {
        self.max_bytes = max_bytes;
        self
    }
}
