use std::path::Path;

use memae_data::dataset::Kddcup99;
use memae_data::encode::{InfiniteNumber, MissingNumber, TableEncoderConfig};
use memae_data::sample::{ColumnKind, TableConfig};

use crate::file::in_file;

/// Settings as JSON on the first line, the table below it.
pub fn table(bytes: &[u8]) {
    let Some(end) = bytes.iter().position(|&byte| byte == b'\n') else {
        return;
    };
    let (settings, table) = bytes.split_at(end);
    let config: TableConfig = match serde_json::from_slice(settings) {
        Ok(config) => config,
        Err(_) => TableConfig::default().with_others(ColumnKind::Numeric),
    };
    let Ok(table) = config.decode(&table[1..], Path::new("table.csv")) else {
        return;
    };
    // What a table was fitted to can be encoded, and has no NaN then.
    let rows: Vec<usize> = (0..table.rows()).collect();
    let config = TableEncoderConfig::default()
        .with_missing(MissingNumber::Median)
        .with_infinite(InfiniteNumber::Extreme)
        .with_gap_flags(true);
    if let Ok(encoder) = config.fit(&table, &rows) {
        let encoded = encoder.encode(&table);
        assert!(encoded.is_ok(), "{encoded:?}");
    }
}

pub fn kddcup99(bytes: &[u8]) {
    let _ = in_file("kddcup.data", bytes, |path| Kddcup99::from_file(path));
}
