//! The file of a detector: a trained network with its settings and what was fitted, in one safetensors file that other
//! programs can open.
//!
//! Written and read by the detectors themselves, [`Detector`](crate::detect::Detector) and
//! [`VideoDetector`](crate::detect::VideoDetector).

mod error;
mod header;
pub(crate) mod number_as_text;
mod read;
mod replace_file;
mod write;

pub use error::ModelFileError;
pub(crate) use header::FittedState;
pub(crate) use read::load_model;
pub(crate) use read::{Loaded, read_model};
pub(crate) use replace_file::replace_file;
pub(crate) use write::save_model;
