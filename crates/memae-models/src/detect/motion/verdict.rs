use memae_data::encode::{CameraMotion, MotionLayout};
use memae_data::sample::PixelRectangle;

use super::map::motion_map;
use crate::detect::threshold::Verdict;

/// What a detector of motion says of one frame.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MotionVerdict {
    /// Number of the frame, counted from 0.
    pub frame: u64,
    /// How normal its motion is; `None` where it is not known: of the first frames, of the first after a gap, and of a
    /// [cut](Self::cut) and the first after it, as many as motion is a [mean over](MotionLayout::frames).
    pub score: Option<MotionScore>,
    /// Whether the frame does not continue the one before it: most of it is something else.
    pub cut: bool,
    /// How the picture moves as a whole. Where it is [the camera that moves](CameraMotion::moves), everything moves as nothing
    /// normal did, unless the camera did so in training.
    pub camera: CameraMotion,
}

/// How far from normal the motion in a frame is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MotionScore {
    /// The score of the frame, that of its worst place, and whether it is anomalous.
    pub verdict: Verdict,
    /// The worst place, in pixels of the frame as the detector brings it to its size.
    pub place: PixelRectangle,
    /// How far the query of each place is from what it read, `[rows, columns]` flattened, in heights of the frame a second, ≥ 0.
    pub distances: Vec<f32>,
}

impl MotionScore {
    /// The mean of the distances of the places that look at each pixel, `[height, width]` flattened, of the frame as the detector
    /// brings it to its size.
    ///
    /// # Panics
    ///
    /// Panics if the layout has other places.
    pub fn pixel_map(&self, layout: &MotionLayout) -> Vec<f32> {
        motion_map(&self.distances, layout)
    }
}
