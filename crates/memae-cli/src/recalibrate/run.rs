//! The command.

use std::iter::repeat_n;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use memae::artefact::Provenance;
use memae::data::protocol::Calibration;
use memae::detect::{AnyDetector, DetectionThreshold};

use super::drift::report_drift;
use super::options::Options;
use super::pixels::{rate_of, recalibrated};
use super::samples::{grouping, groups_of, scored};
use crate::command_line::command;
use crate::exit::Outcome;
use crate::failure::Failure;
use crate::input::Distinct;
use crate::left_out::LeftOut;
use crate::output_file::check_output;
use crate::print::{line, note};
use crate::promise::promise;
use crate::shared::Shared;
use crate::train::{CALIBRATE, CALIBRATE_BY_FOLDS, FLAGGED, Groups};

pub(crate) fn run(options: &Options, shared: &Shared) -> Result<Outcome, Failure> {
    let device = shared.device()?;
    let out = options.out.as_ref().unwrap_or(&options.detector);
    let inputs: Vec<&PathBuf> = options.normal.iter().chain(&options.anomalous).collect();
    check_output(out, &inputs)?;
    let detector = AnyDetector::load(&options.detector, &device)?;
    let old = detector.detection_threshold().clone();
    let mut left_out = LeftOut::default();
    let (detector, counts) = match options.threshold {
        Some(value) => {
            let new = DetectionThreshold::given(value, old.typical()).ok_or_else(|| {
                Failure::Other(format!(
                    "--threshold: found {value}, expected a finite number"
                ))
            })?;
            (detector.with_threshold(new), Vec::new())
        }
        None if options.anomalous.is_empty() => {
            by_normal(options, shared, detector, &device, &mut left_out)?
        }
        None => by_labelled(options, detector, &device, &mut left_out)?,
    };
    let new = detector.detection_threshold().clone();
    let provenance = provenance(detector.provenance().clone(), counts);
    detector.with_provenance(provenance).save(out)?;
    line(format_args!(
        "threshold {:.4} -> {:.4}; {}",
        old.value(),
        new.value(),
        promise(&new)
    ))?;
    left_out.report(shared.quiet);
    Ok(Outcome {
        left_out: left_out.count() > 0,
        anomalies: false,
    })
}

/// Numbers of samples that a threshold comes from.
type Counts = Vec<(&'static str, usize)>;

/// By new normal samples alone: the threshold, and of pictures that of pixels.
fn by_normal(
    options: &Options,
    shared: &Shared,
    detector: AnyDetector,
    device: &Device,
    left_out: &mut LeftOut,
) -> Result<(AnyDetector, Counts), Failure> {
    let old = detector.detection_threshold().clone();
    let grouping = grouping(&detector, options.groups, &old)?;
    let mut distinct = Distinct::default();
    let mut counts = |file: &Path| distinct.is_new_of(file, false);
    let normal = scored(&detector, &options.normal, &mut counts, device, left_out)?;
    distinct.report(left_out);
    let groups = groups_of(&detector, &normal.files, grouping);
    if options.groups.is_none() && grouping == Groups::Folder && !shared.quiet {
        note("pictures of a folder belong together, as in the training; see --groups");
    }
    report_drift(&old, &normal.scores)?;
    let calibration = Calibration::in_groups(&normal.scores, &groups)?;
    let rate = options.rate.unwrap_or_else(|| rate_of(&old));
    let new = DetectionThreshold::held_out(calibration, rate)?;
    let detector = match detector.with_threshold(new) {
        AnyDetector::Image(images) => AnyDetector::Image(Box::new(recalibrated(
            *images,
            &normal.files,
            &groups,
            options.rate,
            device,
        )?)),
        detector => detector,
    };
    Ok((detector, vec![(CALIBRATE, normal.scores.len())]))
}

/// By normal and anomalous samples: the threshold of the best F1.
fn by_labelled(
    options: &Options,
    detector: AnyDetector,
    device: &Device,
    left_out: &mut LeftOut,
) -> Result<(AnyDetector, Counts), Failure> {
    let mut distinct = Distinct::default();
    let mut scored_as = |paths: &[PathBuf], label| {
        let mut counts = |file: &Path| distinct.is_new_of(file, label);
        scored(&detector, paths, &mut counts, device, left_out)
    };
    let normal = scored_as(&options.normal, false)?;
    let anomalous = scored_as(&options.anomalous, true)?;
    distinct.report(left_out);
    let counts = [normal.scores.len(), anomalous.scores.len()];
    let labels: Vec<bool> = repeat_n(false, counts[0])
        .chain(repeat_n(true, counts[1]))
        .collect();
    let scores = [normal.scores, anomalous.scores].concat();
    let new = DetectionThreshold::best_f1(&scores, &labels)?;
    let counts = vec![
        ("labelled normal", counts[0]),
        ("labelled anomalous", counts[1]),
    ];
    Ok((detector.with_threshold(new), counts))
}

/// Where the detector comes from now. What was said of the old threshold is no longer so.
fn provenance(mut old: Provenance, counts: Counts) -> Provenance {
    for part in [
        CALIBRATE,
        CALIBRATE_BY_FOLDS,
        "labelled normal",
        "labelled anomalous",
    ] {
        old.samples.remove(part);
    }
    old.figures.remove(FLAGGED);
    // After the training comes the last of these alone: each undoes the one before.
    let training = old.command.as_deref().unwrap_or_default();
    let training = training.split(AND).next().unwrap_or_default();
    let commands = match training.is_empty() {
        true => command(),
        false => format!("{training}{AND}{}", command()),
    };
    let provenance = old.with_command(commands);
    counts
        .into_iter()
        .fold(provenance, |provenance, (part, count)| {
            provenance.with_samples(part, count as u64)
        })
}

/// What stands between two commands.
const AND: &str = " && ";
