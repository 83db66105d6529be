use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::column::{ColumnEncoding, EncodedColumn};
use super::config::{MAX_SIZE, UnknownCategory};
use super::error::TableEncoderError;
use super::writer::Writer;
use crate::sample::{Table, Vectors};

/// Makes rows of a table into vectors, as the rows that it was fitted on ask for.
///
/// Made by [`TableEncoderConfig::fit`](super::TableEncoderConfig::fit). A numeric column becomes one value, a categorical
/// one as many as its vocabulary has categories, of which the one of the row's category is 1 and all others are 0. Values
/// are in the order of the columns.
///
/// It can be serialised, to be kept beside the detector that was trained on its vectors; what comes back encodes to the
/// same bits.
///
/// ```
/// use std::path::Path;
///
/// use memae_data::encode::{TableEncoder, TableEncoderConfig};
/// use memae_data::sample::TableConfig;
///
/// let flows = "protocol,bytes\ntcp,120\nudp,80\ntcp,100\nudp,160\n";
/// let table = TableConfig::default()
///     .with_categorical(["protocol"])
///     .with_numeric(["bytes"])
///     .decode(flows.as_bytes(), Path::new("flows.csv"))?;
///
/// let encoder = TableEncoderConfig::default().fit(&table, &[0, 1, 2])?;
/// assert_eq!(encoder.output_names(), ["protocol=tcp", "protocol=udp", "bytes"]);
/// let vectors = encoder.encode(&table)?;
/// assert_eq!(vectors.row(2), [1.0, 0.0, 0.5]);
/// assert_eq!(vectors.row(3), [0.0, 1.0, 2.0]); // this row was not fitted on: it may leave [0, 1]
///
/// let saved = serde_json::to_string(&encoder)?;
/// assert_eq!(serde_json::from_str::<TableEncoder>(&saved)?, encoder);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "SavedEncoder")]
pub struct TableEncoder {
    columns: Vec<EncodedColumn>,
    #[serde(with = "super::number_as_text")]
    limit: f64,
    unknown: UnknownCategory,
}

impl TableEncoder {
    /// The most values that [`encode`](Self::encode) makes, 2³⁰ (4 GiB).
    pub const MAX_VALUES: usize = 1 << 30;

    /// The largest size of a value; what would be larger becomes this. Its square and sums of many such squares are
    /// still finite.
    pub const MAX_SIZE: f64 = MAX_SIZE;

    /// An encoder, if its parts can encode.
    pub(super) fn new(
        columns: Vec<EncodedColumn>,
        limit: f64,
        unknown: UnknownCategory,
    ) -> Result<Self, TableEncoderError> {
        // NaN is in no range.
        if !(1.0..=Self::MAX_SIZE).contains(&limit) {
            return Err(TableEncoderError::Clip { found: limit });
        }
        if columns.is_empty() {
            return Err(TableEncoderError::NoColumns);
        }
        columns.iter().try_for_each(EncodedColumn::check)?;
        Ok(Self {
            columns,
            limit,
            unknown,
        })
    }

    /// The columns that it was fitted on, in the order of the file.
    pub(super) fn columns(&self) -> &[EncodedColumn] {
        &self.columns
    }

    /// Values of a vector; at least 1.
    pub fn width(&self) -> usize {
        let widths = self.columns.iter().map(|column| column.encoding.width());
        widths.fold(0, usize::saturating_add)
    }

    /// What each value of a vector is, `[width]`: the name of a numeric column, or name and category as in
    /// `protocol=tcp`; the value that flags the gaps of `bytes` is `bytes=missing`.
    pub fn output_names(&self) -> Vec<String> {
        let names = self.columns.iter().flat_map(|column| {
            let name = &column.name;
            match &column.encoding {
                ColumnEncoding::Numeric(numeric) if numeric.width() == 2 => {
                    vec![name.clone(), format!("{name}=missing")]
                }
                ColumnEncoding::Numeric(_) => vec![name.clone()],
                ColumnEncoding::Categorical(vocabulary) => vocabulary
                    .iter()
                    .map(|category| format!("{name}={category}"))
                    .collect(),
            }
        });
        names.collect()
    }

    /// The values of a vector that each column becomes, in order: name and range below [`width`](Self::width).
    ///
    /// ```
    /// # use std::path::Path;
    /// # use memae_data::encode::TableEncoderConfig;
    /// # use memae_data::sample::TableConfig;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let reading = TableConfig::default().with_categorical(["protocol"]).with_numeric(["bytes"]);
    /// let table = reading.decode(&b"protocol,bytes\ntcp,10\nudp,30\n"[..], Path::new("flows.csv"))?;
    /// let encoder = TableEncoderConfig::default().fit(&table, &[0, 1])?;
    /// let columns: Vec<_> = encoder.column_ranges().collect();
    /// assert_eq!(columns, [("protocol", 0..2), ("bytes", 2..3)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn column_ranges(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        self.columns.iter().scan(0_usize, |end, column| {
            let start = *end;
            *end = start.saturating_add(column.encoding.width());
            Some((column.name.as_str(), start..*end))
        })
    }

    /// What missing numbers become in each numeric column where they are no error, before they are scaled: name and number.
    pub fn missing_numbers(&self) -> Vec<(&str, f64)> {
        let columns = self.columns.iter();
        let filled = columns.filter_map(|column| match &column.encoding {
            ColumnEncoding::Numeric(numeric) => {
                let number = numeric.fills().missing()?;
                Some((column.name.as_str(), number))
            }
            ColumnEncoding::Categorical(_) => None,
        });
        filled.collect()
    }

    /// All rows of a table as vectors, `[rows, width]`.
    ///
    /// # Errors
    ///
    /// The columns are not those that the encoder was fitted on; a category is not in its vocabulary, unless
    /// [`UnknownCategory::Zeros`] is set; a number is missing or infinite, unless it was set what it becomes; there would be more than [`MAX_VALUES`](Self::MAX_VALUES) values.
    pub fn encode(&self, table: &Table) -> Result<Vectors, TableEncoderError> {
        self.encode_each(table, table.rows(), 0..table.rows())
    }

    /// Some rows of a table as vectors, in the order of `rows`, `[rows, width]`.
    ///
    /// # Errors
    ///
    /// As [`encode`](Self::encode).
    ///
    /// # Panics
    ///
    /// A row is not below [`Table::rows`].
    pub fn encode_rows(&self, table: &Table, rows: &[usize]) -> Result<Vectors, TableEncoderError> {
        self.encode_each(table, rows.len(), rows.iter().copied())
    }

    fn encode_each(
        &self,
        table: &Table,
        count: usize,
        rows: impl Iterator<Item = usize>,
    ) -> Result<Vectors, TableEncoderError> {
        let writers = self.writers(table)?;
        let width = self.width();
        let size = count.checked_mul(width);
        let Some(size) = size.filter(|&size| size <= Self::MAX_VALUES) else {
            return Err(TableEncoderError::TooLarge {
                path: table.path().to_path_buf(),
                rows: count,
                width,
                max_values: Self::MAX_VALUES,
            });
        };
        let mut values = vec![0.0; size];
        for (row, mut rest) in rows.zip(values.chunks_exact_mut(width)) {
            for writer in &writers {
                let (own, others) = rest.split_at_mut(writer.width());
                writer.write(row, self.limit, self.unknown, own)?;
                rest = others;
            }
        }
        Ok(Vectors::from_checked(width, values))
    }

    /// One writer for each column of `table`, whose columns must be those that were fitted.
    fn writers<'a>(&'a self, table: &'a Table) -> Result<Vec<Writer<'a>>, TableEncoderError> {
        let columns = table.columns();
        if columns.len() != self.columns.len() {
            return Err(TableEncoderError::ColumnCount {
                path: table.path().to_path_buf(),
                found: columns.len(),
                expected: self.columns.len(),
            });
        }
        let pairs = self.columns.iter().zip(columns);
        pairs
            .map(|(fitted, column)| Writer::new(fitted, table, column))
            .collect()
    }
}

/// An encoder from outside, not checked yet.
#[derive(Deserialize)]
struct SavedEncoder {
    columns: Vec<EncodedColumn>,
    #[serde(with = "super::number_as_text")]
    limit: f64,
    unknown: UnknownCategory,
}

impl TryFrom<SavedEncoder> for TableEncoder {
    type Error = TableEncoderError;

    fn try_from(saved: SavedEncoder) -> Result<Self, Self::Error> {
        Self::new(saved.columns, saved.limit, saved.unknown)
    }
}
