//! Detectors without a network, to set beside MemAE on the same rows.
//!
//! Each is fitted on normal training rows and gives test rows an anomaly score; higher is more anomalous. The same rows
//! and the same seed give the same scores, on any number of threads.

mod baseline;
mod distances;
mod error;
mod neighbors;
mod one_class_svm;
mod pca;
mod rows;
mod sample;
#[cfg(test)]
mod tests;

pub use baseline::Baseline;
pub use error::BaselineError;
pub use neighbors::Neighbors;
pub use one_class_svm::OneClassSvm;
pub use pca::Pca;
pub use rows::Rows;
