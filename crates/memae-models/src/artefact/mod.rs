//! The file of a detector: a trained network with its settings and what was fitted, in one safetensors file that other
//! programs can open.
//!
//! Written and read by the detectors themselves, such as [`Detector`](crate::detect::Detector) and
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
mod saved_network;
#[cfg(feature = "files")]
mod write;

pub use error::ModelFileError;
pub(crate) use header::{DetectorParts, FittedState};
#[cfg(feature = "files")]
pub use load::file_settings;
#[cfg(feature = "files")]
pub(crate) use load::{kind_of_file, load_model};
pub use provenance::{MemoryReads, Provenance, Suspect};
pub(crate) use read::{Loaded, read_model};
pub(crate) use saved_network::SavedNetwork;
#[cfg(feature = "files")]
pub(crate) use write::save_model;
