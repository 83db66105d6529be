use std::time::Duration;

use super::super::frame::Frame;

/// What comes of a wait for the next frame of a stream.
#[derive(Debug)]
#[non_exhaustive]
pub enum Arrival {
    /// A frame.
    Frame(Frame),
    /// None came while it was waited for.
    Nothing,
    /// The frame that comes next does not follow the one that came last.
    Break(Break),
    /// The stream could not be reached, and is tried again.
    Unreachable {
        /// Why, in one line.
        reason: String,
        /// How long it is waited before.
        again_after: Duration,
    },
    /// No more will come.
    Ended,
}

/// A place where a stream broke off or is damaged.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Break {
    /// Frames that came before it.
    pub after: usize,
    /// Frames that are known to be left out; `None` where nobody can know how many.
    pub left_out: Option<usize>,
    /// What happened, in one line.
    pub reason: String,
}

/// The same, within this module: breaks are counted where all frames pass.
pub(super) enum Step {
    Frame(Frame),
    Nothing,
    Break {
        left_out: Option<usize>,
        reason: String,
    },
    Unreachable {
        reason: String,
        again_after: Duration,
    },
    Ended,
}
