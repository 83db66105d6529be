//! The command.

use std::path::PathBuf;

use clap::Args;
use memae::detect::AnyDetector;

use super::found::{Found, nothing_scored};
use super::heat_maps::HeatMaps;
use super::paths::score_paths;
use super::writer::{Format, Writer};
use crate::exit::Outcome;
use crate::failure::Failure;
use crate::left_out::LeftOut;
use crate::print::note;
use crate::promise::promise;
use crate::shared::Shared;

#[derive(Args)]
pub(crate) struct Options {
    /// The detector's file
    #[arg(value_name = "DETECTOR")]
    detector: PathBuf,
    /// What to score: files, or folders of them
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// One JSON object a line, for what was left out as well
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// CSV with a header
    #[arg(long)]
    csv: bool,
    /// Nothing but what is anomalous
    #[arg(long)]
    only_anomalies: bool,
    /// Pictures: write a heat map and a mask of each that is shown into this folder
    #[arg(long, value_name = "DIR")]
    heatmaps: Option<PathBuf>,
    /// Leave with exit code 3 if anything is anomalous
    #[arg(long)]
    fail_on_anomaly: bool,
}

pub(crate) fn run(options: &Options, shared: &Shared) -> Result<Outcome, Failure> {
    let device = shared.device()?;
    let detector = AnyDetector::load(&options.detector, &device)?;
    let mut writer = Writer::new(match (options.json, options.csv) {
        (true, _) => Format::Json,
        (_, true) => Format::Csv,
        _ => Format::Text,
    })?;
    let mut heat_maps = match &options.heatmaps {
        Some(folder) => Some(HeatMaps::new(folder, &detector)?),
        None => None,
    };
    let (mut scored, mut anomalous, mut left_out) = (0_u64, 0_u64, LeftOut::default());
    score_paths(&detector, &options.paths, &device, &mut |found| {
        match &found {
            Found::Scored(sample) => {
                scored += 1;
                anomalous += u64::from(sample.verdict.anomalous);
                if options.only_anomalies && !sample.verdict.anomalous {
                    return Ok(());
                }
            }
            Found::LeftOut(file) => left_out.add(file.reason.as_str()),
        }
        writer.write(&found)?;
        if let (Some(heat_maps), Found::Scored(sample)) = (&mut heat_maps, &found)
            && let Err(error) = heat_maps.draw(sample, &device)
        {
            left_out.add(error.to_string());
        }
        Ok(())
    })?;
    writer.flush()?;
    if !shared.quiet {
        let threshold = detector.detection_threshold();
        note(format_args!(
            "{scored} scored, {anomalous} anomalous; threshold {:.4}, {}",
            threshold.value(),
            promise(threshold)
        ));
    }
    left_out.report();
    match scored {
        0 => Err(nothing_scored(&left_out)),
        _ => Ok(Outcome {
            left_out: left_out.count() > 0,
            anomalies: options.fail_on_anomaly && anomalous > 0,
        }),
    }
}
