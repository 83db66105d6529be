//! What runs found, in a file with a line for each.

mod file;
mod place;
mod record;

pub(crate) use file::Results;
pub use file::ResultsError;
pub(crate) use place::Place;
pub use record::Record;
