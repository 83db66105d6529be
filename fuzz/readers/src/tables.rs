use std::path::Path;

use memae_data::dataset::Kddcup99;
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
    let _ = config.decode(&table[1..], Path::new("table.csv"));
}

pub fn kddcup99(bytes: &[u8]) {
    let _ = in_file("kddcup.data", bytes, |path| Kddcup99::from_file(path));
}
