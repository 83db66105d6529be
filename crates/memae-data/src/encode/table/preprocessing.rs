use serde::{Deserialize, Serialize};

use super::column::ColumnEncoding;
use super::encoder::TableEncoder;
use crate::sample::{ColumnId, ColumnKind, Header, RepeatedNames, TableConfig};

/// The whole way from a table's text to vectors, as one value: what a detector keeps, so that another table goes the same way.
///
/// What belongs to the table that was trained on or to one machine is not part of it: its labels, the columns that are not read, and
/// how much memory it may take. Other tables need not have those columns; whether they have them or others makes no difference.
///
/// ```
/// use std::path::Path;
///
/// use memae_data::encode::{TableEncoderConfig, TablePreprocessing};
/// use memae_data::sample::TableConfig;
///
/// let reading = TableConfig::default()
///     .with_numeric(["bytes"])
///     .with_ignored(["id"])
///     .with_label("class");
/// let flows = "id,bytes,class\n1,120,good\n2,80,good\n";
/// let table = reading.decode(flows.as_bytes(), Path::new("flows.csv"))?;
/// let encoder = TableEncoderConfig::default().fit(&table, &[0, 1])?;
/// let preprocessing = TablePreprocessing::new(reading, encoder);
///
/// let new = preprocessing.reading.decode(&b"bytes\n100\n"[..], Path::new("new.csv"))?;
/// assert_eq!(preprocessing.encoder.encode(&new)?.row(0), [0.5]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "SavedPreprocessing")]
#[non_exhaustive]
pub struct TablePreprocessing {
    /// How tables are read.
    pub reading: TableConfig,
    /// How their rows are encoded, fitted on training rows.
    pub encoder: TableEncoder,
}

impl TablePreprocessing {
    /// Tables that are read and encoded in this way, as far as other tables need it.
    ///
    /// Where all columns are read that are not named ([`TableConfig::others`]), those that were fitted on are named instead; but columns
    /// that are not read stay in the settings, and must be there, where one of them is known by its number alone and names may repeat.
    /// Tables without a line of names have their columns at the same places.
    pub fn new(reading: TableConfig, encoder: TableEncoder) -> Self {
        Self {
            reading: for_others(reading, &encoder),
            encoder,
        }
    }
}

fn for_others(reading: TableConfig, encoder: &TableEncoder) -> TableConfig {
    let unread = reading.ignored.into_iter().chain(reading.label);
    let unread: Vec<ColumnId> = unread.collect();
    let reading = TableConfig {
        ignored: Vec::new(),
        label: None,
        header: match reading.header {
            // The names are compared with those that were fitted, so that no row passes for them.
            Header::Checked => Header::FirstLine,
            header => header,
        },
        max_bytes: TableConfig::default().max_bytes,
        ..reading
    };
    if reading.others == ColumnKind::Ignored {
        return reading;
    }
    let is_number = |column: &ColumnId| matches!(column, ColumnId::Number(_));
    // What was read of all columns is asked for by name, unless such a name may be that of a column that is not read.
    if unread.iter().any(is_number) && reading.repeated_names == RepeatedNames::Error {
        return TableConfig {
            ignored: unread,
            ..reading
        };
    }
    let of_kind = |is_numeric: bool| -> Vec<ColumnId> {
        let columns = encoder
            .columns()
            .iter()
            .filter(|column| matches!(column.encoding, ColumnEncoding::Numeric(_)) == is_numeric);
        columns.map(|column| column.name.as_str().into()).collect()
    };
    TableConfig {
        numeric: of_kind(true),
        categorical: of_kind(false),
        others: ColumnKind::Ignored,
        ..reading
    }
}

/// [`TablePreprocessing`] from outside: files may hold more of the table that was trained on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedPreprocessing {
    reading: TableConfig,
    encoder: TableEncoder,
}

impl From<SavedPreprocessing> for TablePreprocessing {
    fn from(saved: SavedPreprocessing) -> Self {
        Self::new(saved.reading, saved.encoder)
    }
}
