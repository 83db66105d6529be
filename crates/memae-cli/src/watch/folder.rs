//! Pictures, as they are put into a folder.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use burn::tensor::Device;
use memae::data::format::shown;
use memae::detect::AnyDetector;

use super::arrivals::Arrivals;
use super::verdicts::Verdicts;
use crate::failure::Failure;
use crate::left_out::{LeftOutFile, PassedOverIn};
use crate::score::{Found, each, score_paths};

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
    let mut unsettled = HashMap::new();
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
            for path in &look.whole {
                unsettled.remove(path);
            }
            score_paths(
                detector,
                &look.whole,
                device,
                &mut each,
                &mut |found| match found {
                    Found::LeftOut(file) => {
                        unsettled.insert(file.path.clone(), (Instant::now(), file));
                        Ok(())
                    }
                    found => verdicts.write(&found),
                },
            )?;
        }
        leave_out(&mut unsettled, SETTLED, verdicts)?;
        if !look.whole.is_empty() || look.waiting {
            last = Instant::now();
        }
        if until_idle.is_some_and(|idle| last.elapsed() >= idle) {
            break;
        }
        std::thread::sleep(every);
    }
    leave_out(&mut unsettled, Duration::ZERO, verdicts)
}

/// How long a picture that can't be read must stay as it is to be left out: before, it may be half written by a slow hand.
const SETTLED: Duration = Duration::from_secs(5);

/// Pictures that could not be read when they were looked at, and when that was.
type Unsettled = HashMap<PathBuf, (Instant, LeftOutFile)>;

/// Leaves out what has stayed as it is for so long, in the order of the names.
fn leave_out(
    unsettled: &mut Unsettled,
    after: Duration,
    verdicts: &mut Verdicts,
) -> Result<(), Failure> {
    let settled = unsettled.extract_if(|_, (since, _)| since.elapsed() >= after);
    let mut settled: Vec<LeftOutFile> = settled.map(|(_, (_, file))| file).collect();
    settled.sort_by(|a, b| a.path.cmp(&b.path));
    settled
        .into_iter()
        .try_for_each(|file| verdicts.write(&Found::LeftOut(file)))
}
