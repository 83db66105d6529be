//! The page, part by part.

use std::path::Path;
use std::time::SystemTime;

use burn::tensor::Device;
use chrono::{DateTime, Utc};
use memae::data::format::shown;
use memae::data::metrics::{precision_recall_curve, roc_curve};
use memae::data::protocol::Promise;
use memae::detect::{AnyDetector, Place, ThresholdOrigin};
use memae_report::{
    Confusion, Curve, Facts, Figure, Head, LeftOut, Report, Sample, SampleGroup, Scores, Threshold,
    Verdicts,
};

use super::tables::ColumnShares;
use super::{motion, pictures, tables, videos};
use crate::command_line::command;
use crate::eval::figures::Figures;
use crate::eval::labelled::Labelled;
use crate::eval::options::Options;
use crate::failure::Failure;
use crate::promise::promise;
use crate::score::Scored;

/// Samples that are shown as the worst, and as those nearest to the threshold.
const WORST: usize = 12;
const BORDERLINE: usize = 6;

pub(in crate::eval) fn write(
    path: &Path,
    options: &Options,
    detector: &AnyDetector,
    labelled: &Labelled,
    figures: &Figures,
    device: &Device,
) -> Result<(), Failure> {
    let detection = &figures.at_threshold;
    let scores = labelled.scores();
    let of = |label: bool| {
        let labelled = scores.iter().zip(&labelled.anomalous);
        let of: Vec<f64> = labelled
            .filter(|(_, anomalous)| **anomalous == label)
            .map(|(&score, _)| score)
            .collect();
        of
    };
    let mut report = Report::new(head(options, labelled), verdicts(detector, labelled))
        .with_threshold(threshold(detector, figures)?)
        .with_scores(
            Scores::new()
                .with_normal(of(false))
                .with_anomalous(of(true)),
        )
        .with_confusion(Confusion::new(
            detection.true_positives,
            detection.false_positives,
            detection.false_negatives,
            detection.true_negatives,
        ));
    for figure in figure_list(figures) {
        report = report.with_figure(figure);
    }
    for curve in curves(labelled, figures)? {
        report = report.with_curve(curve);
    }
    let (worst, borderline) = groups(labelled, detector.detection_threshold().value());
    let shown = [worst.as_slice(), &borderline].concat();
    let samples = shown
        .iter()
        .map(|&index| sample(detector, labelled, index, device));
    let mut samples: Vec<Sample> = samples.collect::<Result<_, Failure>>()?;
    if let AnyDetector::Table(rows) = detector
        && let Some(shares) = ColumnShares::measure(rows, labelled, &shown, device)?
    {
        let numbered = samples.into_iter().enumerate();
        samples = numbered
            .map(|(position, sample)| sample.with_contributions(shares.of_row(position)))
            .collect();
        report = report.with_columns(shares.of_first(worst.len()));
    }
    let near = samples.split_off(worst.len());
    report = report
        .with_samples(SampleGroup::worst(samples))
        .with_samples(SampleGroup::borderline(near));
    let memory = match detector {
        AnyDetector::Image(images) => pictures::memory(images, labelled, device)?,
        AnyDetector::Table(rows) => tables::memory(rows, labelled, device)?,
        AnyDetector::Video(videos) => videos::memory(videos, labelled, device)?,
        AnyDetector::Motion(motion) => motion::memory(motion.scorer(), labelled, device)?,
        // Of its two memories the one whose items are motions.
        AnyDetector::Joint(joint) => motion::memory(joint.parts().motion(), labelled, device)?,
        _ => None,
    };
    if let Some(memory) = memory {
        report = report.with_memory(memory);
    }
    for video in videos::curves(labelled) {
        report = report.with_video(video);
    }
    report
        .with_facts(settings(detector))
        .with_facts(versions(detector, device))
        .save(path)?;
    Ok(())
}

fn head(options: &Options, labelled: &Labelled) -> Head {
    let what = match &options.folder {
        Some(folder) => shown(folder),
        None => options
            .normal
            .iter()
            .chain(&options.anomalous)
            .map(shown)
            .collect::<Vec<_>>()
            .join(", "),
    };
    Head::new(format!("What {} finds in {what}", shown(&options.detector)))
        .with_scored(format!(
            "{} labelled samples of {what}",
            labelled.samples.len()
        ))
        .with_made(now())
        .with_command(command())
        .with_version(concat!("memae ", env!("CARGO_PKG_VERSION")))
}

/// The time, as people write it.
fn now() -> String {
    let now = DateTime::<Utc>::from(SystemTime::now());
    now.format("%Y-%m-%d %H:%M UTC").to_string()
}

fn verdicts(detector: &AnyDetector, labelled: &Labelled) -> Verdicts {
    let anomalous = labelled
        .samples
        .iter()
        .filter(|sample| sample.verdict.anomalous);
    let anomalous = anomalous.count();
    let (one, many) = match detector {
        AnyDetector::Image(_) => ("picture", "pictures"),
        AnyDetector::Video(_) | AnyDetector::Motion(_) | AnyDetector::Joint(_) => {
            ("frame", "frames")
        }
        _ => ("row", "rows"),
    };
    let reasons = labelled.left_out.first().iter();
    Verdicts::new(labelled.samples.len() - anomalous, anomalous)
        .with_unit(one, many)
        .with_left_out(
            labelled.left_out.count(),
            reasons.map(|reason| LeftOut::new("", reason)),
        )
}

fn threshold(detector: &AnyDetector, figures: &Figures) -> Result<Threshold, Failure> {
    let threshold = detector.detection_threshold();
    let detection = &figures.at_threshold;
    let normal = detection.false_positives + detection.true_negatives;
    let shown = Threshold::new(threshold.value(), promise(threshold))
        .with_measured(detection.false_positives, normal);
    Ok(match threshold.origin() {
        ThresholdOrigin::HeldOut { calibrated, .. } => match calibrated.promise {
            Promise::Rate { rate } => shown
                .with_promised_rate(rate)
                .with_note("The promise holds for normal samples like those that were held out."),
            _ => shown,
        },
        ThresholdOrigin::Folds { folds, .. } => shown.with_note(format!(
            "Nothing is guaranteed: {folds} other networks, each trained without one fold of the normal samples, gave the scores that the \
             threshold comes from. This one has seen all of them, and usually flags fewer."
        )),
        _ => shown,
    })
}

fn figure_list(figures: &Figures) -> Vec<Figure> {
    let mut list = vec![
        (
            "AUC",
            figures.auc,
            "The chance that an anomalous sample scores higher than a normal one.",
        ),
        (
            "average precision",
            figures.average_precision,
            "Mean precision over all recalls.",
        ),
        (
            "best F1",
            figures.best.f1(),
            "At a threshold that was chosen with the labels in sight.",
        ),
        (
            "F1",
            figures.at_threshold.f1(),
            "At the threshold of the detector.",
        ),
    ];
    if let Some(pixels) = &figures.pixels {
        list.extend([
            (
                "pixel AUC",
                pixels.auc,
                "The chance that a pixel of an anomaly scores higher than another.",
            ),
            (
                "pixel average precision",
                pixels.average_precision,
                "Over all pixels of all pictures.",
            ),
            (
                "AUPRO",
                pixels.aupro,
                "Mean overlap with the regions of the masks, up to 30 % of false alarms.",
            ),
            (
                "pixel best F1",
                pixels.best_f1,
                "At a threshold that was chosen with the masks in sight.",
            ),
        ]);
    }
    let figures = list.into_iter();
    figures
        .map(|(name, value, words)| Figure::number(name, value).with_explanation(words))
        .collect()
}

fn curves(labelled: &Labelled, figures: &Figures) -> Result<[Curve; 2], Failure> {
    let scores = labelled.scores();
    let roc = roc_curve(&scores, &labelled.anomalous)?;
    let precision = precision_recall_curve(&scores, &labelled.anomalous)?;
    let detection = &figures.at_threshold;
    let normal = (detection.false_positives + detection.true_negatives) as f64;
    let anomalous = (detection.true_positives + detection.false_negatives) as f64;
    Ok([
        Curve::roc(
            &roc.false_positive_rate,
            &roc.true_positive_rate,
            figures.auc,
        )?
        .with_point(
            detection.false_positives as f64 / normal,
            detection.recall(),
        ),
        Curve::precision_recall(
            &precision.recall,
            &precision.precision,
            figures.average_precision,
        )?
        .with_point(detection.recall(), detection.precision())
        .with_anomalous_share(anomalous / (normal + anomalous)),
    ])
}

/// The samples that score highest, and those nearest to the threshold, which may be some of them.
fn groups(labelled: &Labelled, threshold: f64) -> (Vec<usize>, Vec<usize>) {
    let score = |index: usize| labelled.samples[index].verdict.score;
    let mut order: Vec<usize> = (0..labelled.samples.len()).collect();
    order.sort_by(|&a, &b| score(b).total_cmp(&score(a)).then(a.cmp(&b)));
    let distance = |index: usize| (score(index) - threshold).abs();
    let mut nearest = order.clone();
    nearest.sort_by(|&a, &b| distance(a).total_cmp(&distance(b)).then(a.cmp(&b)));
    nearest.truncate(BORDERLINE);
    order.truncate(WORST);
    (order, nearest)
}

fn sample(
    detector: &AnyDetector,
    labelled: &Labelled,
    index: usize,
    device: &Device,
) -> Result<Sample, Failure> {
    let Scored {
        path,
        place,
        verdict,
    } = &labelled.samples[index];
    let anomalous = labelled.anomalous[index];
    let name = match place {
        Place::Image => shown(path),
        place => format!("{}: {place}", shown(path)),
    };
    let class = if anomalous { "anomalous" } else { "normal" };
    let mut sample = Sample::new(name, verdict.score, verdict.anomalous)
        .with_normalized(verdict.normalized)
        .with_class(class, anomalous);
    if let Some(p_value) = verdict.p_value {
        sample = sample.with_p_value(p_value);
    }
    match detector {
        AnyDetector::Image(images) => pictures::shown_with(sample, detector, images, path, device),
        _ => Ok(sample),
    }
}

fn settings(detector: &AnyDetector) -> Facts {
    let provenance = detector.provenance();
    let mut facts = Facts::new("The detector").with("kind", detector.kind());
    if let Some(data) = &provenance.data {
        facts = facts.with("trained on", data);
    }
    for (part, count) in &provenance.samples {
        facts = facts.with(format!("samples: {part}"), count.to_string());
    }
    facts = facts.with("parameters", detector.num_parameters().to_string());
    if let Some(seed) = provenance.seed {
        facts = facts.with("seed", seed.to_string());
    }
    if let Some(command) = &provenance.command {
        facts = facts.with("command of the training", command);
    }
    facts
}

fn versions(detector: &AnyDetector, device: &Device) -> Facts {
    Facts::new("Versions")
        .with("memae, of this report", env!("CARGO_PKG_VERSION"))
        .with("memae, of the detector", &detector.provenance().version)
        .with("device", format!("{device:?}"))
}
