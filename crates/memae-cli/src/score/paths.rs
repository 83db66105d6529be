//! Scores of all that lies at some paths.

use std::path::PathBuf;

use burn::tensor::Device;
use memae::detect::AnyDetector;

use super::found::{Counts, Found, Sink};
use super::{files, pictures};
use crate::failure::Failure;
use crate::input::InputKind;
use crate::left_out::LeftOutFile;

/// Scores all that lies at some paths; each file only if it `counts`; what cannot be scored goes to `sink` with
/// the reason, and the rest goes on.
pub(crate) fn score_paths(
    detector: &AnyDetector,
    paths: &[PathBuf],
    device: &Device,
    counts: Counts<'_>,
    sink: Sink<'_>,
) -> Result<(), Failure> {
    let kind = InputKind::of(detector);
    let mut scored = Vec::with_capacity(paths.len());
    for path in paths {
        match kind.refuses(path) {
            Some(reason) => sink(Found::LeftOut(LeftOutFile {
                path: path.clone(),
                reason,
            }))?,
            None => scored.push(path.clone()),
        }
    }
    let paths = &scored[..];
    match detector {
        AnyDetector::Image(detector) => pictures::score(detector, paths, device, counts, sink),
        detector => files::score(detector, paths, device, counts, sink),
    }
}
