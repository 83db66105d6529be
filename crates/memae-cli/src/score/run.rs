//! The command.

use std::path::PathBuf;

use clap::Args;
use memae::detect::AnyDetector;

use super::found::{Found, each, nothing_scored};
use super::heat_maps::HeatMaps;
use super::paths::score_paths;
use super::writer::{Format, Writer};
use crate::exit::Outcome;
use crate::failure::Failure;
use crate::input::InputKind;
use crate::left_out::{LeftOut, LeftOutFile};
use crate::output_file::check_output_folder;
use crate::print::note;
use crate::progress::Progress;
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
        Some(folder) => {
            check_output_folder(folder, &options.paths)?;
            Some(HeatMaps::new(folder, &options.paths, &detector)?)
        }
        None => None,
    };
    let (mut scored, mut anomalous, mut left_out) = (0_u64, 0_u64, LeftOut::default());
    let progress = Progress::new(shared.quiet);
    let ended = score_paths(
        &detector,
        &options.paths,
        &device,
        &mut each,
        &mut |found| {
            match &found {
                Found::Scored(sample) => {
                    progress.add_one();
                    scored += 1;
                    anomalous += u64::from(sample.verdict.anomalous);
                    if options.only_anomalies && !sample.verdict.anomalous {
                        return Ok(());
                    }
                }
                Found::LeftOut(file) => left_out.add(file.reason.as_str()),
                Found::Gap(gap) => left_out.add_gap(gap),
                Found::PassedOver(_) | Found::Remark(_) => {}
            }
            writer.write(&found)?;
            if writer.is_closed() && heat_maps.is_none() && !options.fail_on_anomaly {
                return Err(Failure::NobodyReads);
            }
            match (found, &mut heat_maps) {
                (Found::PassedOver(what), _) => left_out.pass_over(what),
                (Found::Remark(text), _) => left_out.remark(text),
                (Found::Scored(sample), Some(heat_maps)) => {
                    if let Err(error) = heat_maps.draw(&sample, &device) {
                        let reason = format!("no heat map: {error}");
                        left_out.add(reason.as_str());
                        writer.write(&Found::LeftOut(LeftOutFile {
                            path: sample.path,
                            reason,
                        }))?;
                    }
                }
                _ => {}
            }
            Ok(())
        },
    );
    match ended {
        // What would come now is for nobody.
        Err(Failure::NobodyReads) => return Ok(Outcome::default()),
        ended => ended?,
    }
    drop(progress);
    writer.flush()?;
    if !shared.quiet {
        let threshold = detector.detection_threshold();
        note(format_args!(
            "{scored} scored, {anomalous} anomalous; threshold {:.4}, {}",
            threshold.value(),
            promise(threshold)
        ));
    }
    // What is all there is says the error.
    if scored > 0 || left_out.count() > 1 {
        left_out.report(shared.quiet);
    }
    match scored {
        0 => Err(nothing_scored(
            &options.paths,
            InputKind::of(&detector),
            &left_out,
        )),
        _ => Ok(Outcome {
            left_out: left_out.count() > 0,
            anomalies: options.fail_on_anomaly && anomalous > 0,
        }),
    }
}
