//! The paper's tables: every method on every class with several seeds, pages with tables and pictures.
//!
//! A [`Plan`] has the runs of a [`Table`]; [`run_cell`] makes one of them and gives its [`Record`]; a [`TableRun`] makes all
//! that are not there yet, side by side, and writes the page.
//!
//! The folders are the steps: `plan` says which runs there are, `work` trains or fits and judges the scores, `results` keeps
//! what was found, `table` takes means and puts them in rows and columns, `page` writes them with pictures.

mod data;
mod error;
mod page;
mod paper;
mod plan;
mod results;
mod run;
mod schedule;
mod table;
mod work;

pub use data::DataError;
pub use error::TableError;
pub use paper::Table;
pub use plan::{Cell, ClassError, Plan, PlanError, Selection, Setting};
pub use results::{Record, ResultsError};
pub use run::{TableRun, run_cell};
pub use schedule::RunError;
