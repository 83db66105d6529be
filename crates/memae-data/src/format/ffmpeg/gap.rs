use serde::{Deserialize, Serialize};

/// What becomes of a video file of which parts can't be decoded, or that is two recordings joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DamagePolicy {
    /// An error: what is scored is all that was recorded, as benchmarks need it.
    #[default]
    Refuse,
    /// What can't be decoded is left out and counted, and so is what depends on it, up to the next frame that depends on
    /// none before. No frame is guessed. Such a gap, and a seam of two recordings, lies between two clips, never within one.
    /// Joined files of MP4, AVI, FLV, GIF and ASF, of which FFmpeg gives the first recording alone or no seam, stay errors.
    /// Recordings are told apart by times that go back, and by a frame that can be decoded by itself and comes more than a
    /// second, and more than eight times as long as usual, after the one before it.
    ///
    /// The file is decoded once more to find its whole parts, and a damaged one a few times. For each part, as each recording of several
    /// is one, it is read from its beginning up to the end of the part, to see whether it can be decoded and again where it is decoded; more
    /// than 1,000 parts are an error. Needs FFmpeg 5.0 or later.
    LeaveOut,
}

/// A place in a video where frames are missing, or where another recording begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Gap {
    /// Frames that come before it: those of the video up to here, without what was left out.
    pub after: usize,
    /// Frames that were left out here, one for each packet of the file; 0 at a seam of two recordings, and where the file has lost
    /// them altogether.
    pub left_out: usize,
}
