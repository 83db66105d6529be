use std::path::Path;

use super::cell::Cell;
use super::cells::cells;
use super::error::PlanError;
use super::selection::Selection;
use crate::paper_tables::data::Data;
use crate::paper_tables::paper::Table;

/// A table that is to be made: its data and its runs.
///
/// ```
/// use memae_experiments::paper_tables::{Plan, Selection, Table};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let selection = Selection { seeds: 2, classes: None, epochs: None };
/// let plan = Plan::open(Table::Video, None, selection)?;
/// assert_eq!(plan.name(), "video-on-embedded-walkway");
/// assert_eq!(plan.cell("MemAE/1")?.seed, 1);
/// assert!(plan.cell("MemAE/2").is_err());
///
/// let endless = Selection { seeds: u64::MAX, classes: None, epochs: None };
/// let error = Plan::open(Table::Video, None, endless).err().expect("too many");
/// assert_eq!(error.to_string(), "seeds: found 18446744073709551615, expected 1 to 1000");
/// # Ok(())
/// # }
/// ```
pub struct Plan {
    pub(crate) table: Table,
    pub(crate) data: Data,
    pub(crate) selection: Selection,
    pub(crate) cells: Vec<Cell>,
    name: String,
}

impl Plan {
    /// Reads the data of a table and says what its runs are.
    ///
    /// `path`: file or folder of the data set; the tables of digits and videos have embedded data too.
    ///
    /// # Errors
    ///
    /// No seeds or too many; the data can't be read, or there is none of such a table; classes that the data set has not.
    pub fn open(
        table: Table,
        path: Option<&Path>,
        selection: Selection,
    ) -> Result<Self, PlanError> {
        if !(1..=Selection::MAX_SEEDS).contains(&selection.seeds) {
            return Err(PlanError::Seeds {
                found: selection.seeds,
                most: Selection::MAX_SEEDS,
            });
        }
        let data = Data::open(table, path)?;
        let cells = cells(table, &data, &selection)?;
        let name = match path {
            Some(_) => table.to_string(),
            None => format!("{table} on {}", data.name()).replace(' ', "-"),
        };
        Ok(Self {
            table,
            data,
            selection,
            cells,
            name,
        })
    }

    /// What results and page are called: by the table, and by the data set if it is another one than
    /// the table's own.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The run that is called so.
    ///
    /// # Errors
    ///
    /// The table has none of that name.
    pub fn cell(&self, id: &str) -> Result<&Cell, PlanError> {
        let cell = self.cells.iter().find(|cell| cell.id() == id);
        cell.ok_or_else(|| PlanError::UnknownRun {
            found: id.to_string(),
            example: self.cells.first().map(Cell::id).unwrap_or_default(),
        })
    }
}
