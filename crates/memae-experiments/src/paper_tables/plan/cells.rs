use super::cell::Cell;
use super::selection::{ClassError, Selection};
use super::{images, sweeps, vectors, video};
use crate::paper_tables::data::Data;
use crate::paper_tables::paper::Table;

/// The runs of a table, one seed after the other, so that a table can be looked at before it is whole.
pub(super) fn cells(
    table: Table,
    data: &Data,
    selection: &Selection,
) -> Result<Vec<Cell>, ClassError> {
    match data {
        Data::Images { classes, .. } => {
            let classes = selection.of(table, classes)?;
            Ok(match table {
                Table::Ablation => sweeps::ablation(&classes, selection),
                Table::MemorySize => sweeps::memory_size(&classes, selection),
                _ => images::cells(table, &classes, selection),
            })
        }
        _ if selection.classes.is_some() => Err(ClassError::NoClasses { table }),
        Data::Connections(_) => Ok(vectors::cells(selection)),
        Data::Videos { .. } => Ok(video::cells(selection)),
    }
}
