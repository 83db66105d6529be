//! `memae eval`: how well a detector tells normal from anomalous.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use clap::Args;
use memae::data::dataset::ImageFolderFiles;
use memae::data::format::shown;
use memae::data::metrics::{
    Detection, average_precision, detection_at_best_f1, detection_at_threshold, roc_auc,
};
use memae::detect::{AnyDetector, Verdict};

use crate::arguments::Shared;
use crate::exit::Outcome;
use crate::failure::Failure;
use crate::left_out::LeftOut;
use crate::print::line;
use crate::score::{Found, Sink, nothing_scored, score_paths};
use crate::train::promise;

#[derive(Args)]
pub(crate) struct Options {
    /// The detector's file
    #[arg(value_name = "DETECTOR")]
    detector: PathBuf,
    /// A folder with `test/good` and other folders in `test`, as those of MVTec AD
    #[arg(value_name = "DIR", required_unless_present_all = ["normal", "anomalous"], conflicts_with_all = ["normal", "anomalous"])]
    folder: Option<PathBuf>,
    /// What is normal; it was not trained on
    #[arg(long, value_name = "PATH", num_args = 1.., requires = "anomalous")]
    normal: Vec<PathBuf>,
    /// What is anomalous
    #[arg(long, value_name = "PATH", num_args = 1.., requires = "normal")]
    anomalous: Vec<PathBuf>,
    /// One JSON object instead of lines
    #[arg(long)]
    json: bool,
}

/// Verdicts on samples of which it is known whether they are anomalous.
struct Labelled {
    verdicts: Vec<Verdict>,
    anomalous: Vec<bool>,
    left_out: LeftOut,
}

pub(crate) fn run(options: &Options, shared: &Shared) -> Result<Outcome, Failure> {
    let device = shared.device()?;
    let detector = AnyDetector::load(&options.detector, &device)?;
    let (normal, anomalous) = match &options.folder {
        Some(folder) => sets(folder)?,
        None => (options.normal.clone(), options.anomalous.clone()),
    };
    let labelled = scored(&detector, &normal, &anomalous, &device)?;
    let scores: Vec<f64> = labelled
        .verdicts
        .iter()
        .map(|verdict| verdict.score)
        .collect();
    let anomalous = &labelled.anomalous;
    let threshold = detector.detection_threshold();
    let auc = roc_auc(&scores, anomalous)?;
    let precision = average_precision(&scores, anomalous)?;
    let best = detection_at_best_f1(&scores, anomalous)?;
    let detection = detection_at_threshold(&scores, anomalous, threshold.value())?;
    if options.json {
        line(serde_json::json!({
            "normal": detection.false_positives + detection.true_negatives,
            "anomalous": detection.true_positives + detection.false_negatives,
            "left_out": labelled.left_out.count(),
            "auc": auc,
            "average_precision": precision,
            "threshold": threshold.value(),
            "true_positives": detection.true_positives,
            "false_positives": detection.false_positives,
            "true_negatives": detection.true_negatives,
            "false_negatives": detection.false_negatives,
            "precision": detection.precision(),
            "recall": detection.recall(),
            "f1": detection.f1(),
            "best_f1": best.f1(),
            "best_f1_threshold": best.threshold,
        }))?;
    } else {
        print(auc, precision, &best, &detection)?;
        line(format_args!(
            "threshold          {:.4}: {}",
            threshold.value(),
            promise(threshold)
        ))?;
    }
    labelled.left_out.report();
    Ok(Outcome {
        left_out: labelled.left_out.count() > 0,
        anomalies: false,
    })
}

fn print(auc: f64, precision: f64, best: &Detection, detection: &Detection) -> Result<(), Failure> {
    let normal = detection.false_positives + detection.true_negatives;
    let anomalous = detection.true_positives + detection.false_negatives;
    let share = |count: usize, of: usize| 100.0 * count as f64 / of.max(1) as f64;
    line(format_args!(
        "samples            {normal} normal, {anomalous} anomalous"
    ))?;
    line(format_args!("AUC                {auc:.4}"))?;
    line(format_args!("average precision  {precision:.4}"))?;
    line(format_args!(
        "flagged            {} of {normal} normal ({:.2} %), {} of {anomalous} anomalous ({:.2} %)",
        detection.false_positives,
        share(detection.false_positives, normal),
        detection.true_positives,
        share(detection.true_positives, anomalous)
    ))?;
    line(format_args!(
        "at the threshold   precision {:.4}, recall {:.4}, F1 {:.4}",
        detection.precision(),
        detection.recall(),
        detection.f1()
    ))?;
    line(format_args!(
        "best F1            {:.4}, at {:.4}",
        best.f1(),
        best.threshold
    ))
}

fn scored(
    detector: &AnyDetector,
    normal: &[PathBuf],
    anomalous: &[PathBuf],
    device: &Device,
) -> Result<Labelled, Failure> {
    let mut all = Labelled {
        verdicts: Vec::new(),
        anomalous: Vec::new(),
        left_out: LeftOut::default(),
    };
    for (paths, label) in [(normal, false), (anomalous, true)] {
        let sink: Sink<'_> = &mut |found| {
            match found {
                Found::Scored(sample) => {
                    all.verdicts.push(sample.verdict);
                    all.anomalous.push(label);
                }
                Found::LeftOut(file) => all.left_out.add(file.reason),
            }
            Ok(())
        };
        score_paths(detector, paths, device, sink)?;
    }
    match all.verdicts.is_empty() {
        true => Err(nothing_scored(&all.left_out)),
        false => Ok(all),
    }
}

/// Normal and anomalous test pictures of a folder: those of the class that was trained on, and all others.
fn sets(folder: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Failure> {
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
