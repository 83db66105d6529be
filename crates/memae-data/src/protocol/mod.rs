//! How data is divided into what is trained on and what is tested.
//!
//! What comes in is labelled images or a table, and which class is normal. What goes out is what to train on, what to test
//! and what of it is anomalous.

mod calibration;
mod error;
mod folds;
mod one_class;
mod parts;
mod split;
mod table_one_class;
mod whole_groups;

pub use calibration::{CalibratedThreshold, Calibration, CalibrationError, Promise, quantile};
pub use error::ProtocolError;
pub use folds::{Folds, FoldsConfig};
pub use one_class::{OneClass, OneClassConfig, Split};
pub use parts::{NormalParts, NormalPartsConfig};
pub use split::{holdout, permutation};
pub use table_one_class::{NormalLabels, TableOneClass, TableOneClassConfig, TableVectors};
