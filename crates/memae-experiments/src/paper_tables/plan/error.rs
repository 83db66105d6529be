use super::selection::ClassError;
use crate::paper_tables::data::DataError;

/// Why a table has no plan, or a plan no such run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The data set.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The normal classes.
    #[error(transparent)]
    Class(#[from] ClassError),
    /// Too many seeds, or none.
    #[error("seeds: found {found}, expected 1 to {most}")]
    Seeds {
        /// Seeds asked for.
        found: u64,
        /// The most seeds.
        most: u64,
    },
    /// A run that the table does not have.
    #[error("--run: found {found}, expected one of the table's runs, such as {example}")]
    UnknownRun {
        /// The name found.
        found: String,
        /// The name of a run.
        example: String,
    },
}
