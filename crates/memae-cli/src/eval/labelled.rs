//! Samples of which it is known whether they are anomalous.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use memae::data::dataset::{ClassFiles, ImageFolderFiles};
use memae::data::format::shown;
use memae::detect::AnyDetector;

use crate::failure::Failure;
use crate::input::{Distinct, InputKind};
use crate::left_out::{LeftOut, LeftOutFile, PassedOverIn};
use crate::progress::Progress;
use crate::score::{Found, Scored, Sink, nothing_scored, score_paths};

/// Samples of which it is known whether they are anomalous, and what was left out.
#[derive(Default)]
pub(super) struct Labelled {
    pub(super) samples: Vec<Scored>,
    pub(super) anomalous: Vec<bool>,
    pub(super) left_out: LeftOut,
    /// All that was left out.
    pub(super) left_out_files: Vec<LeftOutFile>,
}

impl Labelled {
    fn leave_out(&mut self, file: LeftOutFile) {
        self.left_out.add(file.reason.as_str());
        self.left_out_files.push(file);
    }

    pub(super) fn scores(&self) -> Vec<f64> {
        self.samples
            .iter()
            .map(|sample| sample.verdict.score)
            .collect()
    }
}

pub(super) fn scored(
    detector: &AnyDetector,
    sets: Sets,
    device: &Device,
    progress: &Progress,
) -> Result<Labelled, Failure> {
    let mut all = Labelled::default();
    for file in sets.left_out {
        all.leave_out(file);
    }
    if let Some(passed_over) = sets.passed_over {
        all.left_out.pass_over(passed_over);
    }
    let kind = InputKind::of(detector);
    let mut distinct = Distinct::default();
    for (paths, label) in [(&sets.normal, false), (&sets.anomalous, true)] {
        let before = all.samples.len();
        let sink: Sink<'_> = &mut |found| {
            match found {
                Found::Scored(sample) => {
                    progress.add_one();
                    all.samples.push(sample);
                    all.anomalous.push(label);
                }
                Found::LeftOut(file) => all.leave_out(file),
                Found::Gap(gap) if gap.has_left_out() => all.leave_out(LeftOutFile {
                    reason: gap.to_string(),
                    path: gap.path,
                }),
                Found::Gap(gap) => all.left_out.add_gap(&gap),
                Found::PassedOver(what) => all.left_out.pass_over(what),
                Found::Remark(text) => all.left_out.remark(text),
            }
            Ok(())
        };
        let mut counts = |file: &Path| distinct.is_new_of(file, label);
        score_paths(detector, paths, device, &mut counts, sink)?;
        if all.samples.len() == before {
            return Err(nothing_scored(paths, kind, &all.left_out));
        }
    }
    distinct.report(&mut all.left_out);
    Ok(all)
}

/// What is to be scored, and what of it can't be read.
#[derive(Default)]
pub(super) struct Sets {
    pub(super) normal: Vec<PathBuf>,
    pub(super) anomalous: Vec<PathBuf>,
    pub(super) left_out: Vec<LeftOutFile>,
    pub(super) passed_over: Option<PassedOverIn>,
}

/// Names of the class of normal test pictures where there are no training pictures to tell it by.
const NORMAL: [&str; 2] = ["good", "normal"];

/// Normal and anomalous test pictures of a folder: those of the class that was trained on, and all others; of a folder without
/// training pictures those of `good` or `normal`, and all others.
pub(super) fn sets_of(folder: &Path) -> Result<Sets, Failure> {
    let (found, is_alone) = match test_set_alone(folder) {
        Some(test) => (ImageFolderFiles::find_readable(test)?, true),
        None => (ImageFolderFiles::find_readable(folder)?, false),
    };
    let (classes, normal): (&[ClassFiles], Vec<&str>) = match is_alone {
        true => (&found.train, NORMAL.to_vec()),
        false => {
            let trained_on = found.train.iter().map(|class| class.name.as_str());
            (&found.test, trained_on.collect())
        }
    };
    let mut sets = Sets::default();
    for class in classes {
        let is_normal = normal.iter().any(|name| match is_alone {
            true => class.name.eq_ignore_ascii_case(name),
            false => class.name == *name,
        });
        match is_normal {
            true => sets.normal.extend(class.files.iter().cloned()),
            false => sets.anomalous.extend(class.files.iter().cloned()),
        }
    }
    if sets.normal.is_empty() || sets.anomalous.is_empty() {
        return Err(Failure::Other(format!(
            "{}: found no test pictures of both kinds, expected `test` with the class of `train`, or with `good` or `normal`, and at \
             least one other",
            shown(folder)
        )));
    }
    // What of the training can't be read is no part of the test.
    let left_out = found.left_out.into_iter();
    let left_out = left_out.filter(|file| is_alone || !is_of_training(folder, &file.path));
    sets.left_out = left_out
        .map(|file| LeftOutFile {
            path: file.path,
            reason: file.reason,
        })
        .collect();
    sets.passed_over = (!found.passed_over.is_empty()).then(|| PassedOverIn {
        folder: folder.to_path_buf(),
        what: found.passed_over,
    });
    Ok(sets)
}

fn is_of_training(folder: &Path, path: &Path) -> bool {
    let within = path.strip_prefix(folder).ok();
    let first = within.and_then(|within| within.components().next());
    first.is_some_and(|first| is_training(first.as_os_str()))
}

fn is_training(name: &OsStr) -> bool {
    name.eq_ignore_ascii_case("train") || name.eq_ignore_ascii_case("training")
}

/// The test pictures of a folder that has no training pictures.
fn test_set_alone(folder: &Path) -> Option<PathBuf> {
    let entries = folder.read_dir().ok()?;
    let folders = entries.filter_map(|entry| Some(entry.ok()?.path()).filter(|path| path.is_dir()));
    let (mut training, mut test) = (false, Vec::new());
    for path in folders {
        let name = path.file_name().unwrap_or_default();
        training |= is_training(name);
        if name.eq_ignore_ascii_case("test") || name.eq_ignore_ascii_case("testing") {
            test.push(path);
        }
    }
    match &test[..] {
        [test] if !training => Some(test.clone()),
        _ => None,
    }
}
