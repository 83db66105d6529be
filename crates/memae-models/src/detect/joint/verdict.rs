use memae_data::encode::CameraMotion;
use memae_data::sample::PixelRectangle;

use crate::detect::threshold::Verdict;

/// What a joint detector says after one frame.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct JointVerdict {
    /// Number of the frame that was taken, counted from 0.
    pub frame: u64,
    /// What is said of the frame whose clip it completes; `None` while there is none, and where motion is not known: of the first
    /// frames, of those after a gap, and of a [cut](Self::cut) and those after it.
    pub score: Option<JointScore>,
    /// Whether the frame does not continue the one before it: most of it is something else.
    pub cut: bool,
    /// How the picture moves as a whole.
    pub camera: CameraMotion,
}

/// How rare what is seen in a frame is among normal frames.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct JointScore {
    /// Number of the frame: some frames before the one that was taken, as the layout of clips says.
    pub frame: u64,
    /// The score that both come to, and whether it is anomalous.
    pub verdict: Verdict,
    /// How rare its appearance is ([`RarityScale`](super::RarityScale)).
    pub appearance: f64,
    /// How rare the motion in it is.
    pub motion: f64,
    /// The place whose motion is farthest from normal, in pixels of the frame as motion sees it.
    pub place: PixelRectangle,
}
