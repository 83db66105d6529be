//! The file of a detector: a trained network with its settings and what was fitted, in one safetensors file that other
//! programs can open.
//!
//! Written and read by the detectors themselves, [`Detector`](crate::detect::Detector) and
//! [`VideoDetector`](crate::detect::VideoDetector).

mod error;
mod header;
#[cfg(feature = "files")]
mod limits;
#[cfg(feature = "files")]
mod load;
pub(crate) mod number_as_text;
mod provenance;
mod read;
#[cfg(feature = "files")]
mod write;

pub use error::ModelFileError;
#[cfg(feature = "files")]
pub(crate) use header::DetectorParts;
pub(crate) use header::FittedState;
#[cfg(feature = "files")]
pub use load::file_settings;
#[cfg(feature = "files")]
pub(crate) use load::{kind_of_file, load_model};
pub use provenance::{MemoryReads, Provenance, Suspect};
pub(crate) use read::{Loaded, read_model};
#[cfg(feature = "files")]
pub(crate) use write::save_model;
