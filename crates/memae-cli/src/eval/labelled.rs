//! Samples of which it is known whether they are anomalous.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use memae::data::dataset::ImageFolderFiles;
use memae::data::format::shown;
use memae::detect::AnyDetector;

use crate::failure::Failure;
use crate::left_out::LeftOut;
use crate::score::{Found, Scored, Sink, nothing_scored, score_paths};

/// Samples of which it is known whether they are anomalous, and what was left out.
#[derive(Default)]
pub(super) struct Labelled {
    pub(super) samples: Vec<Scored>,
    pub(super) anomalous: Vec<bool>,
    pub(super) left_out: LeftOut,
}

impl Labelled {
    pub(super) fn scores(&self) -> Vec<f64> {
        self.samples
            .iter()
            .map(|sample| sample.verdict.score)
            .collect()
    }
}

pub(super) fn scored(
    detector: &AnyDetector,
    normal: &[PathBuf],
    anomalous: &[PathBuf],
    device: &Device,
) -> Result<Labelled, Failure> {
    let mut all = Labelled::default();
    for (paths, label) in [(normal, false), (anomalous, true)] {
        let sink: Sink<'_> = &mut |found| {
            match found {
                Found::Scored(sample) => {
                    all.samples.push(sample);
                    all.anomalous.push(label);
                }
                Found::LeftOut(file) => all.left_out.add(file.reason),
            }
            Ok(())
        };
        score_paths(detector, paths, device, sink)?;
    }
    match all.samples.is_empty() {
        true => Err(nothing_scored(&all.left_out)),
        false => Ok(all),
    }
}

/// Normal and anomalous test pictures of a folder: those of the class that was trained on, and all others.
pub(super) fn sets(folder: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Failure> {
    let found = ImageFolderFiles::find(folder)?;
    let trained_on: Vec<&str> = found
        .train
        .iter()
        .map(|class| class.name.as_str())
        .collect();
    let (normal, anomalous): (Vec<_>, Vec<_>) = found
        .test
        .iter()
        .partition(|class| trained_on.contains(&class.name.as_str()));
    if normal.is_empty() || anomalous.is_empty() {
        return Err(Failure::Other(format!(
            "{}: found no test pictures of both kinds, expected `test` with the class of `train` and at least one other",
            shown(folder)
        )));
    }
    let files = |classes: Vec<&memae::data::dataset::ClassFiles>| {
        let files = classes
            .into_iter()
            .flat_map(|class| class.files.iter().cloned());
        files.collect()
    };
    Ok((files(normal), files(anomalous)))
}
