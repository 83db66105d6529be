//! What was found at a path.

use std::path::{Path, PathBuf};

use memae::data::format::shown;
use memae::detect::{Place, Verdict};

use crate::failure::Failure;
use crate::input::InputKind;
use crate::left_out::{GapFound, LeftOut, LeftOutFile, PassedOverIn};

/// What was found at a path.
pub(crate) enum Found {
    Scored(Scored),
    LeftOut(LeftOutFile),
    /// Where in a video frames are missing.
    Gap(GapFound),
    /// What of a folder is none of what is scored.
    PassedOver(PassedOverIn),
    /// What is to be said beside the verdicts.
    Remark(String),
}

/// A verdict on a sample.
#[derive(Debug)]
pub(crate) struct Scored {
    pub(crate) path: PathBuf,
    pub(crate) place: Place,
    pub(crate) verdict: Verdict,
}

/// What takes what was found, in order.
pub(crate) type Sink<'a> = &'a mut dyn FnMut(Found) -> Result<(), Failure>;

/// Whether a file is to be scored, as one that was found before may not be.
pub(crate) type Counts<'a> = &'a mut (dyn FnMut(&Path) -> Result<bool, Failure> + Send);

/// Every file counts, as often as it is found.
pub(crate) fn each(_: &Path) -> Result<bool, Failure> {
    Ok(true)
}

/// Why there is no verdict of anything at these paths by a detector of such a kind.
pub(crate) fn nothing_scored(paths: &[PathBuf], kind: InputKind, left_out: &LeftOut) -> Failure {
    let paths: Vec<String> = paths.iter().map(shown).collect();
    let (paths, kind) = (paths.join(", "), kind.name());
    Failure::Other(match left_out.count() {
        0 => format!(
            "{paths}: found nothing that a detector of {kind} scores, expected at least one sample{}",
            left_out
                .passed_over()
                .first()
                .map_or(String::new(), |what| format!(": {what}"))
        ),
        count => format!(
            "nothing could be scored by a detector of {kind}, {count} left out{}",
            left_out
                .first()
                .first()
                .map_or(String::new(), |why| format!(": {why}"))
        ),
    })
}
