//! What was found at a path.

use std::path::PathBuf;

use memae::detect::{Place, Verdict};

use crate::failure::Failure;
use crate::left_out::{LeftOut, LeftOutFile, PassedOverIn};

/// What was found at a path.
pub(crate) enum Found {
    Scored(Scored),
    LeftOut(LeftOutFile),
    /// What of a folder is none of what is scored.
    PassedOver(PassedOverIn),
}

/// A verdict on a sample.
#[derive(Debug)]
pub(crate) struct Scored {
    pub(crate) path: PathBuf,
    pub(crate) place: Place,
    pub(crate) verdict: Verdict,
}

/// A place in a stream where frames are missing.
pub(crate) struct GapFound {
    pub(crate) path: PathBuf,
    /// Frames that came before it.
    pub(crate) after: u64,
    /// Frames left out; `None` where nobody knows how many.
    pub(crate) left_out: Option<usize>,
    pub(crate) reason: String,
}

/// What takes what was found, in order.
pub(crate) type Sink<'a> = &'a mut dyn FnMut(Found) -> Result<(), Failure>;

pub(crate) fn nothing_scored(left_out: &LeftOut) -> Failure {
    let why = |text: &String| format!(": {text}");
    Failure::Other(match left_out.count() {
        0 => format!(
            "found nothing to score, expected at least one sample{}",
            left_out
                .passed_over()
                .first()
                .map_or(String::new(), |what| format!(": {what}"))
        ),
        count => format!(
            "nothing could be scored, {count} left out{}",
            left_out.first().first().map_or(String::new(), why)
        ),
    })
}
