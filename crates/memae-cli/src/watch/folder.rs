//! Pictures, as they are put into a folder.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use burn::tensor::Device;
use memae::data::format::shown;
use memae::detect::AnyDetector;

use super::arrivals::Arrivals;
use super::verdicts::Verdicts;
use crate::failure::Failure;
use crate::left_out::{LeftOutFile, PassedOverIn};
use crate::score::{Found, score_paths};

pub(super) fn watch(
    detector: &AnyDetector,
    folder: &Path,
    every: Duration,
    until_idle: Option<Duration>,
    device: &Device,
    stopped: &AtomicBool,
    verdicts: &mut Verdicts,
) -> Result<(), Failure> {
    if !folder.is_dir() {
        return Err(Failure::Other(format!(
            "{}: found no folder, expected one that new pictures are put into",
            shown(folder)
        )));
    }
    let mut arrivals = Arrivals::default();
    let mut last = Instant::now();
    while !stopped.load(Ordering::Relaxed) {
        let look = arrivals.look(folder);
        for (path, error) in look.unreadable {
            verdicts.write(&Found::LeftOut(LeftOutFile {
                path,
                reason: error.to_string(),
            }))?;
        }
        if let Some(what) = look.passed_over {
            let folder = folder.to_path_buf();
            verdicts.write(&Found::PassedOver(PassedOverIn { folder, what }))?;
        }
        if !look.whole.is_empty() {
            score_paths(detector, &look.whole, device, &mut |found| {
                verdicts.write(&found)
            })?;
        }
        if !look.whole.is_empty() || look.waiting {
            last = Instant::now();
        }
        if until_idle.is_some_and(|idle| last.elapsed() >= idle) {
            break;
        }
        std::thread::sleep(every);
    }
    Ok(())
}
