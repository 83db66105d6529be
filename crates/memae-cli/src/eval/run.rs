//! The command.

use std::path::PathBuf;

use memae::data::format::shown;
use memae::data::metrics::{
    average_precision, detection_at_best_f1, detection_at_threshold, roc_auc,
};
use memae::detect::AnyDetector;

use super::figures::Figures;
use super::labelled::{Labelled, Sets, scored, sets_of};
use super::options::Options;
use super::{pixels, report};
use crate::exit::Outcome;
use crate::failure::Failure;
use crate::output_file::check_output;
use crate::print::line;
use crate::progress::Progress;
use crate::promise::promise;
use crate::score::{json_left_out, json_passed_over};
use crate::shared::Shared;

pub(crate) fn run(options: &Options, shared: &Shared) -> Result<Outcome, Failure> {
    let device = shared.device()?;
    if let Some(report) = &options.report {
        let inputs: Vec<&PathBuf> = std::iter::once(&options.detector)
            .chain(&options.folder)
            .chain(&options.normal)
            .chain(&options.anomalous)
            .chain(&options.masks)
            .collect();
        check_output(report, &inputs)?;
    }
    let detector = AnyDetector::load(&options.detector, &device)?;
    let sets = match &options.folder {
        Some(folder) if matches!(detector, AnyDetector::Image(_)) => sets_of(folder)?,
        Some(folder) => {
            return Err(Failure::Other(format!(
                "{}: found a detector of kind {}, expected one of pictures; see --normal and --anomalous",
                shown(folder),
                detector.kind()
            )));
        }
        None => Sets {
            normal: options.normal.clone(),
            anomalous: options.anomalous.clone(),
            ..Sets::default()
        },
    };
    pixels::check(options, &detector, &[&sets.normal, &sets.anomalous])?;
    let labelled = scored(&detector, sets, &device, &Progress::new(shared.quiet))?;
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
        true => line(json(&labelled, &figures, threshold.value())?)?,
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
    labelled.left_out.report(shared.quiet);
    Ok(Outcome {
        left_out: labelled.left_out.count() > 0,
        anomalies: false,
    })
}

fn json(
    labelled: &Labelled,
    figures: &Figures,
    threshold: f64,
) -> Result<serde_json::Value, Failure> {
    let detection = &figures.at_threshold;
    let listed =
        |result: serde_json::Result<_>| result.map_err(|error| Failure::Output(error.into()));
    let files: Vec<_> = labelled.left_out_files.iter().map(json_left_out).collect();
    let passed_over = labelled.left_out.passed_over().iter();
    let passed_over: Vec<_> = passed_over.map(json_passed_over).collect();
    let mut json = serde_json::json!({
        "normal": detection.false_positives + detection.true_negatives,
        "anomalous": detection.true_positives + detection.false_negatives,
        "left_out": labelled.left_out.count(),
        "left_out_files": listed(serde_json::to_value(files))?,
        "passed_over": listed(serde_json::to_value(passed_over))?,
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
    Ok(json)
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
