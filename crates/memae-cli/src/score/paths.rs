//! Scores of all that lies at some paths.

use std::path::PathBuf;

use burn::tensor::Device;
use memae::detect::AnyDetector;

use super::found::Sink;
use super::{files, pictures};
use crate::failure::Failure;

/// Scores all that lies at some paths; what cannot be scored goes to `sink` with the reason, and the rest goes on.
pub(crate) fn score_paths(
    detector: &AnyDetector,
    paths: &[PathBuf],
    device: &Device,
    sink: Sink<'_>,
) -> Result<(), Failure> {
    match detector {
        AnyDetector::Image(detector) => pictures::score(detector, paths, device, sink),
        detector => files::score(detector, paths, device, sink),
    }
}
