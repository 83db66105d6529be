//! The file of a detector: a trained network with its settings, and what was fitted.

mod file;

pub use file::ModelFileError;
pub(crate) use file::{FittedState, Loaded, SavedFitted, load_model, save_model};
