//! The command.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;
use memae::data::format::shown;
use memae::detect::AnyDetector;

use super::verdicts::Verdicts;
use super::{folder, video};
use crate::exit::Outcome;
use crate::failure::Failure;
use crate::print::note;
use crate::score::Format;
use crate::shared::Shared;

#[derive(Args)]
pub(crate) struct Options {
    /// The detector's file
    #[arg(value_name = "DETECTOR")]
    detector: PathBuf,
    /// A video file or a folder of the frames of one; for a detector of pictures, a folder that new ones are put into
    #[arg(value_name = "SOURCE")]
    source: PathBuf,
    /// One JSON object a line, for what was left out as well
    #[arg(long)]
    json: bool,
    /// Nothing but what is anomalous
    #[arg(long)]
    only_anomalies: bool,
    /// Pictures: seconds from one look at the folder to the next
    #[arg(long, default_value_t = 0.5, value_parser = seconds)]
    every: f64,
    /// Pictures: end after so many seconds without a new one [default: at Ctrl-C]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    until_idle: Option<f64>,
}

/// Seconds as an argument.
fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds < 1e6 => Ok(seconds),
        _ => Err("expected a number of seconds above 0 and below 1000000".to_string()),
    }
}

pub(crate) fn run(options: &Options, shared: &Shared) -> Result<Outcome, Failure> {
    let device = shared.device()?;
    let detector = AnyDetector::load(&options.detector, &device)?;
    let format = match options.json {
        true => Format::Json,
        false => Format::Text,
    };
    let mut verdicts = Verdicts::new(format, options.only_anomalies)?;
    let stopped = stopped()?;
    let watched = match &detector {
        AnyDetector::Video(detector) => {
            video::watch(detector, &options.source, &device, &stopped, &mut verdicts)
        }
        AnyDetector::Image(_) => folder::watch(
            &detector,
            &options.source,
            Duration::from_secs_f64(options.every),
            options.until_idle.map(Duration::from_secs_f64),
            &device,
            &stopped,
            &mut verdicts,
        ),
        detector => {
            return Err(Failure::Other(format!(
                "{}: found a detector of kind {}, expected one of videos or pictures",
                shown(&options.detector),
                detector.kind()
            )));
        }
    };
    match watched {
        Err(Failure::NobodyReads) => {}
        ended => ended?,
    }
    if !shared.quiet {
        note(verdicts.summary());
    }
    let left_out = verdicts.left_out();
    left_out.report(shared.quiet);
    Ok(Outcome {
        left_out: left_out.count() > 0,
        anomalies: false,
    })
}

/// Turns true at Ctrl-C, which is how watching ends; a second one ends the process.
fn stopped() -> Result<Arc<AtomicBool>, Failure> {
    let stopped = Arc::new(AtomicBool::new(false));
    let handle = stopped.clone();
    let set = ctrlc::set_handler(move || {
        if handle.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
    set.map_err(|error| Failure::Other(format!("Ctrl-C: {error}")))?;
    Ok(stopped)
}
