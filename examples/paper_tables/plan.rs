//! The runs that a table is made of.

mod images;
mod sweeps;
mod vectors;
mod video;

use crate::cell::Cell;
use crate::data::Data;
use crate::table::Table;

/// What the setting that memae recommends is called in tables.
pub const RECOMMENDED: &str = "MemAE, recommended";

/// Which part of a table is wanted.
#[derive(Debug, Clone)]
pub struct Selection {
    /// Seeds 0, 1, …
    pub seeds: u64,
    /// Names of normal classes; `None` for those that the table has by itself.
    pub classes: Option<Vec<String>>,
    /// Passes over the training samples; `None` for the number that belongs to each method.
    pub epochs: Option<usize>,
}

/// A class that does not exist.
#[derive(Debug, thiserror::Error)]
#[error("--classes: found {found}, expected some of {}", classes.join(", "))]
pub struct UnknownClass {
    found: String,
    classes: Vec<String>,
}

/// The runs of a table, one seed after the other, so that a table can be looked at before it is whole.
pub fn cells(table: Table, data: &Data, selection: &Selection) -> Result<Vec<Cell>, UnknownClass> {
    match data {
        Data::Images { classes, .. } => {
            let classes = selection.of(table, classes)?;
            Ok(match table {
                Table::Ablation => sweeps::ablation(&classes, selection),
                Table::MemorySize => sweeps::memory_size(&classes, selection),
                _ => images::cells(table, &classes, selection),
            })
        }
        Data::Connections(_) => Ok(vectors::cells(selection)),
        Data::Videos(_) => Ok(video::cells(selection)),
    }
}

impl Selection {
    /// Label and name of the classes that are to be normal.
    fn of(
        &self,
        table: Table,
        classes: &[(u8, String)],
    ) -> Result<Vec<(u8, String)>, UnknownClass> {
        let names: Vec<&str> = match (&self.classes, table) {
            (Some(names), _) => names.iter().map(String::as_str).collect(),
            // The digit of the examples, and the one that all methods find hardest but 8.
            (None, Table::Ablation | Table::MemorySize) => vec!["9", "2"],
            (None, _) => return Ok(classes.to_vec()),
        };
        let find = |name: &str| classes.iter().find(|(_, other)| other == name).cloned();
        names
            .into_iter()
            .map(|name| {
                find(name).ok_or_else(|| UnknownClass {
                    found: name.to_string(),
                    classes: classes.iter().map(|(_, name)| name.clone()).collect(),
                })
            })
            .collect()
    }
}
