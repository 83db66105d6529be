//! The runs that a table is made of.

pub mod cell;
mod cells;
mod images;
mod sweeps;
mod vectors;
mod video;

pub use cells::{ClassError, RECOMMENDED, Selection, cells};
