//! The runs that a table is made of.

mod cell;
mod cells;
mod error;
mod images;
mod recipe;
mod selection;
mod sweeps;
mod table_plan;
mod vectors;
mod video;

pub(crate) use cell::Work;
pub use cell::{Cell, Setting};
pub use error::PlanError;
pub(crate) use recipe::RECOMMENDED;
pub use selection::{ClassError, Selection};
pub use table_plan::Plan;
