//! `memae eval`: how well a detector tells normal from anomalous.

mod pixels;
mod report;

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use clap::Args;
use memae::data::dataset::ImageFolderFiles;
use memae::data::format::shown;
use memae::data::metrics::{
    Detection, average_precision, detection_at_best_f1, detection_at_threshold, roc_auc,
};
use memae::detect::AnyDetector;

use crate::arguments::Shared;
use crate::exit::Outcome;
use crate::failure::Failure;
use crate::left_out::LeftOut;
use crate::output_file::check_output;
use crate::print::line;
use crate::score::{Found, Scored, Sink, nothing_scored, score_paths};
use crate::train::promise;
use pixels::PixelFigures;

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
    /// Pictures: masks of the anomalous ones, laid out like these; those of a folder with `ground_truth` are found
    #[arg(long, value_name = "DIR", requires = "anomalous")]
    masks: Option<PathBuf>,
    /// Masks with soft edges: from the middle of the range on a pixel is anomalous
    #[arg(long)]
    soft_masks: bool,
    /// Write a report, one HTML file
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// One JSON object instead of lines
    #[arg(long)]
    json: bool,
}

/// Samples of which it is known whether they are anomalous, and what was left out.
#[derive(Default)]
struct Labelled {
    samples: Vec<Scored>,
    anomalous: Vec<bool>,
    left_out: LeftOut,
}

impl Labelled {
    fn scores(&self) -> Vec<f64> {
        self.samples
            .iter()
            .map(|sample| sample.verdict.score)
            .collect()
    }
}

/// What was measured.
struct Figures {
    auc: f64,
    average_precision: f64,
    best: Detection,
    at_threshold: Detection,
    pixels: Option<PixelFigures>,
}

pub(crate) fn run(options: &Options, shared: &Shared) -> Result<Outcome, Failure> {
    let device = shared.device()?;
    if let Some(report) = &options.report {
        check_output(report, std::slice::from_ref(&options.detector))?;
    }
    let detector = AnyDetector::load(&options.detector, &device)?;
    let (normal, anomalous) = match &options.folder {
        Some(folder) => sets(folder)?,
        None => (options.normal.clone(), options.anomalous.clone()),
    };
    let labelled = scored(&detector, &normal, &anomalous, &device)?;
    let scores = labelled.scores();
    let threshold = detector.detection_threshold();
    let figures = Figures {
        auc: roc_auc(&scores, &labelled.anomalous)?,
        average_precision: average_precision(&scores, &labelled.anomalous)?,
        best: detection_at_best_f1(&scores, &labelled.anomalous)?,
        at_threshold: detection_at_threshold(&scores, &labelled.anomalous, threshold.value())?,
        pixels: pixels::measure(options, &detector, &labelled, &device)?,
    };
    match options.json {
        true => line(json(&labelled, &figures, threshold.value()))?,
        false => {
            print(&figures)?;
            line(format_args!(
                "threshold          {:.4}: {}",
                threshold.value(),
                promise(threshold)
            ))?;
        }
    }
    if let Some(path) = &options.report {
        report::write(path, options, &detector, &labelled, &figures, &device)?;
    }
    labelled.left_out.report();
    Ok(Outcome {
        left_out: labelled.left_out.count() > 0,
        anomalies: false,
    })
}

fn json(labelled: &Labelled, figures: &Figures, threshold: f64) -> serde_json::Value {
    let detection = &figures.at_threshold;
    let mut json = serde_json::json!({
        "normal": detection.false_positives + detection.true_negatives,
        "anomalous": detection.true_positives + detection.false_negatives,
        "left_out": labelled.left_out.count(),
        "auc": figures.auc,
        "average_precision": figures.average_precision,
        "threshold": threshold,
        "true_positives": detection.true_positives,
        "false_positives": detection.false_positives,
        "true_negatives": detection.true_negatives,
        "false_negatives": detection.false_negatives,
        "precision": detection.precision(),
        "recall": detection.recall(),
        "f1": detection.f1(),
        "best_f1": figures.best.f1(),
        "best_f1_threshold": figures.best.threshold,
    });
    if let Some(pixels) = &figures.pixels {
        json["pixels"] = serde_json::json!({
            "auc": pixels.auc,
            "average_precision": pixels.average_precision,
            "aupro": pixels.aupro,
            "best_f1": pixels.best_f1,
            "anomalous_share": pixels.anomalous_share,
        });
    }
    json
}

fn print(figures: &Figures) -> Result<(), Failure> {
    let detection = &figures.at_threshold;
    let normal = detection.false_positives + detection.true_negatives;
    let anomalous = detection.true_positives + detection.false_negatives;
    let share = |count: usize, of: usize| 100.0 * count as f64 / of.max(1) as f64;
    line(format_args!(
        "samples            {normal} normal, {anomalous} anomalous"
    ))?;
    line(format_args!("AUC                {:.4}", figures.auc))?;
    line(format_args!(
        "average precision  {:.4}",
        figures.average_precision
    ))?;
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
        figures.best.f1(),
        figures.best.threshold
    ))?;
    let Some(pixels) = &figures.pixels else {
        return Ok(());
    };
    line(format_args!(
        "pixels             AUC {:.4}, average precision {:.4} (chance {:.4}), AUPRO {:.4}, best F1 {:.4}",
        pixels.auc, pixels.average_precision, pixels.anomalous_share, pixels.aupro, pixels.best_f1
    ))
}

fn scored(
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
