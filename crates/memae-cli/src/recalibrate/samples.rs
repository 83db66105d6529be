//! Samples that a threshold is chosen by.

use std::path::PathBuf;

use burn::tensor::Device;
use memae::detect::{AnyDetector, DetectionThreshold};

use crate::failure::Failure;
use crate::input::InputKind;
use crate::left_out::LeftOut;
use crate::score::{Counts, Found, nothing_scored, score_paths};
use crate::train::{Groups, by_folder};

/// Scores of samples, with the file of each.
pub(super) struct Samples {
    pub(super) scores: Vec<f64>,
    pub(super) files: Vec<PathBuf>,
}

pub(super) fn scored(
    detector: &AnyDetector,
    paths: &[PathBuf],
    counts: Counts<'_>,
    device: &Device,
    left_out: &mut LeftOut,
) -> Result<Samples, Failure> {
    let mut samples = Samples {
        scores: Vec::new(),
        files: Vec::new(),
    };
    score_paths(detector, paths, device, counts, &mut |found| {
        match found {
            Found::Scored(sample) => {
                samples.scores.push(sample.verdict.score);
                samples.files.push(sample.path);
            }
            Found::LeftOut(file) => left_out.add(file.reason),
            Found::Gap(gap) => left_out.add_gap(&gap),
            Found::PassedOver(what) => left_out.pass_over(what),
            Found::Remark(text) => left_out.remark(text),
        }
        Ok(())
    })?;
    match samples.scores.is_empty() {
        true => Err(nothing_scored(paths, InputKind::of(detector), left_out)),
        false => Ok(samples),
    }
}

/// What belongs together: as was said, or as in the training, which the old threshold tells.
pub(super) fn grouping(
    detector: &AnyDetector,
    said: Option<Groups>,
    old: &DetectionThreshold,
) -> Result<Groups, Failure> {
    let is_image = matches!(detector, AnyDetector::Image(_));
    match (said, old.calibration()) {
        (Some(_), _) if !is_image => Err(Failure::Other(format!(
            "--groups: found a detector of kind {}, expected one of pictures",
            detector.kind()
        ))),
        (Some(groups), _) => Ok(groups),
        (None, Some(calibration))
            if is_image && calibration.num_groups() < calibration.num_scores() =>
        {
            Ok(Groups::Folder)
        }
        _ => Ok(Groups::Single),
    }
}

/// The group of each sample: frames of a video belong together, rows do not.
pub(super) fn groups_of(detector: &AnyDetector, files: &[PathBuf], groups: Groups) -> Vec<usize> {
    match (detector, groups) {
        (AnyDetector::Video(_) | AnyDetector::Motion(_) | AnyDetector::Joint(_), _) => {
            let mut group = 0;
            let numbers = (0..files.len()).map(|index| {
                group += usize::from(index > 0 && files[index] != files[index - 1]);
                group
            });
            numbers.collect()
        }
        (AnyDetector::Image(_), Groups::Folder) => by_folder(files),
        _ => (0..files.len()).collect(),
    }
}
