//! Frames of a stream, as they arrive.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use memae::data::sample::{Arrival, LiveVideo};

use super::frames::Frames;
use crate::failure::Failure;
use crate::print::note;

/// How long a frame is waited for before it is looked whether to end.
const WAIT: Duration = Duration::from_millis(100);

/// How a stream is watched.
pub(super) struct Watching<'a> {
    pub(super) until_idle: Option<Duration>,
    pub(super) quiet: bool,
    pub(super) stopped: &'a AtomicBool,
}

pub(super) fn watch(
    mut video: LiveVideo,
    mut frames: Frames<'_>,
    watching: &Watching<'_>,
) -> Result<(), Failure> {
    let mut last = Instant::now();
    let mut unreachable = None;
    while !watching.stopped.load(Ordering::Relaxed) {
        match video.next(WAIT) {
            Ok(Arrival::Frame(frame)) => {
                last = Instant::now();
                frames.push(&frame)?;
            }
            Ok(Arrival::Break(_)) | Err(_) if stops(watching.stopped) => break,
            Ok(Arrival::Break(found)) => frames.gap(found.left_out, &found.reason)?,
            Ok(Arrival::Unreachable {
                reason,
                again_after,
            }) => {
                if !watching.quiet {
                    let (path, seconds) = (video.path().display(), again_after.as_secs_f64());
                    note(format_args!("{path}: {reason}; tried again in {seconds} s"));
                }
                unreachable = Some(reason);
            }
            Ok(Arrival::Ended) => break,
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        let idle = watching.until_idle;
        match idle.is_some_and(|idle| last.elapsed() >= idle) {
            true if frames.count() == 0 => {
                let why = unreachable.unwrap_or_else(|| "found no frame".to_string());
                return Err(Failure::Other(format!(
                    "{}: {why}, expected a stream that gives some",
                    video.path().display()
                )));
            }
            true => break,
            false => {}
        }
    }
    Ok(())
}

/// Whether Ctrl-C is why a stream broke off: the programs that decode get it as well, and may be the first to end.
fn stops(stopped: &AtomicBool) -> bool {
    let until = Instant::now() + WAIT;
    while !stopped.load(Ordering::Relaxed) && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(5));
    }
    stopped.load(Ordering::Relaxed)
}
