//! `memae recalibrate`: a new threshold by new normal samples, and how far these have drifted from the old ones.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use clap::Args;
use memae::data::protocol::Calibration;
use memae::detect::{AnyDetector, DetectionThreshold, ThresholdOrigin};

use crate::exit::Outcome;
use crate::failure::Failure;
use crate::left_out::LeftOut;
use crate::output_file::check_output;
use crate::print::line;
use crate::promise::promise;
use crate::score::{Found, nothing_scored, score_paths};
use crate::shared::Shared;
use crate::train::rate;

/// A chance of this or more that an old and a new sample are in either order is no drift to speak of.
const DRIFT: f64 = 0.1;

#[derive(Args)]
pub(crate) struct Options {
    /// The detector's file
    #[arg(value_name = "DETECTOR")]
    detector: PathBuf,
    /// New normal samples, which nothing was trained on
    #[arg(
        value_name = "NORMAL",
        required_unless_present = "threshold",
        conflicts_with = "threshold"
    )]
    normal: Vec<PathBuf>,
    /// The file to write [default: the detector's own]
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Share of normal samples that may be flagged
    #[arg(long, default_value_t = 0.01, value_parser = rate)]
    rate: f64,
    /// A threshold given by hand
    #[arg(long, value_name = "SCORE", allow_negative_numbers = true)]
    threshold: Option<f64>,
}

pub(crate) fn run(options: &Options, shared: &Shared) -> Result<Outcome, Failure> {
    let device = shared.device()?;
    let out = options.out.as_ref().unwrap_or(&options.detector);
    check_output(out, &options.normal)?;
    let detector = AnyDetector::load(&options.detector, &device)?;
    let old = detector.detection_threshold().clone();
    let mut left_out = LeftOut::default();
    let new = match options.threshold {
        Some(value) => DetectionThreshold::given(value, old.typical()).ok_or_else(|| {
            Failure::Other(format!(
                "--threshold: found {value}, expected a finite number"
            ))
        })?,
        None => {
            let held_out = held_out(&detector, &options.normal, &device, &mut left_out)?;
            report_drift(&old, &held_out)?;
            let calibration = Calibration::in_groups(&held_out.scores, &held_out.groups)?;
            DetectionThreshold::held_out(calibration, options.rate)?
        }
    };
    line(format_args!(
        "threshold {:.4} -> {:.4}; {}",
        old.value(),
        new.value(),
        promise(&new)
    ))?;
    detector.with_threshold(new).save(out)?;
    left_out.report();
    Ok(Outcome {
        left_out: left_out.count() > 0,
        anomalies: false,
    })
}

/// Scores of normal samples, with the group of each.
struct HeldOut {
    scores: Vec<f64>,
    groups: Vec<usize>,
}

fn held_out(
    detector: &AnyDetector,
    normal: &[PathBuf],
    device: &Device,
    left_out: &mut LeftOut,
) -> Result<HeldOut, Failure> {
    let mut held_out = HeldOut {
        scores: Vec::new(),
        groups: Vec::new(),
    };
    // Frames of one video are a group; pictures and rows are groups of their own.
    let of_videos = matches!(detector, AnyDetector::Video(_));
    let (mut last, mut group): (Option<PathBuf>, usize) = (None, 0);
    score_paths(detector, normal, device, &mut |found| {
        match found {
            Found::Scored(sample) => {
                let is_new = last.as_deref() != Some(Path::new(&sample.path));
                group += usize::from(is_new || !of_videos);
                last = Some(sample.path);
                held_out.scores.push(sample.verdict.score);
                held_out.groups.push(group);
            }
            Found::LeftOut(file) => left_out.add(file.reason),
        }
        Ok(())
    })?;
    match held_out.scores.is_empty() {
        true => Err(nothing_scored(left_out)),
        false => Ok(held_out),
    }
}

/// How the new samples compare with those that the old threshold comes from.
fn report_drift(old: &DetectionThreshold, new: &HeldOut) -> Result<(), Failure> {
    let above = new
        .scores
        .iter()
        .filter(|&&score| score > old.value())
        .count();
    line(format_args!(
        "new normal samples: {}, {above} of them above the old threshold ({:.2} %)",
        new.scores.len(),
        100.0 * above as f64 / new.scores.len() as f64
    ))?;
    let ThresholdOrigin::HeldOut { calibration, .. } = old.origin() else {
        return line("drift: not known, the old threshold does not come from held-out samples");
    };
    let shares = new
        .scores
        .iter()
        .map(|&score| calibration.share_below(score));
    let higher = shares.sum::<f64>() / new.scores.len() as f64;
    line(format_args!(
        "drift: a new sample scores higher than an old one with a chance of {:.1} %{}",
        100.0 * higher,
        match (higher - 0.5).abs() < DRIFT {
            true => ", as good as no drift",
            false => "; where nothing has changed it is 50 %",
        }
    ))
}
