//! The command.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;
use memae::data::encode::MotionPreprocessing;
use memae::data::format::shown;
use memae::data::sample::{FrameFormat, LiveConfig, LiveVideo, Video, VideoConfig};
use memae::detect::{AnyDetector, FileVerdictError};

use super::frames::Frames;
use super::source::Source;
use super::stream::Watching;
use super::verdicts::Verdicts;
use super::{folder, stream, video};
use crate::exit::Outcome;
use crate::failure::Failure;
use crate::input::InputKind;
use crate::print::note;
use crate::score::Format;
use crate::shared::Shared;

/// Seconds from one look at a folder to the next, unless it is said.
const BETWEEN_LOOKS: f64 = 0.5;

#[derive(Args)]
pub(crate) struct Options {
    /// The detector's file
    #[arg(value_name = "DETECTOR")]
    detector: PathBuf,
    /// A video file, a folder of the frames of one, a stream (an address as rtsp://host/path, or - for standard input); for a
    /// detector of pictures, a folder that new ones are put into
    #[arg(value_name = "SOURCE")]
    source: PathBuf,
    /// One JSON object a line, for what was left out as well
    #[arg(long)]
    json: bool,
    /// Nothing but what is anomalous
    #[arg(long)]
    only_anomalies: bool,
    /// Pictures: seconds from one look at the folder to the next [default: 0.5]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    every: Option<f64>,
    /// Pictures and streams: end after so many seconds without a new picture or frame [default: at Ctrl-C, or at the end]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    until_idle: Option<f64>,
    /// Addresses: where the stream ends or breaks off, open it again after so many seconds, and twice as many each time that
    /// it gives no frame, up to a minute
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    reconnect: Option<f64>,
    /// Addresses: end after so many attempts in a row without a frame [default: never]
    #[arg(long, value_name = "N", requires = "reconnect", value_parser = clap::value_parser!(u32).range(1..))]
    attempts: Option<u32>,
    /// Addresses: seconds without a frame after which a stream has broken off [default: 10]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<f64>,
}

/// Seconds as an argument.
fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds < 1e6 => Ok(seconds),
        _ => Err("expected a number of seconds above 0 and below 1000000".to_string()),
    }
}

pub(crate) fn run(options: &Options, shared: &Shared) -> Result<Outcome, Failure> {
    let source = Source::of(&options.source)?;
    options.check(&source)?;
    let device = shared.device()?;
    let detector = AnyDetector::load(&options.detector, &device)?;
    let format = match options.json {
        true => Format::Json,
        false => Format::Text,
    };
    let stopped = stopped()?;
    let until_idle = options.until_idle.map(Duration::from_secs_f64);
    let new_verdicts = || Verdicts::new(format, options.only_anomalies);
    let verdicts = match (&detector, &source) {
        (detector, _) if takes_videos(detector) && options.every.is_some() => {
            return Err(Failure::Other(
                "--every: found a detector of videos, whose frames come by themselves, expected one of pictures".to_string(),
            ));
        }
        (detector, source) if takes_videos(detector) => {
            let Some((opening, frame_format)) = frames_of(detector) else {
                return Err(Failure::Verdict(FileVerdictError::NoPreprocessing {
                    path: shown(source.name()),
                    kind: "video",
                }));
            };
            let opened = options.open(source, opening, &frame_format)?;
            if let (Some(way), Opened::Video(file)) = (motion_of(detector), &opened) {
                way.check_rate(file)?;
            }
            let mut verdicts = new_verdicts()?;
            let path = source.name();
            let frames = match detector {
                AnyDetector::Video(detector) => {
                    Frames::of_clips(detector, path, &device, &mut verdicts)
                }
                AnyDetector::Motion(detector) => {
                    Frames::of_motion(detector, path, &device, shared.quiet, &mut verdicts)?
                }
                AnyDetector::Joint(detector) => {
                    Frames::of_both(detector, path, &device, shared.quiet, &mut verdicts)?
                }
                _ => return Err(not_watched(options, detector)),
            };
            match opened {
                Opened::Video(file) => {
                    while_read(video::watch(&file, &frame_format, frames, &stopped))?;
                }
                Opened::Stream(live) => {
                    let watching = Watching {
                        until_idle,
                        quiet: shared.quiet,
                        stopped: &stopped,
                    };
                    while_read(stream::watch(live, frames, &watching))?;
                }
            }
            verdicts
        }
        (AnyDetector::Image(_), Source::Path(folder)) => {
            let mut verdicts = new_verdicts()?;
            while_read(folder::watch(
                &detector,
                folder,
                Duration::from_secs_f64(options.every.unwrap_or(BETWEEN_LOOKS)),
                until_idle,
                &device,
                &stopped,
                &mut verdicts,
            ))?;
            verdicts
        }
        (AnyDetector::Image(_), source) => {
            return Err(Failure::Other(format!(
                "{}: found a stream for a detector of pictures, expected a folder that they are put into, or a detector of videos",
                shown(source.name())
            )));
        }
        (detector, _) => return Err(not_watched(options, detector)),
    };
    if !shared.quiet || verdicts.has_left_out() {
        note(verdicts.summary());
    }
    verdicts.left_out().report(shared.quiet);
    Ok(Outcome {
        left_out: verdicts.has_left_out(),
        anomalies: false,
    })
}

/// How videos are opened for a detector of them, and what becomes of their frames, if it says so.
fn frames_of(detector: &AnyDetector) -> Option<(&VideoConfig, FrameFormat)> {
    match detector {
        AnyDetector::Video(detector) => {
            let way = detector.preprocessing()?;
            Some((way.opening(), way.clips().format.clone()))
        }
        AnyDetector::Motion(detector) => {
            let way = detector.preprocessing();
            Some((way.opening(), way.format().clone()))
        }
        AnyDetector::Joint(detector) => {
            let way = detector.parts().preprocessing();
            Some((way.opening(), way.format()))
        }
        _ => None,
    }
}

fn takes_videos(detector: &AnyDetector) -> bool {
    InputKind::of(detector) == InputKind::Video
}

/// The way to motion of a detector that looks at it.
fn motion_of(detector: &AnyDetector) -> Option<&MotionPreprocessing> {
    match detector {
        AnyDetector::Motion(detector) => Some(detector.preprocessing()),
        AnyDetector::Joint(detector) => Some(detector.parts().preprocessing().motion()),
        _ => None,
    }
}

fn not_watched(options: &Options, detector: &AnyDetector) -> Failure {
    Failure::Other(format!(
        "{}: found a detector of kind {}, expected one of videos or pictures",
        shown(&options.detector),
        detector.kind()
    ))
}

/// A video, or a stream.
enum Opened {
    Video(Video),
    Stream(LiveVideo),
}

impl Options {
    /// Options that say nothing to what is watched are a mistake.
    fn check(&self, source: &Source) -> Result<(), Failure> {
        let of_addresses = [
            ("--reconnect", self.reconnect.is_some()),
            ("--timeout", self.timeout.is_some()),
        ];
        match of_addresses.iter().find(|(_, given)| *given) {
            Some((option, _)) if !matches!(source, Source::Address(_)) => {
                Err(Failure::Other(format!(
                    "{option}: found {}, expected the address of a stream, which alone can be opened again",
                    shown(source.name())
                )))
            }
            _ => Ok(()),
        }
    }

    fn open(
        &self,
        source: &Source,
        opening: &VideoConfig,
        format: &FrameFormat,
    ) -> Result<Opened, Failure> {
        let mut config = LiveConfig::default().with_opening(opening.clone());
        if let Some(seconds) = self.timeout {
            config = config.with_timeout(Duration::from_secs_f64(seconds));
        }
        if let Some(seconds) = self.reconnect {
            config = config.with_reconnect(Duration::from_secs_f64(seconds));
        }
        if let Some(attempts) = self.attempts {
            config = config.with_attempts(attempts as usize);
        }
        Ok(match source {
            Source::Path(path) => Opened::Video(opening.open(path)?),
            Source::Address(address) => Opened::Stream(config.open_address(address, format)?),
            Source::StandardInput if io::stdin().is_terminal() => {
                return Err(Failure::Other(
                    "standard input: found a terminal, expected a stream that a program or a file gives".to_string(),
                ));
            }
            Source::StandardInput => {
                Opened::Stream(config.open_reader("standard input", io::stdin(), format)?)
            }
        })
    }
}

/// Where nobody reads what is said any more, watching has come to its end.
fn while_read(watched: Result<(), Failure>) -> Result<(), Failure> {
    match watched {
        Err(Failure::NobodyReads) => Ok(()),
        ended => ended,
    }
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
